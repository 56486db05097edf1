"""Every trial as one line across its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.axes import Axis, place, value_window
from sweeper.analysis.columns import Bools, Floats, TrialTable
from sweeper.analysis.thinning import thin
from sweeper.records import RunState

MOST_LINES = 400


class ParallelCoordinates(NamedTuple):
    """``at`` is lines x axes, 0 to 1, NaN where a parameter is not set; the last axis is the value.

    ``rank`` is 0 for the best trial and 1 for the worst; ``top`` marks the best tenth. Lines come the worst first, so
    that the best are drawn over the others. ``total`` trials have a value.
    """

    axes: tuple[Axis, ...]
    at: Floats
    rank: Floats
    top: Bools
    total: int


def parallel_coordinates(table: TrialTable, names: Sequence[str], goal: int = 0) -> ParallelCoordinates:
    """Lay the trials with a value across ``names`` and the value."""
    usable = (table.state == RunState.COMPLETE) | (table.state == RunState.PRUNED)
    usable &= np.isfinite(table.values[:, goal])
    losses, values = table.losses(goal)[usable], table.values[usable, goal]
    behind = table.state[usable] == RunState.PRUNED
    order = np.lexsort((losses, behind))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) / max(len(order) - 1, 1)
    placed = [place(table, name, usable) for name in names]
    low, high, _ = value_window(values, table.goals[goal].sign)
    axis = Axis(table.goals[goal].name, low, high)
    at = np.stack([*(p.at for p in placed), np.clip(axis.at(values), 0, 1)], axis=1)
    kept = thin(rank, MOST_LINES)
    kept = kept[np.argsort(-rank[kept], kind="stable")]
    top = rank <= max(0.1, 1.0 / max(len(rank), 1))
    return ParallelCoordinates((*(p.axis for p in placed), axis), at[kept], rank[kept], top[kept], len(order))
