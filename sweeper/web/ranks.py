"""The best trials of a sweep from their values alone."""

from __future__ import annotations

import heapq
import json
import math

from sweeper.records import RunState, SweepRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept

_VALUES: Kept[list[tuple[int, list[float]]]] = Kept(20)


def best_numbers(store: SqlStore, sweep: SweepRecord, most: int, goal: int = 0) -> list[int]:
    """Return the numbers of the ``most`` best complete trials for one goal (by its place), the best first."""
    sign = sweep.goals[goal].sign
    ranked = ((sign * values[goal], number) for number, values in values_of(store, sweep))
    return [number for _, number in heapq.nsmallest(most, ranked)]


def values_of(store: SqlStore, sweep: SweepRecord) -> list[tuple[int, list[float]]]:
    """Return number and values of each complete trial, one value for each goal and none of them NaN."""
    return _VALUES.get(sweep, lambda: _read(store, sweep))


def _read(store: SqlStore, sweep: SweepRecord) -> list[tuple[int, list[float]]]:
    rows = store.read(lambda session: session.rows("page_values", sweep.id, str(RunState.COMPLETE)))
    found = json.loads("[" + ",".join(values or "[]" for _, values in rows) + "]")
    goals = len(sweep.goals)
    return [
        (number, values)
        for (number, _), values in zip(rows, found, strict=True)
        if len(values) == goals and not any(map(math.isnan, values))
    ]
