"""The command ``sweeper`` as a process that keeps a history: what it asked of its store, what the store acknowledged.

``python -m tests.chaos.controller run FILE --store URL ...``. Rules of time can be shortened by the environment:
``CHAOS_LEASE`` seconds of the lease (renewed at a third of it), ``CHAOS_GRACE`` seconds after the first signal.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import sweeper.api.running
import sweeper.controller.guard
import sweeper.controller.session
import sweeper.store
from sweeper.events import AttemptEnded, AttemptStarted, Event, TrialCreated, TrialEnded
from sweeper.interfaces import Store
from sweeper.records import Fence, Holder
from tests.chaos.history import FAIL, INVOKE, OK, Record, Recorder

TOKEN = "token"  #: the metric by which an execution of the objective is known


class RecordedStore:
    """A store whose writes of trials, and whose leases, go into the history."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store, self._recorder = store, recorder
        self._numbers: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def acquire(self, sweep_id: str, holder: Holder, seconds: float, *, dead: Holder | None = None) -> Fence:
        fence = self._store.acquire(sweep_id, holder, seconds, dead=dead)
        self._recorder.note("acquire", OK, fence=fence.token)
        return fence

    def write(self, *events: Event, fence: Fence | None = None) -> Future[None]:
        told = [facts for event in events if (facts := self._facts(event))]
        if not told:
            return self._store.write(*events, fence=fence)
        token = fence.token if fence else 0
        self._tell(INVOKE, told, token)
        future = self._store.write(*events, fence=fence)
        future.add_done_callback(lambda done: self._tell(FAIL if done.exception() else OK, told, token))
        return future

    def _tell(self, phase: str, told: list[dict[str, Any]], fence: int) -> None:
        actor = f"controller {os.getpid()}"
        self._recorder.append(*(Record(actor, phase=phase, fence=fence, **facts) for facts in told))

    def _facts(self, event: Event) -> dict[str, Any] | None:
        if isinstance(event, TrialCreated):
            self._numbers[event.run_id] = event.number
            facts: dict[str, Any] = {"op": "create", "state": "queued"}
        elif isinstance(event, AttemptStarted):
            facts = {"op": "start", "state": "running", "attempt": event.attempt}
        elif isinstance(event, AttemptEnded):
            state, token = (str(event.state) if event.state else ""), (event.metrics or {}).get(TOKEN)
            facts = {"op": "end" if state else "retry", "state": state, "attempt": event.attempt}
            facts["token"] = token if state else None
        elif isinstance(event, TrialEnded):
            facts = {"op": "end", "state": str(event.state)}
        else:
            return None
        return {**facts, "key": event.run_id, "number": self._numbers.get(event.run_id, -1)}


def recorded(open_store: Callable[..., Store], recorder: Recorder) -> Callable[..., Any]:
    """Return ``open_store`` whose stores keep a history."""
    return lambda *args, **kwargs: RecordedStore(open_store(*args, **kwargs), recorder)


def shorten() -> None:
    """Take the seconds of the environment for those of the product."""
    if lease := float(os.environ.get("CHAOS_LEASE", 0)):
        sweeper.controller.guard.LEASE_SECONDS = sweeper.controller.session.LEASE_SECONDS = lease
        sweeper.controller.guard.RENEW_SECONDS = lease / 3
    sweeper.controller.session.GRACE = float(os.environ.get("CHAOS_GRACE", sweeper.controller.session.GRACE))


def main() -> None:
    from sweeper.cli import main as command

    recorder = Recorder(Path(os.environ["CHAOS_HISTORY"]), "controller")
    shorten()
    sweeper.store.open_store = recorded(sweeper.store.open_store, recorder)
    sweeper.api.running._report_hook = lambda report: []
    command()


if __name__ == "__main__":
    main()
