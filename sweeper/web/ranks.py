"""The values of a sweep's complete trials, and nothing else of them: what is best, and where one of them stands."""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept


class Values(NamedTuple):
    """Complete trials with a value for each goal, none of them NaN, in the order of their numbers."""

    number: NDArray[np.int64]
    value: NDArray[np.float64]  #: n x goals

    def losses(self, sweep: SweepRecord) -> NDArray[np.float64]:
        """The values turned so that smaller is better."""
        return np.asarray(self.value * np.array([goal.sign for goal in sweep.goals]))


class Rank(NamedTuple):
    """``rank`` counts from 1, the best; ``before`` and ``after`` are the run ids of the next better and worse one."""

    rank: int
    of: int
    before: str | None
    after: str | None


_VALUES: Kept[Values] = Kept(20)


def best_numbers(store: SqlStore, sweep: SweepRecord, most: int, goal: int = 0) -> list[int]:
    """Return the numbers of the ``most`` best complete trials for one goal (by its place), the best first."""
    found = values_of(store, sweep)
    order = np.argsort(found.losses(sweep)[:, goal], kind="stable")[:most]
    return [int(number) for number in found.number[order]]


def rank_of(store: SqlStore, sweep: SweepRecord, trial: TrialRecord) -> Rank | None:
    """Return where a complete trial stands; of equals the earlier one is better.

    None for any other trial, and where several goals give no order.
    """
    if len(sweep.goals) > 1 or trial.state is not RunState.COMPLETE:
        return None
    values = values_of(store, sweep)
    row = int(np.searchsorted(values.number, trial.number))
    if row >= len(values.number) or values.number[row] != trial.number:
        return None
    order = np.argsort(values.losses(sweep)[:, 0], kind="stable")
    place = int(np.flatnonzero(order == row)[0])
    near = {i: int(values.number[order[i]]) for i in (place - 1, place + 1) if 0 <= i < len(order)}
    ids = {each.number: each.run_id for each in store.trials(sweep.id, numbers=list(near.values()))} if near else {}
    before, after = (ids.get(near.get(i, -1)) for i in (place - 1, place + 1))
    return Rank(place + 1, len(order), before, after)


def values_of(store: SqlStore, sweep: SweepRecord) -> Values:
    """Return the values of the complete trials, read once for a sweep as it stands."""
    return _VALUES.get(sweep, lambda: _read(store, sweep))


def _read(store: SqlStore, sweep: SweepRecord) -> Values:
    rows = store.read(lambda session: session.rows("page_values", sweep.id, str(RunState.COMPLETE)))
    goals = len(sweep.goals)
    absent = f"[{','.join(['NaN'] * goals)}]"
    found = json.loads("[" + ",".join([text or absent for _, text in rows]) + "]")
    if any(len(values) != goals for values in found):
        found = [values if len(values) == goals else [np.nan] * goals for values in found]
    number = np.array([number for number, _ in rows], dtype=np.int64)
    value = np.array(found, dtype=np.float64).reshape(len(found), goals)
    whole = ~np.isnan(value).any(axis=1)
    return Values(number[whole], value[whole])
