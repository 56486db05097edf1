"""Every trial as one line across its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.axes import Axis, place, value_axis
from sweeper.analysis.best import pareto_front
from sweeper.analysis.columns import Bools, Floats, TrialTable
from sweeper.analysis.thinning import thin
from sweeper.records import RunState

MOST_LINES = 400


class ParallelCoordinates(NamedTuple):
    """``at`` is lines x axes, 0 to 1, NaN where a parameter is not set; the last ``goals`` axes are values.

    ``rank`` is 0 for the best trial and 1 for the worst. ``top`` marks the best tenth; with several goals the rank is
    by the first, and ``top`` marks the Pareto front. Lines come the worst first, so that the best are drawn last.
    ``total`` trials have a value.
    """

    axes: tuple[Axis, ...]
    goals: int
    at: Floats
    rank: Floats
    top: Bools
    total: int


def parallel_coordinates(table: TrialTable, names: Sequence[str]) -> ParallelCoordinates:
    """Lay the trials with a value across ``names`` and their values."""
    usable = (table.state == RunState.COMPLETE) | (table.state == RunState.PRUNED)
    usable &= np.isfinite(table.values).all(axis=1)
    losses = np.array([goal.sign for goal in table.goals]) * table.values[usable]
    order = np.lexsort((losses[:, 0], table.state[usable] == RunState.PRUNED))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) / max(len(order) - 1, 1)
    placed = [place(table, name, usable) for name in names]
    values = [value_axis(goal, table.values[usable, i]).axis for i, goal in enumerate(table.goals)]
    heights = [np.clip(axis.at(table.values[usable, i]), 0, 1) for i, axis in enumerate(values)]
    at = np.stack([*(p.at for p in placed), *heights], axis=1)
    top = rank <= 0.1
    if len(table.goals) > 1:
        top[:] = False
        top[pareto_front(losses)] = True
    kept = thin(np.where(top, -1.0, rank), MOST_LINES)
    kept = kept[np.lexsort((-rank[kept], top[kept]))]
    axes = (*(p.axis for p in placed), *values)
    return ParallelCoordinates(axes, len(values), at[kept], rank[kept], top[kept], len(order))
