"""What an earlier controller left behind: its workers, results that they spooled, attempts in flight."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from sweeper.artifacts import open_artifacts
from sweeper.controller.retry import RetryPolicy
from sweeper.errors import SweeperError, UsageError
from sweeper.events import AttemptEnded, Event, StreamApplied
from sweeper.interfaces import Store
from sweeper.processes import start_time
from sweeper.records import Failure, FailureClass, Fence, RunState, TrialRecord
from sweeper.trial import checkpoints, spool
from sweeper.trial.frames import Frame
from sweeper.trial.worker import ORPHAN_SECONDS, workers_of

LOST = Failure(FailureClass.LOST, "its controller disappeared while it ran")


def recover(
    store: Store, fence: Fence, folder: Path, retry: RetryPolicy, notice: Callable[[str], None] = lambda _: None
) -> None:
    """Bring a sweep's rows to what really happened; ``folder`` is its spool on this host.

    Old workers of this host are given time to leave and then ended; spooled results are written; attempts that are
    still open after that are lost, and their trials wait to be tried again.
    """
    end_workers(folder)
    trials = {trial.run_id: trial for trial in store.trials(fence.sweep_id, states=[RunState.RUNNING])}
    for path in spool.files(folder):
        try:
            ingest(store, fence, spool.read(path), trials, retry)
        except (ValueError, UsageError) as error:
            aside = path.with_suffix(".unreadable")
            path.rename(aside)
            notice(f"Results that a worker left could not be taken and are kept in {aside}: {error}")
        else:
            path.unlink()
    now = time.time()
    for trial in store.trials(fence.sweep_id, states=[RunState.RUNNING]):
        lost = AttemptEnded(fence.sweep_id, trial.run_id, trial.attempts, now, None, failure=LOST)
        store.write(lost, fence=fence).result()


def ingest(
    store: Store, fence: Fence, frames: Iterable[Frame], trials: dict[str, TrialRecord], retry: RetryPolicy
) -> None:
    """Write spooled frames: each record once, and only for the attempt that one of the running ``trials`` is at."""
    for frame in frames:
        trial = trials.get(frame.run_id)
        if trial is None or trial.attempts != frame.attempt:
            continue
        applied = next((a["applied"] for a in store.attempts(frame.run_id) if a["attempt"] == frame.attempt), 0)
        if frame.first > applied:
            continue
        events: list[Event] = list(frame.events[applied - frame.first :])
        if not events:
            continue
        last = events[-1]
        if isinstance(last, AttemptEnded):
            again = last.failure is not None and retry.delay(trial.number, last.failure.kind) is not None
            events[-1] = replace(last, state=None) if again else last
        else:
            events.append(StreamApplied(fence.sweep_id, frame.run_id, frame.attempt, frame.end))
        store.write(*events, fence=fence).result()


def end_workers(folder: Path, patience: float = ORPHAN_SECONDS + 2.0) -> int:
    """Wait for the old workers of this host to leave, end those that do not, and return how many those were."""
    deadline = time.monotonic() + patience
    while (living := _living(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in living:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    for path in workers_of(folder):
        path.unlink(missing_ok=True)
    return len(living)


def drop_checkpoints(store: Store, sweep_id: str, notice: Callable[[str], None]) -> None:
    """Remove the checkpoints of trials that ended well or were cancelled; a failed trial's stay, to be looked at."""
    try:
        files = open_artifacts(store.artifacts)
        needed = (RunState.QUEUED, RunState.RUNNING, RunState.FAILED)
        run_ids = checkpoints.kept(files, sweep_id)
        checkpoints.remove(files, sweep_id, [each for each in run_ids if store.find_trial(each).state not in needed])
    except (SweeperError, OSError) as error:
        notice(f"Checkpoints of trials that have ended could not be removed: {error}")


def _living(folder: Path) -> list[int]:
    found = []
    for path in workers_of(folder):
        pid, started = path.stem.split("-")
        since = start_time(int(pid))
        if since is not None and f"{since:.2f}" == started:
            found.append(int(pid))
    return found
