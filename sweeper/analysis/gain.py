"""Cost against gain: what the last trials cost and what they brought, and how long the next improvement may take.

Light: numbers in, numbers out, so that a command need not import NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sweeper.analysis.numbers import count, duration, number
from sweeper.records import Goal, TrialRecord

FEWEST = 8  #: trials with a value below which nothing is said


class Step(NamedTuple):
    """A trial that was better than all before it."""

    number: int
    value: float


class Spent(NamedTuple):
    """What one trial cost: seconds of compute, and ``cost`` in units of the sweep's cost metric (0 without one)."""

    number: int
    seconds: float
    cost: float = 0.0


class Returns(NamedTuple):
    """What the last ``trials`` brought: the best before them (None: none) and after, for ``seconds`` and ``cost``.

    ``waiting`` is how many trials ended since the best one. ``next_trials`` is how many the next improvement takes at
    the rate of the later half of the sweep, trials there by improvements plus one half: a rate, no promise.
    ``next_seconds`` is their compute.
    """

    goal: Goal
    trials: int
    before: float | None
    after: float
    seconds: float
    cost: float
    cost_metric: str
    waiting: int
    next_trials: float
    next_seconds: float

    @property
    def improved(self) -> bool:
        return self.before is None or not math.isclose(self.before, self.after, rel_tol=1e-9)

    @property
    def text(self) -> str:
        """What came of the last trials, in one line."""
        if not self.improved or self.before is None:
            did = f"did not improve on {number(self.after)}"
        else:
            did = f"improved the best by {number(abs(self.after - self.before))} to {number(self.after)}"
        paid = [f"{duration(self.seconds)} of compute"] if self.seconds else []
        paid += [f"{number(self.cost)} {self.cost_metric}"] if self.cost_metric and self.cost else []
        return did + (f", for {' and '.join(paid)}" if paid else "")

    @property
    def outlook(self) -> str:
        """When the next improvement may come, in one line."""
        about = f"about {count(max(1, round(self.next_trials)), 'trial')}"
        time = f" ({duration(self.next_seconds)} of compute)" if self.next_seconds else ""
        since = f"none in the last {count(self.waiting, 'trial')}; " if self.waiting else ""
        return f"{since}{about} to the next at the rate of the later half{time}"


def returns(
    goal: Goal, steps: Sequence[Step], last: Sequence[Spent], ended: int, cost_metric: str | None = None
) -> Returns | None:
    """Say what the trials ``last`` (in order of their numbers) brought; None below ``FEWEST`` ended trials.

    ``steps`` are all improvements so far in order; ``ended`` trials have ended in all, the last ones with them.
    """
    if ended < FEWEST or not steps or not last:
        return None
    first = last[0].number
    before = [step.value for step in steps if step.number < first]
    seconds, cost = sum(each.seconds for each in last), sum(each.cost for each in last)
    last_number = max(last[-1].number, steps[-1].number)
    half = last_number // 2
    late = sum(step.number > half for step in steps)
    trials = (last_number - half + 1) / (late + 0.5)
    return Returns(
        goal, len(last), before[-1] if before else None, steps[-1].value, seconds, cost, cost_metric or "",
        last_number - steps[-1].number, trials, trials * seconds / len(last),
    )  # fmt: skip


def spent(trials: Sequence[TrialRecord], cost_metric: str | None) -> list[Spent]:
    """Return what the trials that ended cost, in order of their numbers."""
    return [
        Spent(trial.number, trial.ended - trial.started, trial.metrics.get(cost_metric, 0.0) if cost_metric else 0.0)
        for trial in sorted(trials, key=lambda trial: trial.number)
        if trial.ended is not None and trial.started is not None
    ]


def cost_metric_of(config: Mapping[str, Any]) -> str | None:
    """Return the metric in which the budget of a sweep counts cost, if it names one."""
    cost = (config.get("budget") or {}).get("cost")
    return str(cost["metric"]) if isinstance(cost, Mapping) and cost.get("metric") else None


def window(ended: int) -> int:
    """How many trials are "the last ones" unless somebody says: a quarter, but at most 100."""
    return min(max(ended // 4, 1), 100)
