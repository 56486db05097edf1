"""A judged parameter as a recommendation: its new range, and why, in one sentence."""

from __future__ import annotations

import math

import numpy as np

from sweeper.analysis.numbers import count, number, value_text
from sweeper.analysis.ranges.candidate import Candidate
from sweeper.analysis.ranges.edges import Edge, edges, outside
from sweeper.analysis.ranges.evidence import Evidence, bounds, value_at
from sweeper.analysis.ranges.focus import focus
from sweeper.analysis.ranges.recommendation import Action, Recommendation
from sweeper.errors import SpaceError
from sweeper.space import Int, Parameter


def put(made: Candidate) -> Recommendation:
    """Return the recommendation, the bounds rounded outwards to two digits."""
    evidence = made.evidence
    moved = {edge.side: edge for edge in (*edges(evidence), *outside(evidence)) if edge.to is not None}
    parameter, shrunk = _shrunk(made, moved)
    parameter = _extended(parameter, moved)
    extended = bool(moved) and parameter != evidence.base
    action: Action = "keep"
    if shrunk and parameter != evidence.base:
        action = "move" if extended else "shrink"
    elif extended:
        action = "extend"
    coverage, regret = _left_out(made)
    return Recommendation(
        name=evidence.name,
        action=action,
        parameter=parameter if action != "keep" else evidence.base,
        declared=evidence.base,
        sweeps=len(made.lanes),
        trials=sum(len(lane.rank) for lane in made.lanes),
        reason=_reason(made, action, parameter, moved),
        share=_share(evidence, parameter) if action != "keep" else 1.0,
        coverage=coverage,
        regret=regret,
        focus=focus(evidence),
    )


def _shrunk(made: Candidate, moved: dict[str, Edge]) -> tuple[Parameter, bool]:
    """The base without what is cut off; an end that is to be moved out is not cut."""
    evidence = made.evidence
    if not made.shrunk:
        return evidence.base, False
    try:
        if evidence.choices:
            pairs = zip(evidence.choices, made.region.keep, strict=True)
            keep = [choice for choice, stays in pairs if stays and evidence.base.contains(choice)]
            return (evidence.base.narrow(values=keep), True) if keep else (evidence.base, False)
        low, high = made.region.low, made.region.high
        start = None if low <= evidence.span[0] or "low" in moved else _round(evidence, low, -1)
        end = None if high >= evidence.span[1] or "high" in moved else _round(evidence, high, 1)
        if start is None and end is None:
            return evidence.base, False
        return evidence.base.narrow(start, end), True
    except SpaceError:
        return evidence.base, False  # nothing of its steps is left there


def _extended(parameter: Parameter, moved: dict[str, Edge]) -> Parameter:
    if not moved:
        return parameter
    try:
        return parameter.narrow(
            moved["low"].to if "low" in moved else None, moved["high"].to if "high" in moved else None
        )
    except SpaceError:
        return parameter


def _round(evidence: Evidence, place: float, sign: int) -> float:
    """The value at ``place``, rounded outwards: two digits on a log axis, a hundredth of the range else."""
    value = value_at(evidence.axis, place)
    if isinstance(evidence.base, Int):
        return float(math.floor(value + 1e-9) if sign < 0 else math.ceil(value - 1e-9))
    size = abs(value) if evidence.axis.log else bounds(evidence.base)[1] - bounds(evidence.base)[0]
    if not math.isfinite(size) or size <= 0:
        return value
    digits = 1 - math.floor(math.log10(size))
    scaled = value * 10.0**digits
    if not math.isfinite(scaled):
        return value
    rounded = math.floor(scaled + 1e-9) if sign < 0 else math.ceil(scaled - 1e-9)
    low, high = bounds(evidence.base)
    return min(max(float(f"{rounded / 10.0**digits:.12g}"), low), high)


def _share(evidence: Evidence, parameter: Parameter) -> float:
    """How large the new range is, of the declared one, on its axis."""
    if evidence.choices:
        return (parameter.size() or 1) / max(evidence.base.size() or 1, 1)
    low, high = evidence.axis.at(np.array(bounds(parameter)))
    size = evidence.span[1] - evidence.span[0]
    found = (high - low) / size if size > 0 else 1.0
    return float(found) if math.isfinite(found) else 1.0


def _left_out(made: Candidate) -> tuple[float | None, float | None]:
    """Coverage and regret of each sweep in the range that the others give."""
    covered, lost = [], []
    for lane in made.lanes:
        region = made.others(lane.table)
        covered.append(bool(region.holds(lane.bests).any()))
        losses = lane.losses[lane.finished]
        if len(losses) < 2:
            continue
        best, middle = float(losses.min()), float(np.median(losses))
        held = losses[region.holds(lane.at[lane.finished])]
        if math.isfinite(middle) and math.isfinite(best) and middle > best:
            lost.append((float(held.min()) - best) / (middle - best) if len(held) else 1.0)
    return (float(np.mean(covered)) if covered else None, float(np.mean(lost)) if lost else None)


def _reason(made: Candidate, action: str, parameter: Parameter, moved: dict[str, Edge]) -> str:
    evidence, used = made.evidence, count(len(made.lanes), "sweep")
    if action == "keep":
        return f"kept whole: {made.kept or 'what would be cut off is small, or was hardly tried'}"
    parts = []
    if made.shrunk and action in ("shrink", "move"):
        if evidence.choices:
            gone = [value_text(c) for c in evidence.choices if evidence.base.contains(c) and not parameter.contains(c)]
            verb = "was" if len(gone) == 1 else "were"
            parts.append(f"{', '.join(gone)} {verb} never among the best fifth of {used}")
        else:
            votes = f"{made.vote.votes} of {made.vote.voters} sweeps"
            each = "each" if len(made.lanes) < 10 else "nearly each"
            parts.append(
                f"values depend on it in {votes}, and 90 % of the good trials, with the best of {each} sweep, lie here"
            )
    for edge in moved.values():
        where = "lower" if edge.side == "low" else "upper"
        bound = bounds(evidence.base)[0 if edge.side == "low" else 1]
        if edge in outside(evidence):
            parts.append(f"{edge.at} of {edge.of} sweeps have their best beyond the {where} bound {number(bound)}")
        else:
            parts.append(f"the best of {edge.at} of {count(edge.of, 'sweep')} is at the {where} bound {number(bound)}")
    return "; ".join(parts)
