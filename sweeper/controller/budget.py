"""When a sweep is over: totals of the sweep, whoever resumes it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sweeper.config import Budget
from sweeper.records import Goal, RunState, SweepState


@dataclass(slots=True)
class Spending:
    """What a sweep has used of its budget.

    ``created`` counts trial numbers given out, ``seconds`` the time that controllers worked, ``cost`` the seconds of
    compute (or the sum of the cost metric) of the ``counted`` trials that ended, ``failures`` the failed trials in a
    row, ``stale`` the trials since the best value.
    """

    budget: Budget
    goals: Sequence[Goal]
    created: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    failures: int = 0
    stale: int = 0
    counted: int = 0
    reached: str = ""
    last_failure: str = field(default="", repr=False)

    @property
    def open(self) -> int | None:
        """Return how many more trials may be created; None: without limit."""
        return None if self.budget.trials is None else max(self.budget.trials - self.created, 0)

    @property
    def time_is_up(self) -> bool:
        return self.budget.time is not None and self.seconds >= self.budget.time

    def ended(
        self, state: RunState, improved: bool, values: tuple[float, ...] | None, cost: float, message: str
    ) -> None:
        """Account for a trial that ended. ``message`` says why it failed; a cost that is NaN counts as none."""
        self.cost += 0.0 if math.isnan(cost) else cost
        self.counted += 1
        if state is RunState.FAILED:
            self.failures += 1
            self.last_failure = message
        elif state in (RunState.COMPLETE, RunState.PRUNED):
            self.failures = 0
        if improved:
            self.stale = 0
        elif state in (RunState.COMPLETE, RunState.PRUNED):
            self.stale += 1
        if state is RunState.COMPLETE and values and not self.reached:
            self.reached = self._target(values)

    def uncounted(self, state: RunState, metrics: Mapping[str, float]) -> str:
        """Return a sentence for a trial that ran to its end and did not say what it cost; "" when all is well."""
        name = self.budget.cost_metric
        if name is None or state is not RunState.COMPLETE or name in metrics:
            return ""
        return f"The cost limit counts {name}, which a trial did not log: it cost nothing. Log {name} in the objective."

    def affordable(self, running: int) -> int | None:
        """Return how many trials may still start before the cost is used, if they cost what trials did so far.

        ``running`` ones are still to be paid for. None without a limit, and before anything has a cost.
        """
        mean = self._mean_cost
        if self.budget.cost is None or mean is None or mean <= 0:
            return None
        return max(math.ceil((self.budget.cost - self.cost) / mean) - running, 0)

    def cost_text(self, more: int | None) -> str:
        """Return "cost 3.2, about 12 of 20": so far, at the end of ``more`` trials, and the limit; "" without one."""
        limit, mean = self.budget.cost, self._mean_cost
        if limit is None:
            return ""
        if mean is None or not more or self.cost >= limit:
            return f"cost {self.cost:.3g} of {limit:g}"
        return f"cost {self.cost:.3g}, about {min(self.cost + more * mean, limit):.3g} of {limit:g}"

    @property
    def _mean_cost(self) -> float | None:
        return self.cost / self.counted if self.counted else None

    def over(self) -> tuple[SweepState, str] | None:
        """Return the state and the reason that end the sweep before its trials are used up."""
        budget = self.budget
        if self.failures >= budget.failures > 0:
            reason = f"{self.failures} trials in a row failed; the last one: {self.last_failure}"
            return SweepState.FAILED, reason
        if self.reached:
            return SweepState.FINISHED, self.reached
        if self.time_is_up:
            return SweepState.FINISHED, f"its time of {budget.time:g} s is used"
        if budget.cost is not None and self.cost >= budget.cost:
            unit = f" of {budget.cost_metric}" if budget.cost_metric else " s of compute"
            return SweepState.FINISHED, f"its cost of {budget.cost:g}{unit} is used"
        if budget.patience is not None and self.stale >= budget.patience:
            return SweepState.FINISHED, f"{self.stale} trials brought no better value"
        return None

    def _target(self, values: tuple[float, ...]) -> str:
        targets = [(goal, value) for goal, value in zip(self.goals, values, strict=True) if goal.target is not None]
        if targets and all(goal.reached(value) for goal, value in targets):
            return ", ".join(f"{goal.name} reached its target {goal.target:g}" for goal, _ in targets)
        return ""
