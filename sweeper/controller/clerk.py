"""What a controller writes: its sweep's events under its fence, and the acknowledgement of what is in the store."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from sweeper.controller.intake import Active
from sweeper.controller.ledger import Ledger
from sweeper.errors import NotFound, UsageError
from sweeper.events import AttemptEnded, Event, PointsLogged, SweepChanged, SweepProgress
from sweeper.interfaces import Store
from sweeper.records import Failure, FailureClass, Fence, Goal, Point, RunState, SweepState
from sweeper.trial.channel import Acks

PROGRESS_SECONDS = 0.2  #: the sweep's counts are written at most this often, and with every improvement


class Clerk:
    """Nothing waits for the writer.

    In its thread ``on_error(error)`` is called when the sweep cannot be written any more, and ``on_refused(active,
    events, error)`` when the store will not have a worker's records.
    """

    def __init__(
        self,
        store: Store,
        fence: Fence,
        goal: Goal,
        ledger: Ledger,
        on_error: Callable[[BaseException], None],
        on_refused: Callable[[Active, tuple[Event, ...], UsageError], None],
    ) -> None:
        self._store, self._fence, self._goal, self._ledger = store, fence, goal, ledger
        self._on_error, self._on_refused = on_error, on_refused
        self._written = 0.0
        self.seconds = 0.0  #: what the sweep's row keeps as working time
        self.acks: Acks | None = None

    def write(self, *events: Event) -> Future[None]:
        """Queue events as one transaction."""
        future = self._store.write(*events, fence=self._fence)
        future.add_done_callback(self._done)
        return future

    def acknowledge(self, active: Active, *events: Event) -> None:
        """Queue records of an attempt; its worker forgets them once they are committed."""
        slot, serial, applied = active.slot, active.serial, active.applied

        def committed(future: Future[None]) -> None:
            error = future.exception()
            if isinstance(error, UsageError) and not isinstance(error, NotFound):
                self._on_refused(active, events, error)
            elif error is not None:
                self._on_error(error)
            elif self.acks is not None and slot >= 0:
                self.acks.write(slot, serial, applied)

        self._store.write(*events, fence=self._fence).add_done_callback(committed)

    def salvage(self, active: Active, events: tuple[Event, ...], error: UsageError) -> None:
        """Write refused records one by one: what the store will not have is left out, and the trial fails with it."""
        failure = Failure(FailureClass.INVALID_VALUE, str(error))
        for event in events:
            if isinstance(event, AttemptEnded) and event.state is not None:
                event = replace(event, state=RunState.FAILED, failure=failure, values=None, metrics=None, output="")
            self._store.write(event, fence=self._fence)
        if self.acks is not None and active.slot >= 0:
            self.acks.write(active.slot, active.serial, active.applied)

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

    def hold(self, hold: str, notice: Callable[[str], None]) -> str:
        """Return why nothing is dispatched: as it was, or "trouble" while nothing can be written; a person is told."""
        trouble = self._store.trouble
        if trouble and not hold:
            notice(f"No new trials for now: {trouble}. Results are kept in memory until they can be written.")
            return "trouble"
        if hold == "trouble" and not trouble:
            notice("The store can be written again.")
            return ""
        return hold

    def close(self, notice: Callable[[str], None]) -> None:
        """Write the last counts and return when everything before them is committed; raise what ended the writing."""
        future, hold = self.write(self._counts()), ""
        while True:
            try:
                future.result(0.5)
            except TimeoutError:
                hold = self.hold(hold, notice)
            else:
                self.hold(hold, notice)
                return

    def _counts(self) -> SweepProgress:
        self._written = time.monotonic()
        ledger = self._ledger
        return SweepProgress(self._fence.sweep_id, ledger.counted(), ledger.recorded_best, self.seconds)

    def _done(self, future: Future[None]) -> None:
        if (error := future.exception()) is not None:
            self._on_error(error)
