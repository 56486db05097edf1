"""What a controller knows of its trials: how many are in which state, and the best one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sweeper.records import BestTrial, Goal, Params, RunState, TrialRecord


class Ledger:
    """Counts by state, and the best complete trial when there is one goal."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self._goals = goals
        self.counts: Counter[str] = Counter()
        self.best: BestTrial | None = None
        self.best_values: tuple[float, ...] | None = None

    def remember(self, trial: TrialRecord) -> bool:
        """Take a trial of an earlier controller; True when it is the best so far. One that did not end waits."""
        self.move(None, trial.state if trial.state.ended else RunState.QUEUED)
        complete = trial.state is RunState.COMPLETE
        return complete and self.improves(trial.number, trial.run_id, trial.params, trial.values)

    def move(self, before: RunState | None, after: RunState) -> None:
        """A trial changes its state; ``before`` is None for a new one."""
        if before is not None:
            self.counts[before.value] -= 1
        self.counts[after.value] += 1

    def improves(self, number: int, run_id: str, params: Params, values: tuple[float, ...] | None) -> bool:
        """Take note of a complete trial's values; True when it is the best so far (of the first goal).

        Of equal ones the first to come stays the best.
        """
        if not values or math.isnan(values[0]):
            return False
        goal = self._goals[0]
        if self.best is not None and not goal.better(values[0], self.best.value):
            return False
        self.best = BestTrial(number, run_id, values[0], params)
        self.best_values = values
        return True

    @property
    def recorded_best(self) -> BestTrial | None:
        """The best trial as the sweep's row keeps it: only for a single goal."""
        return self.best if len(self._goals) == 1 else None

    def counted(self) -> dict[str, int]:
        """Return the number of trials in every state."""
        return {state.value: self.counts[state.value] for state in RunState}
