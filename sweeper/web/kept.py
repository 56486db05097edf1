"""Answers about a sweep that are kept as long as the sweep stands as it did."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from sweeper.records import SweepRecord
from sweeper.web.turns import Turns

T = TypeVar("T")
MOST = 2000  #: sweeps


class Kept(Generic[T]):
    """One answer for each sweep; the least recently used go first. Used by any thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock, self._turns = threading.Lock(), Turns()
        self._held: OrderedDict[str, tuple[SweepRecord, T]] = OrderedDict()

    def known(self, sweep: SweepRecord, slack: float = 0.0) -> T | None:
        """Return the answer if there is one for the sweep as it stands.

        With ``slack`` also one from when it had fewer trials, by no more than that share of them.
        """
        with self._lock:
            found = self._held.get(sweep.id)
            if found is None or not (stand(found[0]) == stand(sweep) or _near(found[0], sweep, slack)):
                return None
            self._held.move_to_end(sweep.id)
            return found[1]

    def get(self, sweep: SweepRecord, make: Callable[[], T], slack: float = 0.0) -> T:
        """Return the answer, made now if need be: by one of those who ask at the same moment."""
        with self._turns.of(sweep.id):
            found = self.known(sweep, slack)
            return self.put(sweep, make()) if found is None else found

    def put(self, sweep: SweepRecord, answer: T) -> T:
        with self._lock:
            self._held[sweep.id] = (sweep, answer)
            self._held.move_to_end(sweep.id)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return answer


def stand(sweep: SweepRecord) -> Hashable:
    """Return what changes whenever a trial of the sweep begins or ends."""
    return (sweep.state, *sweep.counts.values())


def _near(then: SweepRecord, now: SweepRecord, slack: float) -> bool:
    before, after = (sum(sweep.counts.values()) for sweep in (then, now))
    return slack > 0 and then.state == now.state and 0 <= after - before <= slack * before
