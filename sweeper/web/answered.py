"""Answers about several sweeps that are kept as long as those sweeps stand as they did."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from sweeper.records import SweepRecord
from sweeper.web.kept import stand
from sweeper.web.turns import Turns

T = TypeVar("T")


class Answers(Generic[T]):
    """The latest answers of a kind; of the same question at the same moment one is made, the others wait."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock, self._turns = threading.Lock(), Turns()
        self._held: OrderedDict[Hashable, tuple[Hashable, T]] = OrderedDict()

    def get(self, question: Hashable, sweeps: Iterable[SweepRecord], make: Callable[[], T]) -> T:
        """Return the answer to a question about sweeps, made now if need be."""
        stands = tuple((sweep.id, stand(sweep)) for sweep in sweeps)
        with self._turns.of(question):
            with self._lock:
                found = self._held.get(question)
                if found is not None and found[0] == stands:
                    self._held.move_to_end(question)
                    return found[1]
            made = make()
            with self._lock:
                self._held[question] = (stands, made)
                self._held.move_to_end(question)
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
            return made
