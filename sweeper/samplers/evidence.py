"""What the end of a trial tells a model. The one place that decides it, for all samplers.

======================================================  =================================================
the trial ended                                         and counts as
======================================================  =================================================
complete, all values finite                             its values
pruned                                                  its last value at its last step, where there is one
failed: exception, exit, signal, oom, timeout,          a bad point: the model keeps away from it, and it is
invalid-value; complete with a NaN or an infinity       never among the good ones, whatever its values
failed: lost, preempted, unpicklable; cancelled         nothing: the machine or a person ended it
======================================================  =================================================
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from sweeper.records import FailureClass, Goal, Outcome, RunState

NOT_ITS_FAULT = frozenset({FailureClass.LOST, FailureClass.PREEMPTED, FailureClass.UNPICKLABLE})


class Kind(Enum):
    """How a trial counts."""

    VALUE = "value"  #: with its values
    PRUNED = "pruned"  #: with what was seen until it was stopped
    BAD = "bad"  #: as a point to keep away from


@dataclass(frozen=True, slots=True)
class Evidence:
    """``losses``: one number per goal, each to be minimised; None where there are none. ``step``: of a pruned one."""

    kind: Kind
    losses: tuple[float, ...] | None = None
    step: int = 0


BAD = Evidence(Kind.BAD)


def weigh(outcome: Outcome, goals: Sequence[Goal]) -> Evidence | None:
    """Return what ``outcome`` tells a model; None when it tells nothing."""
    if outcome.state is RunState.FAILED:
        innocent = outcome.failure is not None and outcome.failure.kind in NOT_ITS_FAULT
        return None if innocent else BAD
    if outcome.state is RunState.COMPLETE:
        if outcome.values is None or len(outcome.values) != len(goals):
            return BAD
        losses = _losses(outcome.values, goals)
        return BAD if losses is None else Evidence(Kind.VALUE, losses)
    if outcome.state is RunState.PRUNED:
        if len(goals) != 1:
            return None
        losses = _losses(outcome.values, goals) if outcome.values and len(outcome.values) == 1 else None
        return Evidence(Kind.PRUNED, losses, outcome.step or 0)
    return None


def _losses(values: Sequence[float], goals: Sequence[Goal]) -> tuple[float, ...] | None:
    if not all(math.isfinite(value) for value in values):
        return None
    return tuple(goal.sign * value for goal, value in zip(goals, values, strict=True))


def losses_of(evidence: Sequence[Evidence]) -> list[tuple[float, ...]]:
    """Return losses for each, for models that know only numbers. At least one of ``evidence`` must have some.

    A pruned trial counts with its last value, but not as better than the median complete one: it was stopped early
    and for a reason. A bad one, and a pruned one without a value, counts as the worst in each goal.
    """
    known = [one.losses for one in evidence if one.losses is not None]
    complete = [one.losses for one in evidence if one.losses is not None and one.kind is Kind.VALUE]
    worst = tuple(map(max, zip(*known, strict=True)))
    middle = tuple(map(median, zip(*complete, strict=True)))
    return [_loss(one, worst, middle) for one in evidence]


def _loss(one: Evidence, worst: tuple[float, ...], middle: tuple[float, ...]) -> tuple[float, ...]:
    if one.losses is None:
        return worst
    return tuple(map(max, one.losses, middle)) if one.kind is Kind.PRUNED and middle else one.losses
