"""The safe interval of a number: where the good trials of several sweeps lie, and the best of nearly each sweep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sweeper.analysis.columns import Floats
from sweeper.analysis.ranges.density import shortest
from sweeper.analysis.ranges.evidence import Lane

MASS = 0.9  #: of the good trials, by weight
MISSED = 0.1  #: of the sweeps may have their best outside
MARGIN = 0.05  #: of the axis, added at each end
LEAST = 0.1  #: of the declared range; a smaller piece is not cut off
TRIED = 2  #: trials in the piece, in each of at least three sweeps, before it is cut off
SWEEPS = 3  #: fewest sweeps for anything to be cut off

Interval = tuple[float, float]  #: places on the axis


def interval(lanes: Sequence[Lane], span: Interval) -> Interval:
    """Return the part of ``span`` to keep. Pieces that too few sweeps have tried stay."""
    usable = [lane for lane in lanes if lane.top.any()]
    if not usable:
        return span
    at = np.concatenate([lane.at[lane.top] for lane in usable])
    low, high = shortest(at, np.concatenate([lane.weight for lane in usable]), MASS)
    low, high = _with_bests(usable, low, high)
    low, high = low - MARGIN, high + MARGIN
    size = max(span[1] - span[0], 1e-12)
    tried, fewest = [lane.tried for lane in lanes], min(SWEEPS, len(lanes))  # two, where one of three is left out
    if low - span[0] < LEAST * size or _sweeps_that_tried(tried, span[0], low) < fewest:
        low = span[0]
    if span[1] - high < LEAST * size or _sweeps_that_tried(tried, high, span[1]) < fewest:
        high = span[1]
    return (max(low, span[0]), min(high, span[1])) if low < high else span


def _with_bests(lanes: Sequence[Lane], low: float, high: float) -> Interval:
    """Widen to hold each sweep's best (of equals the nearest), leaving out the farthest tenth of them."""
    bests = np.array([lane.bests[np.argmin(_beyond(lane.bests, low, high))] for lane in lanes])
    kept = bests[np.argsort(_beyond(bests, low, high), kind="stable")][: len(bests) - int(MISSED * len(bests))]
    return (min(low, float(kept.min())), max(high, float(kept.max()))) if len(kept) else (low, high)


def _beyond(at: Floats, low: float, high: float) -> Floats:
    return np.maximum(low - at, at - high)


def _sweeps_that_tried(tried: Sequence[Floats], low: float, high: float) -> int:
    return sum(int(((at >= low) & (at < high) | (at > low) & (at <= high)).sum() >= TRIED) for at in tried)
