"""When each trial ran, one lane for each that ran at the same time."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.columns import Floats, TrialTable


class Timeline(NamedTuple):
    """Bars from ``start`` to ``end`` in seconds since the first one began, in ``lane`` 0, 1, ...;."""

    start: Floats
    end: Floats
    lane: NDArray[np.int64]
    state: NDArray[np.str_]
    lanes: int
    seconds: float
    busy: float  #: share of lanes x seconds in which a trial ran


def timeline(table: TrialTable, now: float) -> Timeline:
    """Lay the trials that have started into as few lanes as there were running at once; running ones end ``now``."""
    rows = np.flatnonzero(~np.isnan(table.started))
    rows = rows[np.argsort(table.started[rows], kind="stable")]
    if not len(rows):
        return Timeline(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype="U16"), 0, 0.0, 0.0)
    start = table.started[rows]
    end = np.fmax(np.where(np.isnan(table.ended[rows]), max(now, float(start.max())), table.ended[rows]), start)
    lane = _lanes(start, end)
    origin, seconds = float(start.min()), float(end.max() - start.min())
    lanes = int(lane.max()) + 1
    busy = float((end - start).sum()) / (lanes * seconds) if seconds else 0.0
    return Timeline(start - origin, end - origin, lane, table.state[rows], lanes, seconds, busy)


def _lanes(start: Floats, end: Floats) -> NDArray[np.int64]:
    """Each bar takes the lowest lane that is free."""
    free: list[int] = []
    running: list[tuple[float, int]] = []
    lanes = np.zeros(len(start), dtype=np.int64)
    for i in range(len(start)):
        while running and running[0][0] <= start[i]:
            heapq.heappush(free, heapq.heappop(running)[1])
        lanes[i] = heapq.heappop(free) if free else len(running)
        heapq.heappush(running, (float(end[i]), int(lanes[i])))
    return lanes
