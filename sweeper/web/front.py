"""The Pareto front of a sweep with several goals, found from the values alone: records are read of its trials only."""

from __future__ import annotations

from sweeper.analysis.dominance import nondominated
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept
from sweeper.web.ranks import values_of

_FRONTS: Kept[list[TrialRecord]] = Kept()
QUICK = 2000  #: complete trials whose front is found while a list waits


def front(store: SqlStore, sweep: SweepRecord) -> list[TrialRecord]:
    """Return the complete trials that no other one beats in every goal, in the order of the first goal.

    Empty for a sweep with one goal.
    """
    return [] if len(sweep.goals) == 1 else _FRONTS.get(sweep, lambda: _read(store, sweep))


def quick_front(store: SqlStore, sweep: SweepRecord) -> list[TrialRecord] | None:
    """Return the front when it is known or soon found; None for that of a large sweep that nobody has looked at."""
    if len(sweep.goals) == 1 or sweep.counts.get(RunState.COMPLETE, 0) <= QUICK:
        return front(store, sweep)
    return _FRONTS.known(sweep)


def _read(store: SqlStore, sweep: SweepRecord) -> list[TrialRecord]:
    valued = values_of(store, sweep)
    signs = [goal.sign for goal in sweep.goals]
    losses = [[sign * value for sign, value in zip(signs, values, strict=True)] for _, values in valued]
    order = [valued[row][0] for row in nondominated(losses)]
    records = {trial.number: trial for trial in store.trials(sweep.id, numbers=order)} if order else {}
    return [records[number] for number in order if number in records]
