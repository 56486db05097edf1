"""What can be written: small frozen records, the same from worker to store, over a socket or over HTTP.

A worker's records are one numbered stream of these; the controller adds its own; the store's writer applies them in
order, and applying one twice changes nothing. :mod:`sweeper.wire` turns them into JSON: no pickle crosses a process
boundary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sweeper.records import (
    BestTrial,
    Failure,
    ModelVersion,
    Params,
    Point,
    Run,
    RunState,
    SweepRecord,
    SweepState,
)


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run outside sweeps, or one nested below a trial, begins. The same id again changes nothing."""

    run: Run


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run that is not a trial ends. Ends every open run below it too. A state once ended stays."""

    run_id: str
    state: RunState
    time: float


@dataclass(frozen=True, slots=True)
class RunUpdated:
    """A client of the tracking protocol changes a run (None: as it was); an ended one may run again.

    What a controller owns keeps its state and its end: the wish is kept as the tag ``sweeper.client_status``.
    """

    run_id: str
    time: float
    state: RunState | None = None
    ended: float | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ParamsLogged:
    """Parameters of a run as text. A key keeps its first value; another value is an error."""

    run_id: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PointsLogged:
    """Values of metrics. ``attempt`` is the trial's attempt that measured them (0 outside trials)."""

    run_id: str
    points: tuple[Point, ...]
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class TagsSet:
    """Tags of a run; a later value replaces an earlier one."""

    run_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TagsDeleted:
    """Tags of a run that are no longer wanted."""

    run_id: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SweepCreated:
    """A sweep and its parent run. ``params`` and ``tags`` go to the parent run."""

    sweep: SweepRecord
    tags: Mapping[str, str]
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SweepChanged:
    """A sweep's state, its budget or its config changes (None: as it was)."""

    sweep_id: str
    time: float
    state: SweepState | None = None
    trials: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SweepRevised:
    """A sweep goes on with another config. ``note`` says what changed; it is kept as the tag ``sweeper.revision.N``.

    ``space`` and ``config`` are as in the sweep's record, ``source`` is the file as written.
    """

    sweep_id: str
    revision: int
    space: Mapping[str, Any]
    config: Mapping[str, Any]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """Counts by trial state, the best trial so far, and the seconds that controllers have worked on it in all."""

    sweep_id: str
    counts: Mapping[str, int]
    best: BestTrial | None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TrialCreated:
    """A trial is proposed: its row and its run exist from here on, state queued."""

    sweep_id: str
    run_id: str
    number: int
    params: Params
    seed: int
    time: float


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A worker executes a trial; ``attempt`` counts from 1. The trial is running."""

    sweep_id: str
    run_id: str
    attempt: int
    worker: str
    time: float


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """An attempt ended; with ``state`` the trial ends too, without it the trial waits for another attempt.

    The terminal state of a trial is written once. ``applied`` is the number of records of the attempt's
    stream that are written with or before this one. ``peak_memory`` is in bytes; ``step`` is where a pruned trial's
    last report was.
    """

    sweep_id: str
    run_id: str
    attempt: int
    time: float
    state: RunState | None
    started: float | None = None
    values: tuple[float, ...] | None = None
    metrics: Mapping[str, float] | None = None
    failure: Failure | None = None
    output: str = ""
    peak_memory: int | None = None
    applied: int = 0
    step: int | None = None


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """A trial that waits for another attempt gets none: it ends as it is. Nothing happens to one that has ended."""

    sweep_id: str
    run_id: str
    state: RunState
    time: float
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class StreamApplied:
    """The first ``applied`` records of an attempt's stream are written with or before this one."""

    sweep_id: str
    run_id: str
    attempt: int
    applied: int


@dataclass(frozen=True, slots=True)
class ControlWanted:
    """Somebody asks the controller of a sweep to pause, resume, stop or cancel."""

    sweep_id: str
    wanted: str
    by: str
    time: float


@dataclass(frozen=True, slots=True)
class ModelCreated:
    """A registered model without versions. The same id again changes nothing; a name that is taken is an error."""

    model_id: str
    name: str
    time: float
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    by: str = ""


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """A registered model gets another name or description (None: as it was)."""

    model_id: str
    time: float
    name: str | None = None
    description: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class ModelDeleted:
    """A registered model goes, with its versions, tags, aliases and history."""

    model_id: str


@dataclass(frozen=True, slots=True)
class VersionCreated:
    """A version of the model ``version.name`` gets the next number. The same id again changes nothing.

    Its tags, aliases and stage come with it, in one transaction. ``new_model`` is the id under which the model is
    created when there is none of that name ("": that is an error). ``others`` as in :class:`StageChanged`.
    """

    version: ModelVersion
    time: float
    new_model: str = ""
    others: str | None = None


@dataclass(frozen=True, slots=True)
class VersionChanged:
    """A version's description, state or message changes (None: as it was)."""

    model_id: str
    number: int
    time: float
    description: str | None = None
    state: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class VersionDeleted:
    """A version goes, with its aliases; its number is never given again."""

    model_id: str
    number: int
    time: float
    by: str = ""


@dataclass(frozen=True, slots=True)
class ModelTagged:
    """Tags of a version (0: of the model itself) are set; one whose value is None goes."""

    model_id: str
    number: int
    tags: Mapping[str, str | None]
    time: float


@dataclass(frozen=True, slots=True)
class AliasMoved:
    """An alias names this version from now on (None: no version), and no other one.

    ``expected``: refused when it names another version now (0: none) than this one; None: whatever it names.
    """

    model_id: str
    alias: str
    number: int | None
    time: float
    by: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class StageChanged:
    """A version goes to a stage. ``others``: the stage to which the others in that stage go (None: they stay).

    ``expected``: refused when it is in another stage now than this one; None: whatever it is in.
    """

    model_id: str
    number: int
    stage: str
    time: float
    by: str = ""
    others: str | None = None
    expected: str | None = None


Event = (
    RunStarted
    | RunEnded
    | RunUpdated
    | ParamsLogged
    | PointsLogged
    | TagsSet
    | TagsDeleted
    | SweepCreated
    | SweepChanged
    | SweepRevised
    | SweepProgress
    | TrialCreated
    | AttemptStarted
    | AttemptEnded
    | TrialEnded
    | StreamApplied
    | ControlWanted
    | ModelCreated
    | ModelChanged
    | ModelDeleted
    | VersionCreated
    | VersionChanged
    | VersionDeleted
    | ModelTagged
    | AliasMoved
    | StageChanged
)
