"""The space of the next sweep: that of the latest one, with the recommended ranges."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sweeper.analysis.columns import TrialTable
from sweeper.analysis.numbers import count
from sweeper.analysis.ranges.candidate import FEWEST_SWEEPS
from sweeper.analysis.ranges.recommendation import Recommendation
from sweeper.analysis.ranges.survey import ParameterRange
from sweeper.errors import SpaceError
from sweeper.space import Parameter, SearchSpace


@dataclass(frozen=True, eq=False)
class NextSpace:
    """``before`` is the latest sweep's space, ``space`` the next one. ``taken`` are the recommendations that were
    followed; ``warnings`` are sentences a person should read first. ``share`` is the size of the new box, of the old.
    """

    before: SearchSpace
    space: SearchSpace
    taken: Mapping[str, Recommendation]
    warnings: tuple[str, ...]
    share: float


def next_space(tables: Sequence[TrialTable], found: Sequence[ParameterRange], leave: Collection[str] = ()) -> NextSpace:
    """Follow the recommendations of ``found`` in the space of the latest of ``tables``, if all fits together.

    Those for the parameters ``leave`` are not followed.
    Raises SpaceError when the latest sweep has no space that a file could hold.
    """
    latest = max(tables, key=lambda table: (table.sweep.created, table.sweep.id))
    warnings = _about(tables)
    before = latest.space
    if not before.parameters:
        seen = {each.name: each.recommendation.declared for each in found if each.name in latest.parameters}
        before = SearchSpace({**latest.parameters, **seen})
        warnings.append("the latest sweep has no declared space; ranges are those that were seen in its trials")
    wanted = [each for each in found if each.recommendation.changed and each.name in before.parameters]
    taken = {each.name: each.recommendation for each in wanted if each.name not in leave}
    warnings += [
        f"{name}: {flag.text}" for each in found for name, flag in ((each.name, flag) for flag in each.flags)
        if flag.kind == "conflict" or (flag.kind == "edge" and "not extended" in flag.text)
    ]  # fmt: skip
    space, followed, told = fitted(before, {name: advice.parameter for name, advice in taken.items()})
    left = {name: taken[name] for name in followed}
    return NextSpace(before, space, left, (*warnings, *told), _share(left))


def fitted(before: SearchSpace, to: Mapping[str, Parameter]) -> tuple[SearchSpace, list[str], list[str]]:
    """Put new ranges into a space, as many as its constraints allow: those they name, or all, may stay as declared.

    Returns the space, the names of the new ranges that are in it, and what a person should know. Raises SpaceError when
    no point of the space itself meets its constraints.
    """
    constrained = {name for constraint in before.constraints for name in constraint.names}
    for held in (set(), constrained, set(to)):
        tried = {name: parameter for name, parameter in to.items() if name not in held}
        if (space := _narrowed(before, tried)) is not None:
            told = []
            if held & set(to):
                names = ", ".join(sorted(held & set(to)))
                told.append(f"{names}: left as declared, because the constraints cannot be met in the new ranges")
            gone = [name for name in before.parameters if name not in space.parameters]
            told += [f"{', '.join(gone)} can no longer become active and left the space"] if gone else []
            return space, [name for name in tried if name in space.parameters], told
    raise SpaceError("no point of the latest sweep's own space meets its constraints")


def _narrowed(before: SearchSpace, to: Mapping[str, Parameter]) -> SearchSpace | None:
    try:
        space = before.narrow(to)
        space.sample(random.Random(0))
    except SpaceError:
        return None
    return space


def _about(tables: Sequence[TrialTable]) -> list[str]:
    if len(tables) >= FEWEST_SWEEPS:
        return []
    return [
        f"only {count(len(tables), 'sweep')}: no range is shrunk on the evidence of fewer than {FEWEST_SWEEPS}; "
        "run it again with another seed, or name more"
    ]


def _share(taken: Mapping[str, Recommendation]) -> float:
    return math.prod(advice.share for advice in taken.values())


@dataclass(frozen=True, slots=True)
class Cost:
    """What so many trials will take: ``each`` is the mean of past trials, ``compute`` for all of them, ``clock`` with
    so many workers; seconds."""

    trials: int
    workers: int
    each: float
    compute: float
    clock: float


def cost(tables: Sequence[TrialTable], trials: int | None, workers: int) -> Cost | None:
    """Estimate from past durations; None without any, or without a number of trials."""
    seconds = np.concatenate([table.seconds for table in tables]) if tables else np.zeros(0)
    seconds = seconds[np.isfinite(seconds)]
    if not len(seconds) or not trials:
        return None
    each = float(seconds.mean())
    return Cost(trials, workers, each, trials * each, trials * each / max(min(workers, trials), 1))
