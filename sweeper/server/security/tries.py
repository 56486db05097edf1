"""How often somebody may try: against guessing, one client after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

TRIES = 10  #: failed ones in a row
SECONDS = 6.0  #: after which one more is allowed
CLIENTS = 10_000  #: remembered at the same time; the one seen first is forgotten first


class Tries:
    """A bucket of tries for each client, filled again with time. Only failures count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def allowed(self, client: str) -> bool:
        with self._lock:
            return self._now(client) >= 1

    def failed(self, client: str) -> None:
        with self._lock:
            left = self._now(client) - 1
            self._left.pop(client, None)
            while len(self._left) >= CLIENTS:
                del self._left[next(iter(self._left))]
            self._left[client] = (max(0.0, left), self._clock())

    def _now(self, client: str) -> float:
        left, then = self._left.get(client, (float(TRIES), 0.0))
        return min(float(TRIES), left + (self._clock() - then) / SECONDS)
