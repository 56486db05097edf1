"""The records of running attempts, put in order: frames come by the channel, the last one with the call's result."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sweeper.events import AttemptEnded, Event
from sweeper.interfaces import WorkerDied
from sweeper.records import Failure, Params, RunState, TrialRecord
from sweeper.trial.frames import Frame

STRAGGLERS = 2.0  #: seconds that a dead worker's last records are waited for


@dataclass(slots=True)
class Active:
    """A trial that a slot has: what it is, how far its records came, and how its attempt ended."""

    number: int
    run_id: str
    params: Params
    attempt: int
    serial: int = 0
    slot: int = -1
    applied: int = 0
    returned: bool = False  #: its call returned or died: the slot is free
    last: Frame | None = None
    death: WorkerDied | None = None
    since: float | None = None  #: when a worker was seen to have begun it (monotonic seconds)
    died_at: float = 0.0  #: when the call returned or died
    failure: Failure | None = None  #: of the attempt before, while it waits for another
    killed: str = ""  #: why the controller ended it: "timeout: ...", "oom: ...", "cancelled", "settled"

    def take(self, frame: Frame) -> list[Event]:
        """Return the records of ``frame`` that are new; none when some before them are missing, which is an error."""
        if frame.first > self.applied:
            return []
        events = list(frame.events[self.applied - frame.first :])
        self.applied = max(self.applied, frame.end)
        return events

    def final(self) -> list[Event] | None:
        """Return the last records once nothing before them is missing; None: wait for the channel."""
        if self.last is None or self.last.first > self.applied:
            return None
        return self.take(self.last)

    def record(self, sweep_id: str, ended: AttemptEnded, state: RunState) -> TrialRecord:
        """Return the trial as the store will have it."""
        return TrialRecord(
            self.run_id,
            sweep_id,
            self.number,
            state,
            self.params,
            ended.values,
            ended.metrics or {},
            self.attempt,
            ended.failure,
            started=ended.started,
            ended=ended.time,
        )

    def given_up(self, gone: bool) -> bool:
        """Return whether nothing more can come from a worker that died; ``gone``: its channel is closed and drained."""
        drained = gone or (self.death is not None and not self.death.pid)
        return self.death is not None and (drained or time.monotonic() - self.died_at > STRAGGLERS)

    def incomplete(self) -> bool:
        """Return whether the call returned long ago and records before its last ones never came."""
        return self.last is not None and time.monotonic() - self.died_at > STRAGGLERS
