"""What a controller writes: its sweep's events under its fence, and the acknowledgement of what is in the store."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future

from sweeper.controller.intake import Active
from sweeper.controller.ledger import Ledger
from sweeper.events import Event, PointsLogged, SweepChanged, SweepProgress
from sweeper.interfaces import Store
from sweeper.records import Fence, Goal, Point, SweepState
from sweeper.trial.channel import AckBoard

PROGRESS_SECONDS = 0.2  #: the sweep's counts are written at most this often, and with every improvement


class Clerk:
    """Nothing waits for the writer; ``on_error(error)`` is called in its thread when something cannot be written."""

    def __init__(
        self, store: Store, fence: Fence, goal: Goal, ledger: Ledger, on_error: Callable[[BaseException], None]
    ) -> None:
        self._store, self._fence, self._goal, self._ledger = store, fence, goal, ledger
        self._on_error = on_error
        self._written = 0.0
        self.seconds = 0.0  #: what the sweep's row keeps as working time
        self.acks: AckBoard | None = None

    def write(self, *events: Event) -> None:
        """Queue events as one transaction."""
        self._store.write(*events, fence=self._fence).add_done_callback(self._done)

    def acknowledge(self, active: Active, *events: Event) -> None:
        """Queue records of an attempt; its worker forgets them once they are committed."""
        slot, serial, applied = active.slot, active.serial, active.applied

        def committed(future: Future[None]) -> None:
            self._done(future)
            if self.acks is not None and future.exception() is None:
                self.acks.write(slot, serial, applied)

        self._store.write(*events, fence=self._fence).add_done_callback(committed)

    def change(self, state: SweepState) -> None:
        """Queue a change of the sweep's state."""
        self.write(SweepChanged(self._fence.sweep_id, time.time(), state))

    def progress(self, improved: bool) -> list[Event]:
        """Return what the sweep's own run learns from a trial that ended: the best so far, and counts now and then."""
        events: list[Event] = []
        if improved and self._ledger.best is not None:
            point = Point(f"best_{self._goal.name}", self._ledger.best.value, self._ledger.best.number, time.time())
            events.append(PointsLogged(self._fence.sweep_id, (point,)))
        if improved or time.monotonic() - self._written > PROGRESS_SECONDS:
            events.append(self._counts())
        return events

    def close(self) -> None:
        """Write the last counts and return when everything is committed."""
        self.write(self._counts())
        self._store.flush()

    def _counts(self) -> SweepProgress:
        self._written = time.monotonic()
        ledger = self._ledger
        return SweepProgress(self._fence.sweep_id, ledger.counted(), ledger.recorded_best, self.seconds)

    def _done(self, future: Future[None]) -> None:
        if (error := future.exception()) is not None:
            self._on_error(error)
