"""How much each parameter matters: over its whole range, and for reaching the best trials.

The default is functional ANOVA on ranked values. Raw values would let a few diverged trials decide; ranks are taken
over the space (:func:`sweeper.analysis.estimators.space_ranks`). Every number has a 90 % interval over bootstrap
resamples; on complete tables of real training runs fANOVA's covers the truth in nine of ten cases
(``benchmarks/importance_quality.py``). A conditional parameter is judged among the trials in which it was active, and
counts with their share. Constraints are not looked at: the range is the whole box.

One short sweep is a poor witness. Where earlier sweeps of the same objective are given, a parameter's place in the
order is by the mean of its share here and its mean share in those.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.columns import Bools, Floats, TrialTable
from sweeper.analysis.earlier import with_gains, with_past
from sweeper.analysis.estimators import ESTIMATORS, LARGEST, RESAMPLES, Answers, Question, space_ranks
from sweeper.analysis.interactions import Pair, partners
from sweeper.analysis.verdicts import LEVEL, Importance, ParameterImportance, Partner, Share
from sweeper.errors import NotFound
from sweeper.records import RunState
from sweeper.space import Categorical

__all__ = ["Importance", "ParameterImportance", "Share", "importance"]

FEWEST = 10  #: trials below which nothing is said
TOP = 0.2  #: the share of trials that are called good


def importance(
    table: TrialTable, *, goal: int = 0, method: str = "fanova", past: Sequence[TrialTable] = ()
) -> Importance:
    """Judge the parameters of a sweep for one of its goals (by its place).

    ``method`` is "fanova", "ped-anova" (speaks of the good region only) or "mdi". ``past`` are earlier sweeps, the
    latest first (:func:`sweeper.analysis.past.past_tables`); those that lack the goal are left out. The same tables
    give the same numbers. Raises NotFound for another method.
    """
    if method not in ESTIMATORS:
        raise NotFound("importance method", method, ESTIMATORS)
    rows, ranks = _ranked(table, goal)
    pruned = int((table.state[rows] == RunState.PRUNED).sum())
    constant = tuple(name for name in table.parameters if name not in table.searched)
    result = Importance(
        table.goals[goal].name, method, len(rows), pruned, RESAMPLES, min(len(rows), LARGEST), constant=constant
    )
    if reason := _reason(table, rows, ranks):
        return replace(result, reason=reason)
    judged, notes = _judge(table, rows, ranks, method)
    mine = (table.goals[goal].name, table.goals[goal].direction)
    places = [[(one.name, one.direction) for one in other.goals] for other in past]
    alike = [(other, place.index(mine)) for other, place in zip(past, places, strict=True) if mine in place]
    found = [importance(other, goal=place, method=method) for other, place in alike]
    earlier = [other for other in found if other.parameters]
    judged = with_past(judged, earlier)
    if alike and method == "fanova":
        inputs, levels = _inputs(table, rows, _branches(table, rows)[0], ())
        judged = with_gains(judged, table, goal, (rows, ranks), (inputs, levels), *alike[0])
    return replace(result, parameters=tuple(_order(judged)), notes=tuple(notes), past=len(earlier))


def _ranked(table: TrialTable, goal: int) -> tuple[NDArray[np.intp], Floats]:
    """The rows that can be judged, and their mid-ranks in (0, 1): complete ones first, then pruned ones."""
    losses = table.losses(goal)
    behind = (table.state == RunState.PRUNED) & ~np.isnan(losses) & (len(table.goals) == 1)
    rows = np.flatnonzero(table.complete | behind)
    pairs = np.stack((behind[rows].astype(float), losses[rows]), axis=1)
    _, group, sizes = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    middles = np.cumsum(sizes) - sizes / 2
    return rows, np.asarray(middles[group.ravel()] / max(len(rows), 1), dtype=float)


def _reason(table: TrialTable, rows: NDArray[np.intp], ranks: Floats) -> str:
    """Why nothing can be said, or ""."""
    names = [name for name in table.searched if table.active[name][rows].any()]
    always = [name for name in table.searched if table.active[name][rows].all()]
    fewest = max(FEWEST, 2 * len(always))
    if not table.searched:
        return "Every parameter is constant, so there is nothing to compare."
    if len(rows) < fewest:
        have = {0: "there is none", 1: "there is 1"}.get(len(rows), f"there are {len(rows)}")
        return f"Importance needs at least {fewest} trials with a value for {_count(len(always))}; {have}."
    if ranks.min() == ranks.max():
        return "All trials have the same value, so no parameter can be said to matter."
    if not always:
        return "No parameter was active in every trial, so there is no range to compare over."
    if len(names) == 1:
        return f"Only one parameter, {names[0]}, was searched, so there is nothing to compare it with."
    return ""


def _count(parameters: int) -> str:
    return f"{parameters} parameter" + ("" if parameters == 1 else "s")


class _Branch(NamedTuple):
    """Parameters that are active in exactly the same trials, and all that are active in those."""

    own: list[str]
    all: list[str]
    rows: Bools  #: of the judged trials


class _Case(NamedTuple):
    """What all branches share. ``rows`` are the judged trials; ``target`` and ``good`` belong to those."""

    table: TrialTable
    method: str
    rows: NDArray[np.intp]
    target: Floats
    good: Bools
    rng: np.random.Generator

    def answers(self, branch: _Branch, restricted: Sequence[str] = ()) -> Answers:
        inputs, levels = _inputs(self.table, self.rows[branch.rows], branch, restricted)
        threshold = float(self.target[self.good].max())
        question = Question(inputs, self.target[branch.rows], self.good[branch.rows], threshold, levels)
        return ESTIMATORS[self.method](question, self.rng)

    def with_partners(
        self, branch: _Branch, judged: Sequence[ParameterImportance], share: float, restricted: Sequence[str] = ()
    ) -> list[ParameterImportance]:
        """Add the strongest partner of each parameter; ``share`` is what the branch's variance is of the whole."""
        if self.method != "fanova" or len(branch.all) < 2:
            return list(judged)
        inputs, _ = _inputs(self.table, self.rows[branch.rows], branch, restricted)
        pairs = dict(zip(branch.all, partners(inputs, self.target[branch.rows], self.rng), strict=True))
        return [replace(found, partner=_partner(branch, pairs[found.name], share)) for found in judged]


