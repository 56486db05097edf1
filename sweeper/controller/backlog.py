"""Trials that wait for a slot: proposed ones, and those that are to be tried again."""

from __future__ import annotations

import heapq
import time
from collections import deque

from sweeper.controller.intake import Active
from sweeper.records import Params, new_id


class Backlog:
    """What is tried again goes first, once its time has come. ``asked`` counts proposals that are being made."""

    def __init__(self) -> None:
        self.asked = 0
        self._proposed: deque[tuple[int, Params]] = deque()
        self._due: deque[Active] = deque()
        self._later: list[tuple[float, int, Active]] = []  # (monotonic time, tie, trial)

    def __len__(self) -> int:
        return len(self._proposed) + len(self._due) + len(self._later) + self.asked

    def propose(self, number: int, params: Params) -> None:
        self._proposed.append((number, params))

    def again(self, due: float, active: Active) -> None:
        """A trial may be tried again from ``due`` on (monotonic seconds)."""
        heapq.heappush(self._later, (due, active.serial or active.number, active))

    def ready(self) -> int:
        """Return how many trials a slot can have now, those included that are being proposed."""
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._due.append(heapq.heappop(self._later)[2])
        return len(self._proposed) + len(self._due) + self.asked

    def next(self) -> Active | None:
        """Take the trial that a slot gets."""
        self.ready()
        if self._due:
            return self._due.popleft()
        if self._proposed:
            number, params = self._proposed.popleft()
            return Active(number, new_id(), params, 0)
        return None

    def left(self) -> list[Active]:
        """Take all that wait for another attempt."""
        found = [*self._due, *(active for _, _, active in self._later)]
        self._due.clear()
        self._later.clear()
        return found
