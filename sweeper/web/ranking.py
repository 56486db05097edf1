"""The complete trials of a sweep from the best to the worst: where one stands, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.ranks import values_of


@dataclass(frozen=True, slots=True)
class Standing:
    """``rank`` counts from 1, the best; ``before`` and ``after`` are the run ids of the next better and worse one."""

    rank: int
    of: int
    before: str | None
    after: str | None


def standing(store: SqlStore, sweep: SweepRecord, trial: TrialRecord) -> Standing | None:
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
    return Standing(place + 1, len(order), before, after)
