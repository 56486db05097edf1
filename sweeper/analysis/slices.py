"""One parameter against the value: where it was tried, and how good that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.axes import Axis, place, value_window
from sweeper.analysis.best import best_row
from sweeper.analysis.columns import Floats, TrialTable
from sweeper.analysis.thinning import thin
from sweeper.records import RunState

MOST_POINTS = 1500


class Slice(NamedTuple):
    """Trials along one parameter. ``at`` is the place on ``axis``, 0 to 1; ``age`` is 0 for the first trial,
    1 for the last.

    ``best`` is the place of the best trial, or None. ``total`` trials have the parameter and a value; ``outside`` of
    them lie beyond ``low`` and ``high``.
    """

    axis: Axis
    at: Floats
    value: Floats
    age: Floats
    best: int | None
    total: int
    outside: int
    low: float
    high: float
    goal: str


def slices(table: TrialTable, names: Sequence[str], goal: int = 0) -> list[Slice]:
    """Return one slice for each of ``names``, all with the same value axis; without trials an empty one."""
    usable = ((table.state == RunState.COMPLETE) | (table.state == RunState.PRUNED)) & ~np.isnan(table.values[:, goal])
    low, high, _ = value_window(table.values[usable, goal], table.goals[goal].sign)
    return [_slice(table, name, goal, usable, low, high) for name in names]


def _slice(table: TrialTable, name: str, goal: int, usable: NDArray[np.bool_], low: float, high: float) -> Slice:
    rows = usable & table.active[name]
    axis, at = place(table, name, rows)
    value = table.values[rows, goal]
    age = np.flatnonzero(rows) / max(len(table) - 1, 1)
    inside = (value >= low) & (value <= high) & ~np.isnan(at)
    kept = np.flatnonzero(inside)
    kept = kept[thin(table.goals[goal].sign * value[kept], MOST_POINTS)]
    best = best_row(table, goal)
    found = None if best is None else np.flatnonzero(np.flatnonzero(rows)[kept] == best)
    marked = int(found[0]) if found is not None and len(found) else None
    total = int(rows.sum())
    return Slice(
        axis, at[kept], value[kept], age[kept], marked, total, total - int(inside.sum()), low, high,
        table.goals[goal].name,
    )  # fmt: skip
