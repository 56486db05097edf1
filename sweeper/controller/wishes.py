"""Pause, resume, stop, cancel from outside: through the store to the controller, or in its place when there is none."""

from __future__ import annotations

import time

from sweeper.controller.session import acquire
from sweeper.controller.standing import alive
from sweeper.errors import UsageError
from sweeper.events import ControlWanted, SweepChanged, TrialEnded
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord, SweepState

HEARD_SECONDS = 5.0  #: how long a controller may take to follow a wish before we stop watching
FOLLOWED = {
    "pause": (SweepState.PAUSED,),
    "resume": (SweepState.RUNNING,),
    "stop": (SweepState.STOPPED,),
    "cancel": (SweepState.CANCELLED,),
}


def ask(store: Store, sweep: SweepRecord, wanted: str, by: str) -> SweepRecord:
    """Wish that a sweep pauses, resumes, stops or cancels; return it as it stands when the wish was followed.

    A sweep without a controller can be stopped and cancelled, for good. Raises UsageError for one that has ended, or
    that nobody runs and which therefore cannot pause.
    """
    if sweep.state.ended:
        raise UsageError(
            f"sweep {sweep.name} {sweep.id[-8:]} is {sweep.state.value} already: there is nothing to {wanted}"
        )
    if alive(store, sweep) is None:
        if wanted not in ("stop", "cancel"):
            raise UsageError(f"no process runs sweep {sweep.name} {sweep.id[-8:]}; sweeper resume {sweep.id[-8:]}")
        return _end(store, sweep, FOLLOWED[wanted][0], by)
    store.write(ControlWanted(sweep.id, wanted, by, time.time())).result()
    deadline = time.monotonic() + HEARD_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.1)
        now = store.find_sweep(sweep.id)
        if now.state in FOLLOWED[wanted] or now.state.ended:
            return now
    return store.find_sweep(sweep.id)


def _end(store: Store, sweep: SweepRecord, state: SweepState, by: str) -> SweepRecord:
    """End a sweep that nobody runs: what was in flight is cancelled."""
    fence = acquire(store, sweep)
    now = time.time()
    open_trials = [trial for trial in store.trials(sweep.id) if not trial.state.ended]
    events = [TrialEnded(sweep.id, trial.run_id, RunState.CANCELLED, now) for trial in open_trials]
    store.write(*events, SweepChanged(sweep.id, now, state, reason=f"{state.value} by {by}"), fence=fence).result()
    store.release(fence)
    return store.find_sweep(sweep.id)
