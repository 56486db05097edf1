"""Where the best values press against a bound: which bounds to move out, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.ranges.evidence import Evidence, Lane, value_at
from sweeper.analysis.ranges.gate import VOTE, p_value
from sweeper.errors import SpaceError
from sweeper.space import Float, Int, Parameter, Quantized

NEAR = 0.05  #: of the declared range: a best value closer to a bound than this lies at the edge
OUTER = 0.25  #: of the range; the good trials must crowd in it ...
CROWD = 0.45  #: ... with this share of them, before a bound is moved
FURTHER = 0.25  #: of the range, on its axis, by which a bound is moved out


class Edge(NamedTuple):
    """``at`` of ``of`` sweeps that reach this bound have their best there. ``to`` is the bound to take, None to stay;
    ``why`` says why it stays."""

    side: str  #: "low" or "high"
    at: int
    of: int
    to: float | None = None
    why: str = ""


def edges(evidence: Evidence) -> list[Edge]:
    """Return the bounds at which at least half of the sweeps that reach them have their best value."""
    if evidence.choices or evidence.base.domain is None or not isinstance(evidence.base, (Float, Int, Quantized)):
        return []
    low, high = evidence.span
    size = high - low
    found = []
    for side, bound in (("low", low), ("high", high)):
        reaching = [lane for lane in evidence.lanes if len(lane.bests) and _reaches(lane, side, bound)]
        at = [lane for lane in reaching if bool((np.abs(lane.bests - bound) <= NEAR * size).all())]
        if size <= 0 or not at or len(at) < 0.5 * len(reaching):
            continue
        edge = Edge(side, len(at), len(reaching))
        found.append(edge._replace(why="good trials lie elsewhere too") if not _crowded(reaching, side, bound, size)
                     else _moved(evidence, edge, bound))  # fmt: skip
    return found


def outside(evidence: Evidence) -> list[Edge]:
    """Return the bounds beyond which most other sweeps have their best: the latest sweep does not reach there."""
    if evidence.choices or evidence.base.domain is None:
        return []
    low, high = evidence.span
    having = [lane for lane in evidence.lanes if len(lane.bests)]
    lows = [lane.bests.max() for lane in having if lane.bests.max() < low - 1e-9]
    highs = [lane.bests.min() for lane in having if lane.bests.min() > high + 1e-9]
    found = []
    for side, beyond in (("low", lows), ("high", highs)):
        if len(beyond) >= 2 and len(beyond) >= 0.5 * len(having):
            place = float(min(beyond) if side == "low" else max(beyond))
            found.append(Edge(side, len(beyond), len(having), value_at(evidence.axis, place)))
    return found


def _reaches(lane: Lane, side: str, bound: float) -> bool:
    return abs(lane.span[0 if side == "low" else 1] - bound) <= 0.02


def _crowded(lanes: Sequence[Lane], side: str, bound: float, size: float) -> bool:
    """Do the good trials of these sweeps press against the bound, and are they elsewhere than the others?"""
    at = np.concatenate([lane.at[lane.top] for lane in lanes])
    weight = np.concatenate([lane.weight for lane in lanes])
    near = np.abs(at - bound) <= OUTER * size
    shows = [p_value(lane.at[lane.top], lane.at[~lane.top]) < VOTE for lane in lanes]
    return bool(weight[near].sum() >= CROWD * weight.sum() and np.mean(shows) >= 0.5)


def _moved(evidence: Evidence, edge: Edge, bound: float) -> Edge:
    base, axis = evidence.base, evidence.axis
    size = evidence.span[1] - evidence.span[0]
    if why := _natural(base, edge.side):
        return edge._replace(why=why)
    sign = -1 if edge.side == "low" else 1
    value = value_at(axis, bound + sign * FURTHER * size)
    assert isinstance(base, (Float, Int, Quantized))
    if edge.side == "low" and base.low > 0:
        value = max(value, base.low / 2, 1.0 if isinstance(base, Int) else 0.0)
    whole = isinstance(base, Int)
    value = float(round(value)) if whole else float(f"{value:.2g}")
    inward = value >= base.low if edge.side == "low" else value <= base.high
    if inward:
        return edge._replace(why="it cannot go further")
    try:
        base.narrow(*((value, None) if edge.side == "low" else (None, value)))
    except (SpaceError, OverflowError):
        return edge._replace(why="it cannot go further")
    return edge._replace(to=value)


def _natural(base: Parameter, side: str) -> str:
    """Why a bound may be one of nature, not of the file; "" when it may be moved."""
    low, high = getattr(base, "low", -1.0), getattr(base, "high", 2.0)
    if side == "low" and low == 0:
        return "0 is likely to be a natural limit"
    if side == "low" and isinstance(base, Int) and low == 1:
        return "1 is likely to be a natural limit"
    if side == "high" and isinstance(base, Float) and high == 1 and low >= 0:
        return "1 is likely to be a natural limit"
    return ""
