"""One parameter against the value: where it was tried, and how good that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.axes import Axis, ValueAxis, place, value_axis
from sweeper.analysis.best import best_row
from sweeper.analysis.columns import Bools, Floats, TrialTable
from sweeper.analysis.thinning import thin
from sweeper.records import RunState

MOST_POINTS = 1500


class Slice(NamedTuple):
    """Trials along one parameter. ``at`` is the place on ``axis``, ``height`` that on the value axis, both 0 to 1.

    A value beyond its axis has the height of the end, and is marked in ``beyond``. ``age`` is 0 for the first trial of
    the sweep and 1 for the last; ``best`` is the place of the best trial, or None. ``total`` trials have the parameter
    and a value, and are here unless there are too many.
    """

    axis: Axis
    values: ValueAxis
    at: Floats
    height: Floats
    beyond: Bools
    age: Floats
    best: int | None
    total: int


def slices(table: TrialTable, names: Sequence[str], goal: int = 0) -> list[Slice]:
    """Return one slice for each of ``names``, all with the same value axis; without trials an empty one."""
    usable = (table.state == RunState.COMPLETE) | (table.state == RunState.PRUNED)
    usable &= ~np.isnan(table.values[:, goal])
    values = value_axis(table.goals[goal], table.values[usable, goal])
    return [_slice(table, name, goal, usable, values) for name in names]


def _slice(table: TrialTable, name: str, goal: int, usable: Bools, values: ValueAxis) -> Slice:
    rows = np.flatnonzero(usable & table.active[name])
    axis, at = place(table, name, usable & table.active[name])
    value = table.values[rows, goal]
    placed = np.flatnonzero(~np.isnan(at))
    kept = placed[thin(table.goals[goal].sign * value[placed], MOST_POINTS)]
    marked = np.flatnonzero(rows[kept] == best_row(table, goal))
    return Slice(
        axis=axis,
        values=values,
        at=at[kept],
        height=np.clip(values.axis.at(value[kept]), 0, 1),
        beyond=~values.inside(value[kept]),
        age=rows[kept] / max(len(table) - 1, 1),
        best=int(marked[0]) if len(marked) else None,
        total=len(placed),
    )
