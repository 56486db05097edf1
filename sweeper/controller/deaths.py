"""What a dead worker's end says about its attempt."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from pathlib import Path

from sweeper.controller.intake import Active
from sweeper.events import AttemptEnded
from sweeper.interfaces import WorkerDied
from sweeper.records import Failure, FailureClass, RunState
from sweeper.trial.capture import tail_of
from sweeper.trial.worker import output_file


def died(sweep_id: str, active: Active, death: WorkerDied, output: str, oom: bool) -> AttemptEnded:
    """Return the record that ends an attempt whose process is gone. ``oom``: the kernel killed for memory meanwhile."""
    state = RunState.CANCELLED if active.killed == "cancelled" else RunState.FAILED
    failure = None if state is RunState.CANCELLED else _failure(active, death, oom)
    now = time.time()
    return AttemptEnded(
        sweep_id,
        active.run_id,
        active.attempt,
        now,
        state,
        started=None if active.since is None else now - (time.monotonic() - active.since),
        failure=failure,
        output=output,
        applied=active.applied,
    )


def told_of_kill(active: Active, ended: AttemptEnded) -> AttemptEnded:
    """Return how an attempt ended that the controller was killing: a result that came all the same counts.

    Whatever else it says, e.g. what a handler of SIGTERM raised, is our doing.
    """
    if not active.killed or ended.state is not RunState.FAILED or active.death is not None:
        return ended
    if active.killed == "cancelled":
        return replace(ended, state=RunState.CANCELLED, failure=None)
    failure = _failure(active, WorkerDied(), False)
    return replace(ended, failure=replace(failure, traceback=ended.failure.traceback if ended.failure else ""))


def output_of(runtime: Path, slot: int, death: WorkerDied) -> str:
    """Return what the trial of a dead worker printed, and remove the file. From another host it comes with the news."""
    path = output_file(runtime, slot, death.pid)
    printed = tail_of(path)
    path.unlink(missing_ok=True)
    return printed or death.output


def _failure(active: Active, death: WorkerDied, oom: bool) -> Failure:
    for kind in (FailureClass.TIMEOUT, FailureClass.OOM):
        if active.killed.startswith(kind.value):
            return Failure(kind, active.killed.partition(": ")[2], signal=death.signal)
    if active.killed == "settled":
        return Failure(FailureClass.PREEMPTED, "ended because its sweep was interrupted", signal=death.signal)
    if death.kind is not None:
        return Failure(death.kind, death.reason, exit_code=death.exit_code, signal=death.signal)
    if death.signal is not None:
        name = _signal_name(death.signal)
        if oom:
            return Failure(FailureClass.OOM, "killed by the system, which was out of memory", signal=death.signal)
        return Failure(FailureClass.SIGNAL, f"the worker process died of {name}", signal=death.signal)
    if death.exit_code is not None:
        message = f"the worker process exited with code {death.exit_code} before the objective returned"
        return Failure(FailureClass.EXIT, message, exit_code=death.exit_code)
    return Failure(FailureClass.LOST, death.reason or "the worker process was lost")


def _signal_name(number: int) -> str:
    try:
        return f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    except ValueError:
        return f"signal {number}"
