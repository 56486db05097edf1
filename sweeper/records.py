"""The facts that rooms hand to one another: frozen dataclasses and the words for states.

Times are float seconds since the epoch. Ids are UUIDv7 in 32 hexadecimal digits, made by whoever
creates the thing. Parameters are a flat dict; a nested parameter has a dotted name.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Params = dict[str, Any]
Direction = Literal["minimize", "maximize"]


class RunState(StrEnum):
    """States of a trial and of any run outside sweeps."""

    QUEUED = "queued"  #: proposed, waits for a worker
    RUNNING = "running"  #: a worker executes it
    COMPLETE = "complete"  #: ended with a value
    PRUNED = "pruned"  #: stopped early, its history counts
    FAILED = "failed"  #: ended without a value; the failure says why
    CANCELLED = "cancelled"  #: a person ended it

    @property
    def ended(self) -> bool:
        return self not in (RunState.QUEUED, RunState.RUNNING)


class SweepState(StrEnum):
    """States of a sweep (Weights & Biases' words, and ``interrupted``)."""

    RUNNING = "running"  #: a controller owns it
    PAUSED = "paused"  #: owned, starts no new trials
    INTERRUPTED = "interrupted"  #: no controller; can be resumed
    STOPPED = "stopped"  #: a person ended it, running trials finished
    CANCELLED = "cancelled"  #: a person ended it, running trials died
    FINISHED = "finished"  #: its budget is used
    FAILED = "failed"  #: it could not go on

    @property
    def ended(self) -> bool:
        return self not in (SweepState.RUNNING, SweepState.PAUSED, SweepState.INTERRUPTED)


class FailureClass(StrEnum):
    """How an attempt ended when it did not end well."""

    EXCEPTION = "exception"  #: the objective raised
    EXIT = "exit"  #: its process exited (sys.exit, os._exit, a command's exit code)
    SIGNAL = "signal"  #: its process died of a signal
    OOM = "oom"  #: it ran out of memory
    TIMEOUT = "timeout"  #: it was killed at its deadline
    LOST = "lost"  #: its worker or controller disappeared
    PREEMPTED = "preempted"  #: a scheduler took the machine
    UNPICKLABLE = "unpicklable"  #: its arguments or result cannot travel
    INVALID_VALUE = "invalid-value"  #: it returned something that is not a metric


@dataclass(frozen=True, slots=True)
class Goal:
    """A metric and which way is better. ``target``: the sweep stops when it is reached."""

    name: str
    direction: Direction = "minimize"
    target: float | None = None

    @property
    def sign(self) -> float:
        """1 when smaller is better, -1 when larger is: ``sign * value`` is always minimised."""
        return 1.0 if self.direction == "minimize" else -1.0

    def better(self, one: float, other: float) -> bool:
        return self.sign * one < self.sign * other

    def reached(self, value: float) -> bool:
        return self.target is not None and self.sign * value <= self.sign * self.target


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed: its class, one readable sentence, and the evidence."""

    kind: FailureClass
    message: str
    traceback: str = ""
    exit_code: int | None = None
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a trial ended. ``values`` has one float per goal, in the order of the sweep's goals.

    ``values`` is set for COMPLETE; for PRUNED with a single goal it holds the last reported value
    and ``step`` the step it was reported at. ``metrics`` holds every number the objective returned.
    """

    state: RunState
    values: tuple[float, ...] | None = None
    failure: Failure | None = None
    step: int | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a metric: NaN and infinities are allowed and kept."""

    key: str
    value: float
    step: int = 0
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """Anything tracked. ``kind`` is "sweep", "trial" or "run"; ``artifact_uri`` is where its files are."""

    id: str
    name: str
    kind: str = "run"
    state: RunState | SweepState = RunState.RUNNING
    parent_id: str | None = None
    experiment_id: str = ""
    started: float | None = None
    ended: float | None = None
    user: str = ""
    artifact_uri: str = ""
    deleted: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial as it is stored. ``values`` follows the sweep's goals; ``params`` keep their types."""

    run_id: str
    sweep_id: str
    number: int
    state: RunState
    params: Params
    values: tuple[float, ...] | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 0
    failure: Failure | None = None
    created: float | None = None
    started: float | None = None
    ended: float | None = None
    worker: str = ""
    output: str = ""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class BestTrial:
    """The best acknowledged trial of a sweep with one goal."""

    number: int
    run_id: str
    value: float
    params: Params


@dataclass(frozen=True, slots=True)
class SweepRecord:
    """A sweep as it is stored.

    ``config`` is the resolved sweep file as plain JSON values, ``source`` the file as written (YAML),
    ``space`` the search space in the file's grammar. ``counts`` maps each trial state to a number.
    ``trials`` is the budget in trials (None: without limit). ``seed`` is always set. ``seconds`` is the time that
    controllers have worked on it, in all.
    """

    id: str
    name: str
    state: SweepState
    method: str
    goals: tuple[Goal, ...]
    space: Mapping[str, Any]
    config: Mapping[str, Any]
    source: str = ""
    seed: int = 0
    trials: int | None = None
    experiment_id: str = ""
    experiment: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    best: BestTrial | None = None
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    reason: str = ""
    seconds: float = 0.0
    artifact_uri: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fence:
    """The right to write a sweep's own rows: refused once another controller holds a higher token."""

    sweep_id: str
    token: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease: enough to see from the same host whether that process still lives."""

    host: str
    pid: int
    started: float  #: start time of the process in seconds since boot, guards against pid reuse
    boot_id: str = ""
    pid_namespace: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A name in the model registry, with MLflow's meaning. ``aliases`` maps each alias to the version it names."""

    id: str
    name: str
    description: str = ""
    created: float = 0.0
    updated: float = 0.0
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)


