"""Keeps the lease and listens for wishes, in a thread that outlives errors of the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sweeper.errors import LeaseLost
from sweeper.interfaces import Control, Store
from sweeper.records import Fence

LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0
LOOK_SECONDS = 0.5


class Guard:
    """Renews the lease from the moment it is made. ``seen`` is the last wish before the lease was taken.

    After :meth:`listen` ``on_wish(control)`` is called once per new wish, ``on_lost(error)`` once when another
    controller took over; what came earlier is told then.
    """

    def __init__(self, store: Store, fence: Fence, seen: Control | None) -> None:
        self._store, self._fence, self._seen = store, fence, seen
        self._listening = threading.Event()
        self._on_wish: Callable[[Control], None] = lambda _: None
        self._on_lost: Callable[[LeaseLost], None] = lambda _: None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sweeper-guard", daemon=True)
        self._thread.start()

    def listen(self, on_wish: Callable[[Control], None], on_lost: Callable[[LeaseLost], None]) -> None:
        """Say who is to be told."""
        self._on_wish, self._on_lost = on_wish, on_lost
        self._listening.set()

    def close(self) -> None:
        self._stop.set()
        self._listening.set()
        self._thread.join(1 if self._store.trouble else 10)

    def _watch(self) -> None:
        renewed = time.monotonic()
        while not self._stop.wait(LOOK_SECONDS):
            try:
                if time.monotonic() - renewed >= RENEW_SECONDS:
                    self._store.renew(self._fence, LEASE_SECONDS)
                    renewed = time.monotonic()
                if self._listening.is_set():
                    self._look()
            except LeaseLost as error:
                self._listening.wait()
                self._on_lost(error)
                return
            except Exception:
                continue  # the database is away for a moment: the next round tries again

    def _look(self) -> None:
        control = self._store.control(self._fence.sweep_id)
        if control is not None and control != self._seen:
            self._seen = control
            self._on_wish(control)
