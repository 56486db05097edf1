"""Before choosing: the top candidates run again, with new seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sweeper.api.rerun import Rerun, rerun
from sweeper.errors import UsageError
from sweeper.interfaces import Hook, Store
from sweeper.records import SweepRecord, TrialRecord

TOP = 3


@dataclass(frozen=True)
class Candidate:
    """A trial, and the values of its reruns (the value it was picked for is not one of them: it was picked for it)."""

    trial: TrialRecord
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """NaN when no rerun completed."""
        return sum(self.values) / len(self.values) if self.values else math.nan

    @property
    def sd(self) -> float:
        """The standard deviation of one run; NaN for fewer than two."""
        if len(self.values) < 2:
            return math.nan
        return math.sqrt(sum((value - self.mean) ** 2 for value in self.values) / (len(self.values) - 1))


@dataclass(frozen=True)
class Repeated:
    """``candidates``, the best mean first; ``chosen`` is the first, None when no rerun completed.

    ``text`` says whether the first two differ by more than noise.
    """

    candidates: tuple[Candidate, ...]
    rerun: Rerun
    text: str

    @property
    def chosen(self) -> Candidate | None:
        return self.candidates[0] if self.candidates and self.candidates[0].values else None


def repeat_best(
    store: Store,
    sweep: SweepRecord,
    repeat: int,
    *,
    top: int = TOP,
    hooks: Sequence[Hook] = (),
    function: Callable[..., Any] | None = None,
    data: Mapping[str, Any] | None = None,
    command_line: Sequence[str] = (),
) -> Repeated | None:
    """Run the ``top`` best trials ``repeat`` times again with new seeds and order them by the mean of their reruns.

    Reruns that were made before count too. None when no trial is complete. Raises UsageError for several goals.
    """
    from sweeper.analysis.choice import top as best
    from sweeper.analysis.identity import key_of
    from sweeper.analysis.noise import pooled, repeats, rerun_tables
    from sweeper.analysis.numbers import number
    from sweeper.analysis.verdict import Finish, judge, measured

    if len(sweep.goals) > 1:
        raise UsageError("--repeat orders trials by the mean of one goal; this sweep has several")
    trials = best(sweep, store.trials(sweep.id), top)
    if not trials:
        return None
    done = rerun(store, trials, repeat, hooks=hooks, function=function, data=data, command_line=command_line)
    goal = sweep.goals[0]
    values = repeats(rerun_tables(store, sweep), goal.name)
    found = [Candidate(trial, tuple(values.get(key_of(trial.params), ()))) for trial in trials]
    found.sort(key=lambda one: goal.sign * one.mean if one.values else math.inf)
    spread = pooled([one.values for one in found])
    noise = measured(*spread) if spread else None
    finishes = [(f"trial {one.trial.number}", Finish(one.mean, one.values, {}, noise)) for one in found if one.values]
    verdicts = judge(finishes, goal)
    text = verdicts[0].text if verdicts else ""
    if verdicts and noise is None:
        text = (
            f"{finishes[0][0]} is ahead by {number(verdicts[0].difference)}; more repeats would tell whether by chance"
        )
    return Repeated(tuple(found), done, text)