STAGES = ("None", "Staging", "Production", "Archived")  #: of a model version: MLflow's words and meaning
VERSION_STATES = ("PENDING_REGISTRATION", "FAILED_REGISTRATION", "READY")  #: MLflow's


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model; ``number`` counts from 1 without gaps, also over deleted ones.

    ``source`` is what was registered (``runs:/ID/model``, a path, a URL), ``location`` the folder or fsspec URL where
    its files are. ``facts`` is plain JSON: where the version comes from, its packages, the SHA-256 of each file; a
    search leaves it empty.
    """

    id: str
    name: str
    number: int = 0
    model_id: str = ""
    source: str = ""
    location: str = ""
    run_id: str | None = None
    run_link: str = ""
    stage: str = "None"
    state: str = "READY"
    message: str = ""
    user: str = ""
    description: str = ""
    created: float = 0.0
    updated: float = 0.0
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedFiles:
    """A model that an MLflow client logged through a server: its files lie below its id, not among those of its run."""

    id: str
    name: str
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One thing that happened to a registered model. ``version`` is 0 when it happened to the model itself.

    ``kind`` is "created", "renamed", "registered", "deleted", "stage" or "alias" (then ``subject`` is the alias, and
    the values are versions as text, "" for none).
    """

    time: float
    kind: str
    version: int = 0
    subject: str = ""
    old: str = ""
    new: str = ""
    user: str = ""


Curve = Sequence[tuple[int, float]]  #: (step, value) in the order reported

_random = random.Random(os.urandom(32))
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _random.seed(os.urandom(32)))


def new_id() -> str:
    """Return a UUIDv7 (RFC 9562) as 32 hexadecimal digits: sorts by creation time, unique without a server.

    Twelve bits tell the parts of a millisecond (method 3 of its section 6.2), 62 are random: what one process makes
    one after another stays in that order.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    high = (milliseconds & 0xFFFFFFFFFFFF) << 16 | 0x7000 | rest * 4096 // 1_000_000
    low = 0x8000000000000000 | _random.getrandbits(62)
    return f"{high << 64 | low:032x}"