def _judge(
    table: TrialTable, rows: NDArray[np.intp], ranks: Floats, method: str
) -> tuple[list[ParameterImportance], list[str]]:
    rng = np.random.default_rng(table.sweep.seed)
    root, *branches = _branches(table, rows)
    target = space_ranks(_inputs(table, rows, root, ())[0], ranks, rng) if method == "fanova" else ranks
    good = ranks <= np.quantile(ranks, TOP, method="inverted_cdf")
    case = _Case(table, method, rows, target, good, rng)
    answers = case.answers(root)
    totals = {region: float(answer.totals.mean()) for region, answer in answers.items()}
    notes = []
    if good.mean() > 0.5:
        totals["good"] = 0.0
        notes.append(f"{good.mean():.0%} of the trials share the best value, so there is no good region to reach.")
    judged = case.with_partners(root, _shares(root, answers, totals, share=1.0), 1.0)
    for branch in branches:
        judged += _judge_branch(case, branch, totals)
    never = [name for name in table.searched if not table.active[name][rows].any()]
    judged += [ParameterImportance(name, None, None, 0.0, "never active in a trial with a value") for name in never]
    return judged, notes


def _judge_branch(case: _Case, branch: _Branch, totals: dict[str, float]) -> list[ParameterImportance]:
    inside, among, share = int(branch.rows.sum()), len(case.rows), float(branch.rows.mean())
    if inside < FEWEST:
        note = f"active in only {inside} of {among} trials, too few to judge"
        return [ParameterImportance(name, None, None, share, note) for name in branch.own]
    if case.method == "ped-anova" and not case.good[branch.rows].any():
        note = f"none of the {inside} trials with it is among the best"
        return [ParameterImportance(name, None, Share(0.0, 0.0, 0.0), share, note) for name in branch.own]
    parents = [parent for name in branch.own for parent in case.table.parameters[name].conditions]
    note = f"active in {inside} of {among} trials: judged among them, and counted with that share"
    answers = case.answers(branch, parents)
    judged = [replace(found, note=note) for found in _shares(branch, answers, totals, share)]
    part = share * float(answers["whole"].totals.mean()) / totals["whole"] if totals.get("whole") else 0.0
    return case.with_partners(branch, judged, part, parents)


