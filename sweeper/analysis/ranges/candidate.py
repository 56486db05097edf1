"""What one parameter could be shrunk to, also as each sweep would have found it without itself: leave one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sweeper.analysis.columns import Bools, TrialTable
from sweeper.analysis.ranges.evidence import Evidence, Lane, goal_place
from sweeper.analysis.ranges.gate import Vote, vote
from sweeper.analysis.ranges.region import Region, safe, whole

FEWEST_SWEEPS = 3  #: below, nothing is shrunk
FEWEST_TRIALS = 10  #: of a sweep with the parameter and a value; below, it is not used
FOLDS = 20  #: more sweeps than this are left out in groups
WITHIN = 0.05  #: of a sweep's trials: the range that the others give must hold one of these best
FAILING = 0.1  #: of the sweeps may find none there


@dataclass(frozen=True, eq=False)
class Candidate:
    """``region`` is what all ``lanes`` give, ``without[fold]`` what they give without the sweeps of that fold.

    ``kept`` says why the whole range stays, "" where it is shrunk.
    """

    evidence: Evidence
    lanes: tuple[Lane, ...]
    vote: Vote
    region: Region
    without: dict[int, Region]
    fold: dict[int, int]
    kept: str = ""

    @property
    def shrunk(self) -> bool:
        return not self.kept

    def others(self, table: TrialTable) -> Region:
        """Return what the sweeps of other folds than this one's give."""
        return self.without.get(self.fold[id(table)], self.region)

    def keep(self, reason: str) -> Candidate:
        return replace(self, region=whole(self.evidence), without={}, kept=reason)


def candidate(evidence: Evidence, fold: dict[int, int]) -> Candidate:
    """Judge one parameter. ``fold`` gives the group of each table by its identity."""
    lanes = tuple(lane for lane in evidence.lanes if lane.top.any() and len(lane.rank) >= FEWEST_TRIALS)
    asked = vote(lanes)
    made = Candidate(evidence, lanes, asked, whole(evidence), {}, fold)
    if reason := _reason(made):
        return made.keep(reason)
    region = safe(evidence, lanes)
    if region == whole(evidence):
        return made.keep("good trials lie all over it" if not evidence.choices else "each choice had good trials")
    groups = sorted({fold[id(lane.table)] for lane in lanes})
    without = {group: safe(evidence, [lane for lane in lanes if fold[id(lane.table)] != group]) for group in groups}
    made = replace(made, region=region, without=without)
    outside = sum(not made.others(lane.table).holds(lane.bests).any() for lane in lanes)
    if outside > FAILING * len(lanes):
        return made.keep(f"the best of {outside} of {len(lanes)} sweeps lies outside of what the others suggest")
    return made


def _reason(made: Candidate) -> str:
    """Why the range is kept before anything is computed, or ""."""
    evidence, used = made.evidence, len(made.lanes)
    if evidence.base.domain is None:
        return "it is fixed in the latest sweep"
    if used < FEWEST_SWEEPS:
        have = {0: "no sweep has", 1: "only 1 sweep has"}.get(used, f"only {used} sweeps have")
        return f"{have} enough trials, and fewer than {FEWEST_SWEEPS} never shrink a range"
    if not evidence.choices and not made.vote.passed:
        return f"values depend on it in only {made.vote.votes} of {made.vote.voters} sweeps"
    return ""


def checked(
    candidates: dict[str, Candidate], tables: Sequence[TrialTable], metric: str | None = None
) -> dict[str, Candidate]:
    """Keep parameters whole until, for nearly each sweep, the box that the others give holds one of its best trials.

    The parameter that hides the most is given up first.
    """
    made = dict(candidates)
    while shrunk := [name for name, each in made.items() if each.shrunk]:
        failing = [table for table in tables if not _found(table, [made[name] for name in shrunk], metric)]
        if len(failing) <= FAILING * len(tables):
            break
        freed = {name: sum(_found(table, [made[other] for other in shrunk if other != name], metric)
                           for table in failing) for name in shrunk}  # fmt: skip
        worst = max(shrunk, key=lambda name: (freed[name], -made[name].region.size))
        made[worst] = made[worst].keep("sweeps that were left out would have lost their best trials to a smaller one")
    return made


def inside(table: TrialTable, candidates: Sequence[Candidate]) -> Bools:
    """Return which trials of a sweep lie in the box that the sweeps of other folds give."""
    mask = np.ones(len(table), dtype=bool)
    for each in candidates:
        for lane in each.lanes:
            if lane.table is table:
                mask[lane.rows] &= each.others(table).holds(lane.at)
    return mask


def _found(table: TrialTable, candidates: Sequence[Candidate], metric: str | None) -> bool:
    rows = np.flatnonzero(table.complete)
    if not len(rows) or not candidates:
        return True
    losses = table.losses(goal_place(table, metric))[rows]
    good = np.sort(losses)[max(int(np.ceil(WITHIN * len(rows))) - 1, 0)]
    return bool((inside(table, candidates)[rows] & (losses <= good)).any())
