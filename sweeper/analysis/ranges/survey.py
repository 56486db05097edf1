"""Everything about the parameters of sweeps that belong together: where they searched, what was good, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sweeper.analysis.axes import choice_at
from sweeper.analysis.columns import Floats, TrialTable
from sweeper.analysis.ranges.density import shortest
from sweeper.analysis.ranges.evidence import Evidence, Lane, goal_place, value_at
from sweeper.analysis.ranges.flags import Flag, flags, mean_importance
from sweeper.analysis.ranges.recommend import in_age, judge
from sweeper.analysis.ranges.recommendation import Recommendation
from sweeper.analysis.ranges.wording import put

BINS = 24  #: of a density
CELLS = 5000  #: integers of an axis for which each has a cell of its own


@dataclass(frozen=True, eq=False)
class ParameterRange:
    """One parameter over all sweeps.

    ``tried`` and ``good`` are shares of the trials, and of the good ones, in ``BINS`` equal parts of the axis (of
    choices: one each), every sweep counting alike. ``explored`` and ``top`` are (low, high) of all and of the good
    trials (90 % of them); of choices those that occur. ``best`` is the value of each sweep's best trial, the oldest
    sweep first, None where it cannot be said.
    """

    evidence: Evidence
    tried: Floats
    good: Floats
    explored: tuple[Any, ...]
    top: tuple[Any, ...]
    best: tuple[Any, ...]
    flags: tuple[Flag, ...]
    recommendation: Recommendation

    @property
    def name(self) -> str:
        return self.evidence.name


def survey(tables: Sequence[TrialTable], *, metric: str | None = None) -> list[ParameterRange]:
    """Look at every parameter of sweeps that belong together, in any order."""
    ordered = in_age(tables)
    if not ordered:
        return []
    judged = judge(ordered, metric)
    shares = mean_importance(ordered, goal_place(ordered[-1], metric))
    found = []
    for made in judged.values():
        evidence = made.evidence
        found.append(
            ParameterRange(
                evidence=evidence,
                tried=_density(evidence, [lane.tried for lane in evidence.lanes]),
                good=_density(evidence, [lane.at[lane.top] for lane in evidence.lanes]),
                explored=_explored(evidence),
                top=_top(evidence),
                best=tuple(best_value(evidence, lane) for lane in evidence.lanes),
                flags=flags(made, shares),
                recommendation=put(made),
            )
        )
    return found


def best_value(evidence: Evidence, lane: Lane) -> Any:
    """Return the value in the best trial of a sweep; None without one."""
    if not len(lane.bests):
        return None
    row = int(lane.rows[np.argmin(lane.rank)])
    return lane.table.assigned[row].get(evidence.name)


def _density(evidence: Evidence, places: Sequence[Floats]) -> Floats:
    bins = len(evidence.choices) or BINS
    if evidence.axis.whole and evidence.axis.high - evidence.axis.low < CELLS:
        return _density_of_integers(evidence, places)
    held = np.zeros(bins)
    for at in places:
        if len(at):
            held += np.bincount(np.minimum((at * bins).astype(int), bins - 1), minlength=bins) / len(at)
    return held / held.sum() if held.any() else held


def _density_of_integers(evidence: Evidence, places: Sequence[Floats]) -> Floats:
    """Each integer takes its cell of the axis: bins that hold more integers than others are no denser."""
    axis = evidence.axis
    cells = np.arange(axis.low - 0.5, axis.high + 1.0)
    edges = np.log(cells) if axis.log else cells
    edges = (edges - edges[0]) / (edges[-1] - edges[0])
    held = np.zeros(len(cells) - 1)
    for at in places:
        if len(at):
            whole = [round(value_at(axis, float(place)) - axis.low) for place in np.unique(at)]
            counts = np.unique(at, return_counts=True)[1]
            held += np.bincount(whole, counts, minlength=len(held)) / len(at)
    if not held.any():
        return np.zeros(BINS)
    above = np.concatenate(([0.0], np.cumsum(held) / held.sum()))
    return np.diff(np.interp(np.linspace(0, 1, BINS + 1), edges, above))


def _explored(evidence: Evidence) -> tuple[Any, ...]:
    tried = np.concatenate([lane.tried for lane in evidence.lanes])
    if not len(tried):
        return ()
    if evidence.choices:
        return _choices_at(evidence, tried)
    return tuple(_value(evidence, place) for place in (tried.min(), tried.max()))


def _top(evidence: Evidence) -> tuple[Any, ...]:
    lanes = [lane for lane in evidence.lanes if lane.top.any()]
    if not lanes:
        return ()
    at = np.concatenate([lane.at[lane.top] for lane in lanes])
    if evidence.choices:
        return _choices_at(evidence, at)
    ends = shortest(at, np.concatenate([lane.weight for lane in lanes]), 0.9)
    return tuple(_value(evidence, place) for place in ends)


def _choices_at(evidence: Evidence, at: Floats) -> tuple[Any, ...]:
    amount = len(evidence.choices)
    return tuple(c for i, c in enumerate(evidence.choices) if np.isclose(at, choice_at(i, amount)).any())


def _value(evidence: Evidence, place: float) -> float | int:
    value = value_at(evidence.axis, float(place))
    return round(value) if evidence.axis.whole else float(f"{value:.6g}")
