"""What a person should know about a parameter before believing a range."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from sweeper.analysis.axes import choice_at
from sweeper.analysis.columns import TrialTable
from sweeper.analysis.importance import importance
from sweeper.analysis.numbers import number, value_text
from sweeper.analysis.ranges.candidate import FEWEST_SWEEPS, Candidate
from sweeper.analysis.ranges.density import shortest
from sweeper.analysis.ranges.edges import edges, outside
from sweeper.analysis.ranges.evidence import Evidence, Lane, bounds, value_at
from sweeper.analysis.ranges.gate import p_value

GAP = 0.2  #: of the declared range without a single trial
FEWEST = 15  #: trials before a gap is more than chance
SURE = 0.05  #: p-value below which a sweep clearly has its good trials elsewhere
JUDGED = 10  #: sweeps, the latest, whose importance is looked at, and that are compared with one another
ENOUGH = 2000  #: trials of them in all: more tell no more
MOST = 10_000  #: trials of one sweep that are looked at for importance
SMALL = 0.3  #: of an equal share of the importance; a parameter below it does not matter


class Flag(NamedTuple):
    """``kind`` is "edge", "unexplored", "unimportant", "conflict" or "kinds"; ``text`` says it in words."""

    kind: str
    text: str


def flags(made: Candidate, shares: dict[str, float]) -> tuple[Flag, ...]:
    """Return the flags of one parameter. ``shares`` are those of :func:`mean_importance`."""
    evidence = made.evidence
    found = [*_edges(evidence), *_unexplored(evidence), *_conflict(evidence)]
    small = shares.get(evidence.name, 1.0) < SMALL / max(len(shares), 1)
    if small and made.vote.voters >= FEWEST_SWEEPS and made.vote.votes < made.vote.voters / 2:
        found.append(Flag("unimportant", "never mattered"))
    return (*found, *(Flag("kinds", note) for note in evidence.notes))


def mean_importance(tables: Sequence[TrialTable], goal: int = 0) -> dict[str, float]:
    """Return the importance of each parameter for reaching the good trials, averaged over the latest sweeps.

    PED-ANOVA (Watanabe et al., 2023): alone it is uncertain, its mean over sweeps is not.
    """
    held: dict[str, list[float]] = {}
    trials = 0
    for table in reversed(tables[-JUDGED:]):
        trials += len(table)
        if held and trials > ENOUGH:
            break
        judged = importance(_sampled(table), goal=min(goal, len(table.goals) - 1), method="ped-anova")
        for parameter in judged.parameters:
            if parameter.good is not None:
                held.setdefault(parameter.name, []).append(parameter.good.value)
    return {name: float(np.mean(values)) for name, values in held.items()}


def _sampled(table: TrialTable) -> TrialTable:
    """An even sample of a sweep with more trials than tell anything new."""
    if len(table) <= MOST:
        return table
    chosen = np.zeros(len(table), dtype=bool)
    chosen[np.arange(MOST) * len(table) // MOST] = True
    return table.only(chosen)


def _edges(evidence: Evidence) -> list[Flag]:
    found = []
    for edge in edges(evidence):
        bound = number(bounds(evidence.base)[0 if edge.side == "low" else 1])
        among = "the best" if edge.of == 1 else f"the best of {edge.at} of {edge.of} sweeps"
        then = f"extend to {number(edge.to)}" if edge.to is not None else f"not extended: {edge.why}"
        found.append(Flag("edge", f"{among} at the {'lower' if edge.side == 'low' else 'upper'} edge {bound}: {then}"))
    for edge in outside(evidence):
        bound = number(bounds(evidence.base)[0 if edge.side == "low" else 1])
        found.append(Flag("conflict", f"{edge.at} of {edge.of} sweeps have their best beyond {bound}"))
    return found


def _unexplored(evidence: Evidence) -> list[Flag]:
    """Parts of what the latest sweep declares that no sweep has tried."""
    if evidence.base.domain is None:
        return []
    everything = np.concatenate([lane.tried for lane in evidence.lanes])
    if len(everything) < FEWEST:
        return []
    tried = np.unique(everything)
    if evidence.choices:
        never = [
            value_text(choice)
            for i, choice in enumerate(evidence.choices)
            if evidence.base.contains(choice) and not np.isclose(tried, choice_at(i, len(evidence.choices))).any()
        ]
        return [Flag("unexplored", f"never tried: {', '.join(never)}")] if never else []
    low, high = evidence.span
    places = np.r_[low, tried[(tried > low) & (tried < high)], high]
    sizes = np.diff(places)
    if not len(sizes) or high <= low:
        return []
    place = int(np.argmax(sizes))
    start, end = value_at(evidence.axis, places[place]), value_at(evidence.axis, places[place + 1])
    if sizes[place] < GAP * (high - low) or (evidence.axis.whole and end - start < 2):
        return []
    return [
        Flag("unexplored", f"nothing tried in {number(_plain(evidence, start))} .. {number(_plain(evidence, end))}")
    ]


def _plain(evidence: Evidence, value: float) -> float:
    return round(value) if evidence.axis.whole else value


def _conflict(evidence: Evidence) -> list[Flag]:
    """Two sweeps that each clearly have their good trials somewhere, but in places that do not meet."""
    sure = [lane for lane in evidence.lanes if p_value(lane.at[lane.top], lane.at[~lane.top]) < SURE]
    for one, other in combinations(sure[-JUDGED:], 2):
        here, there = _core(evidence, one), _core(evidence, other)
        apart = not (here & there) if evidence.choices else max(min(here), min(there)) > min(max(here), max(there))
        if here and there and apart:
            text = f"{one.sweep.name} {one.sweep.id[-8:]} and {other.sweep.name} {other.sweep.id[-8:]} disagree"
            return [Flag("conflict", f"{text}: good in {_told(evidence, here)}, and in {_told(evidence, there)}")]
    return []


def _core(evidence: Evidence, lane: Lane) -> set[float]:
    """The choices that hold most of a sweep's good trials, or the two ends of where they lie."""
    at, weight = lane.at[lane.top], lane.weight
    if evidence.choices:
        places = np.unique(at)
        return {float(place) for place in places if weight[at == place].sum() >= 0.2}
    return set(shortest(at, weight, 0.8))


def _told(evidence: Evidence, core: set[float]) -> str:
    if evidence.choices:
        amount = len(evidence.choices)
        return " or ".join(value_text(evidence.choices[int(place * amount)]) for place in sorted(core))
    low, high = (number(_plain(evidence, value_at(evidence.axis, place))) for place in (min(core), max(core)))
    return low if low == high else f"{low} .. {high}"
