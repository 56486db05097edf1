"""The Pareto front of a sweep with several goals, found from the values alone: records are read of its trials only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.dominance import nondominated
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept
from sweeper.web.ranks import values_of

_FRONTS: Kept[list[TrialRecord]] = Kept()
JUDGES = 50  #: good trials that sort out most others
SLACK = 0.002  #: of the trials of a large sweep that runs may be new before its front is sought again
QUICK = 2000  #: complete trials whose front is found while a list waits


def front(store: SqlStore, sweep: SweepRecord) -> list[TrialRecord]:
    """Return the complete trials that no other one beats in every goal, in the order of the first goal.

    Empty for a sweep with one goal.
    """
    if len(sweep.goals) == 1:
        return []
    slack = SLACK if sweep.counts.get(RunState.COMPLETE, 0) > QUICK else 0.0
    return _FRONTS.get(sweep, lambda: _read(store, sweep), slack)


def quick_front(store: SqlStore, sweep: SweepRecord) -> list[TrialRecord] | None:
    """Return the front when it is known or soon found; None for that of a large sweep that nobody has looked at."""
    if len(sweep.goals) == 1 or sweep.counts.get(RunState.COMPLETE, 0) <= QUICK:
        return front(store, sweep)
    return _FRONTS.known(sweep, SLACK)


def _read(store: SqlStore, sweep: SweepRecord) -> list[TrialRecord]:
    found = values_of(store, sweep)
    losses = found.losses(sweep)
    rows = _candidates(losses)
    order = [int(found.number[rows[place]]) for place in nondominated(losses[rows].tolist())]
    records = {trial.number: trial for trial in store.trials(sweep.id, numbers=order)} if order else {}
    return [records[number] for number in order if number in records]


def _candidates(losses: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the rows that none of a few good ones is better than in every goal: of many trials few are left."""
    left = np.arange(len(losses))
    ranks = losses.argsort(axis=0).argsort(axis=0).sum(axis=1)
    for row in np.argsort(ranks, kind="stable")[:JUDGES]:
        left = left[~(losses[left] > losses[row]).all(axis=1)]
    return left