def _partner(branch: _Branch, pair: Pair | None, share: float) -> Partner | None:
    if pair is None:
        return None
    low, high = share * np.quantile(pair.shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = share * float(pair.shares.mean())
    return Partner(branch.all[pair.other], Share(value, min(float(low), value), max(float(high), value)))


def _branches(table: TrialTable, rows: NDArray[np.intp]) -> list[_Branch]:
    """The parameters of all trials first, then each group that shares its trials."""
    groups: dict[bytes, list[str]] = {np.ones(len(rows), dtype=bool).tobytes(): []}
    for name in table.searched:
        mask = table.active[name][rows]
        if mask.any():
            groups.setdefault(mask.tobytes(), []).append(name)
    found = []
    for key, own in groups.items():
        mask = np.frombuffer(key, dtype=bool)
        everywhere = [name for name in table.searched if table.active[name][rows][mask].all()]
        found.append(_Branch(own, everywhere, mask))
    return found


def _inputs(
    table: TrialTable, rows: NDArray[np.intp], branch: _Branch, restricted: Sequence[str]
) -> tuple[Floats, tuple[int, ...]]:
    """Positions in the unit cube. Of a ``restricted`` parameter only the values that occur make up its range."""
    columns, levels = [], []
    for name in branch.all:
        parameter = table.parameters[name]
        column = table.positions(name)[rows]
        column = np.where(np.isnan(column), 0.5, column)
        count = len(parameter.values) if isinstance(parameter, Categorical) else 0
        if name in restricted:
            occurring, place = np.unique(column, return_inverse=True)
            column = (place + 0.5) / len(occurring)
            count = len(occurring) if count else 0
        columns.append(column)
        levels.append(count)
    return np.stack(columns, axis=1), tuple(levels)


def _shares(branch: _Branch, answers: Answers, totals: dict[str, float], share: float) -> list[ParameterImportance]:
    found: dict[str, dict[str, Share]] = {name: {} for name in branch.own}
    for region, answer in answers.items():
        if not totals[region]:
            continue
        factor = share * float(answer.totals.mean()) / totals[region]
        own = np.maximum(answer.totals, 1e-15)
        for name in branch.own:
            parts = answer.parts[:, branch.all.index(name)]
            low, high = factor * np.quantile(parts / own, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            value = factor * float(parts.mean() / own.mean())
            found[name][region] = Share(value, min(float(low), value), max(float(high), value))
    return [ParameterImportance(name, found[name].get("whole"), found[name].get("good"), share) for name in branch.own]


def _order(judged: Sequence[ParameterImportance]) -> list[ParameterImportance]:
    """The most important first, those that cannot be judged last; each share flagged where it reaches the next."""

    def size(share: Share | None) -> float:
        return -math.inf if share is None else share.value

    ordered = sorted(
        judged,
        key=lambda found: (-(found.pooled if found.pooled is not None else -math.inf), -size(found.good)),
    )
    whole = _flagged([found.whole for found in ordered])
    good = _flagged([found.good for found in ordered])
    return [replace(found, whole=whole[i], good=good[i]) for i, found in enumerate(ordered)]


def _flagged(shares: Sequence[Share | None]) -> list[Share | None]:
    present = sorted((share for share in shares if share is not None), key=lambda share: -share.value)
    uncertain = {id(one): one.low < other.high for one, other in pairwise(present)}
    return [None if share is None else replace(share, uncertain=uncertain.get(id(share), False)) for share in shares]
