"""The complete trials of a sweep from the best to the worst: where one stands, and its neighbours."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept
from sweeper.web.ranks import values_of

KEPT = 8  #: sweeps whose order is kept; that of 100,000 trials takes about 1 MB


@dataclass(frozen=True, slots=True)
class Order:
    """``numbers`` of the trials, the best first; ``places`` has by number the place among them, -1 for none."""

    numbers: array[int]
    places: array[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """``rank`` counts from 1, the best; ``before`` and ``after`` are the run ids of the next better and worse one."""

    rank: int
    of: int
    before: str | None
    after: str | None


_ORDERS: Kept[Order] = Kept(KEPT)


def standing(store: SqlStore, sweep: SweepRecord, trial: TrialRecord) -> Standing | None:
    """Return where a complete trial stands; None for any other one, and where several goals give no order."""
    if len(sweep.goals) > 1 or trial.state is not RunState.COMPLETE:
        return None
    order = _ORDERS.get(sweep, lambda: ordered(store, sweep))
    place = order.places[trial.number] if trial.number < len(order.places) else -1
    if place < 0:
        return None
    near = [order.numbers[i] for i in (place - 1, place + 1) if 0 <= i < len(order.numbers)]
    ids = {each.number: each.run_id for each in store.trials(sweep.id, numbers=near)} if near else {}
    before = ids.get(order.numbers[place - 1]) if place else None
    after = ids.get(order.numbers[place + 1]) if place + 1 < len(order.numbers) else None
    return Standing(place + 1, len(order.numbers), before, after)


def ordered(store: SqlStore, sweep: SweepRecord) -> Order:
    """Order the complete trials that have a value; of equals the earlier one is better."""
    sign = sweep.goals[0].sign
    losses = {number: sign * values[0] for number, values in values_of(store, sweep)}
    numbers = array("q", sorted(losses, key=losses.__getitem__))  # they come by number, and the sort is stable
    places = array("q", [-1]) * (max(losses, default=-1) + 1)
    for place, number in enumerate(numbers):
        places[number] = place
    return Order(numbers, places)
