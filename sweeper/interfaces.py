"""The interfaces between rooms. Each contract stands here, once.

Thread-safety: unless a docstring says otherwise, an object is used by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from sweeper.events import Event
from sweeper.records import (
    BestTrial,
    Curve,
    FailureClass,
    Fence,
    Holder,
    LoggedFiles,
    ModelChange,
    ModelVersion,
    Outcome,
    Params,
    Point,
    RegisteredModel,
    Run,
    RunState,
    SweepRecord,
    TrialRecord,
)


@runtime_checkable
class Sampler(Protocol):
    """Proposes parameters. Made with ``(space, goals, seed, **options)``; knows nothing of stores or workers.

    ``ask`` and ``tell`` are called by one thread. Proposals depend on the seed, the trial number and what
    was told before, on nothing else: the same history gives the same proposals.

    A sampler whose class has a true ``TAKES_PAST`` may also be made with ``past``, a
    :class:`sweeper.samplers.warm.prior.Past`: good points of past sweeps, in the space of now.
    """

    def ask(self, number: int) -> Params | None:
        """Return the active parameters for trial ``number``, constants included, constraints kept.

        Asked-but-not-told numbers are running; a sampler may avoid proposing near them.
        Returns None when the space is exhausted (a grid is through): then and later.
        """
        ...

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Learn how a trial ended. Also for numbers this object never asked: that is resume.

        Failed, pruned and cancelled trials are told as well. ``params`` outside the space are ignored.
        """
        ...


class Pruner(Protocol):
    """Decides whether a running trial should stop early. A pure function; values are to be minimised.

    Made with ``(goal, **options)``; raises UsageError for options it does not take.
    """

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        """Return True to stop. ``curve`` is the asking trial's, ``rivals`` the others' by trial number.

        A controller's ``rivals`` are a :class:`sweeper.pruners.rivals.Rivals`, which has the values at one report in
        order, and knows how long a whole run is.
        """
        ...


class Executor(Protocol):
    """Runs functions in slots: a slice of ``concurrent.futures``, plus the power to kill.

    Made with ``(slots, start, start_args, **options)``; ``start(slot, *start_args)`` runs once in each new worker
    process before its first function. ``submit`` may be called again from a future's callback.

    A class whose workers may be on other hosts says ``remote = True``; it is made with ``outpost``, ``receive`` and
    ``notice`` as well (see :class:`Outpost`) and has ``post(slot, message, urgent=True)``. One that needs a cluster has
    a class method ``connect(workers, options, notice)``: reach it, tell ``notice`` when that takes a while, and return
    how many slots to use, ``workers`` when given.
    """

    slots: int
    own_process: bool  #: a call runs in another process than the controller's

    def submit(self, slot: int, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Queue ``fn(*args)`` behind whatever ``slot`` runs. The future fails with a :class:`WorkerDied`
        when the process of the slot ends; a call queued behind the one that killed it runs in the next process."""
        ...

    def usable(self, slot: int) -> bool:
        """Return whether the slot should be given calls: False while a place for its worker is waited for."""
        ...

    def running_since(self, slot: int) -> float | None:
        """Return when the slot's current call began (monotonic seconds of this host), None while it is idle."""
        ...

    def pid(self, slot: int) -> int | None:
        """Return the process (leader of its group) that runs the slot's calls; None when it is none of this host."""
        ...

    def kill(self, slot: int, grace: float = 2.0) -> None:
        """End what the slot runs now, its whole process group: SIGTERM, ``grace`` seconds, SIGKILL.

        Only this one; its neighbours go on. Returns at once; the future fails with :class:`WorkerDied`.
        """
        ...

    def close(self, *, cancel: bool = False) -> None:
        """End the workers after what they run; with ``cancel`` at once. No process is left behind."""
        ...


class WorkerDied(Exception):
    """The process ``pid`` of a slot ended while a call ran in it, by an exit code, a signal, or for another reason.

    ``kind`` is set where the executor knows more than that; ``output`` is what the call printed, from another host.
    """

    def __init__(
        self,
        exit_code: int | None = None,
        signal: int | None = None,
        reason: str = "",
        pid: int = 0,
        kind: FailureClass | None = None,
        output: str = "",
    ) -> None:
        self.exit_code, self.signal, self.reason, self.pid = exit_code, signal, reason, pid
        self.kind, self.output = kind, output
        super().__init__(reason or f"worker died (exit code {exit_code}, signal {signal})")

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.exit_code, self.signal, self.reason, self.pid, self.kind, self.output))


class SlotUnusable(WorkerDied):
    """No worker of the slot can start, and none will: the reason says why."""


Message = tuple[Any, ...]  #: of plain values: between a controller and its outposts


class Outpost(Protocol):
    """Stands in for the controller beside a worker on another host: where the worker's channel ends.

    It is pickled by an executor that has such workers, once for each slot. What it sends arrives, in order, at the
    ``receive(slot, message)`` that the executor was made with; the executor's ``post(slot, message)`` sends to it.
    """

    def open(self, slot: int, folder: Path, data: str, send: Callable[[Message], None]) -> tuple[Any, ...]:
        """Begin, in a new folder of the host; return the start arguments for the workers here.

        ``data`` is where the shared data lie on this host. ``send`` may be called from any thread.
        """
        ...

    def receive(self, message: Message) -> None:
        """Take what the controller sent."""
        ...

    def died(self, death: WorkerDied) -> WorkerDied:
        """Return how a worker here died with what only this host knows: its output, the kernel's kills for memory."""
        ...

    def close(self) -> None:
        """The workers are gone."""
        ...


@dataclass(frozen=True, slots=True)
class Control:
    """What somebody wants of a running sweep: "pause", "resume", "stop" or "cancel"."""

    wanted: str
    by: str
    time: float


class Models(Protocol):
    """What a store keeps of the model registry, for reading from any thread; it changes by events.

    Raises NotFound with the nearest names, UsageError for a filter that cannot be read.
    """

    def find(self, name: str) -> RegisteredModel:
        """Return the model of that name."""
        ...

    def version(self, name: str, number: int) -> ModelVersion:
        """Return one version with its facts."""
        ...

    def version_by_id(self, version_id: str) -> ModelVersion:
        """Return the version that was created under this id."""
        ...

    def versions(self, name: str, *, facts: bool = True) -> list[ModelVersion]:
        """Return the versions of a model, the oldest first, without deleted ones, and without ``facts`` if so asked."""
        ...

    def changes(self, name: str) -> list[ModelChange]:
        """Return what happened to a model, the oldest first."""
        ...

    def search(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[RegisteredModel]:
        """Return models that match MLflow's filter grammar (name, tags.KEY, times), by name."""
        ...

    def search_versions(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[ModelVersion]:
        """Return versions that match MLflow's filter grammar (name, run_id, source_path, version_number, stage,
        tags.KEY, times), the latest changed first, without facts."""
        ...

    def logged(self, ref: str) -> list[LoggedFiles]:
        """Return the models that MLflow's clients logged, whole, in the run ``ref``, or the one of that id; the latest
        first."""
        ...


class Store(Protocol):
    """The database of runs. All methods are safe to call from any thread.

    ``write`` queues; everything queued is applied in order by one writer thread, and committed durably
    before the returned future resolves. Reading sees what is committed.
    """

    url: str  #: as a person may see it: passwords masked
    artifacts: str  #: root of the files of runs, by run id: a folder or an fsspec URL

    @property
    def models(self) -> Models:
        """The model registry."""
        ...

    @property
    def trouble(self) -> str:
        """Why nothing can be written at the moment, in one sentence; "" while all is well.

        What is queued is kept and tried again: without limit on a full or broken disk, for a settable time while a
        connection is lost.
        """
        ...

    def write(self, *events: Event, fence: Fence | None = None) -> Future[None]:
        """Apply ``events`` in one transaction. With ``fence`` the transaction first checks that no newer token
        exists for that sweep. Fails with LeaseLost, StoreError, or UsageError for an event that breaks a rule."""
        ...

    def flush(self) -> None:
        """Return when everything queued so far is committed; raise what failed since the last flush."""
        ...

    def experiment(self, name: str) -> str:
        """Return the id of the experiment ``name``, creating it if needed."""
        ...

    def acquire(self, sweep_id: str, holder: Holder, seconds: float, *, dead: Holder | None = None) -> Fence:
        """Take the lease of a sweep. Raises LeaseHeld while another holds it.

        ``dead`` is a holder known to be dead: the lease is taken from it, and from no other that came meanwhile.
        """
        ...

    def renew(self, fence: Fence, seconds: float) -> None:
        """Extend the lease, also after it ran out unless another took it. Raises LeaseLost."""
        ...

    def release(self, fence: Fence) -> None:
        """Give the lease back. Nothing happens if it is no longer ours."""
        ...

    def lease(self, sweep_id: str) -> tuple[Holder, float] | None:
        """Return who holds the lease and the seconds left by the database's clock (negative: run out)."""
        ...

    def control(self, sweep_id: str) -> Control | None:
        """Return the latest wish for a sweep."""
        ...

    def find_sweep(self, ref: str) -> SweepRecord:
        """Return the sweep named by ``ref``: a name (the latest of it), an id, the last 6 or more characters of
        an id, or "last". Raises NotFound with the nearest names."""
        ...

    def sweeps(self, *, name: str | None = None, limit: int | None = None) -> list[SweepRecord]:
        """Return sweeps, the latest first."""
        ...

    def trials(
        self, sweep_id: str, *, numbers: Sequence[int] | None = None, states: Sequence[RunState] | None = None
    ) -> list[TrialRecord]:
        """Return the trials of a sweep in the order of their numbers (without their output): all, or only those with
        one of these numbers, or in one of these states."""
        ...

    def find_trial(self, ref: str) -> TrialRecord:
        """Return one trial with its output: by run id, the end of one, or ``SWEEP:NUMBER``."""
        ...

    def attempts(self, run_id: str) -> list[dict[str, Any]]:
        """Return the attempts of a trial, oldest first, as plain dicts."""
        ...

    def run(self, run_id: str) -> Run:
        """Return one run with params, latest metrics and tags."""
        ...

    def children(self, run_id: str) -> list[Run]:
        """Return the runs directly below one, oldest first."""
        ...

    def runs(
        self,
        where: str | None = None,
        *,
        experiment: str | None = None,
        kinds: Sequence[str] | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Run]:
        """Return runs that match MLflow's filter grammar, e.g. ``metrics.accuracy > 0.9 and params.kind = 'a'``."""
        ...

    def points(self, run_ids: Sequence[str], keys: Sequence[str] | None = None) -> dict[str, list[Point]]:
        """Return the metric histories of runs, in the order logged."""
        ...

    def artifacts_of(self, run_id: str) -> str:
        """Return where the files of a run are: a folder, or an fsspec URL."""
        ...

    def close(self) -> None:
        """Write what is queued and close. Nothing may be called afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """A sweep at one moment, for whoever shows it.

    ``seconds`` of work since the start; ``eta`` seconds left, as likely more as less, and ``late``: with 95 % less than
    that; None where not known.
    """

    name: str
    state: str
    total: int | None
    counts: Mapping[str, int]
    best: BestTrial | None
    values: tuple[float, ...] | None
    seconds: float
    rate: float
    eta: float | None
    note: str = ""
    late: float | None = None


class Hook:
    """What floor 8 hands to the controller. Every method may be left out; an error in one is reported, never fatal."""

    def started(self, sweep: SweepRecord, store: Store) -> None:
        """The sweep is in the store and about to dispatch its first trial."""

    def trial_ended(self, sweep: SweepRecord, trial: TrialRecord) -> None:
        """A trial ended and its record was handed to the writer."""

    def progress(self, progress: Progress) -> None:
        """Called about 5 times a second."""

    def sidecar(self, sweep: SweepRecord, store: Store) -> AbstractContextManager[Mapping[str, str]] | None:
        """Give environment variables for the workers, for as long as they live; None: nothing."""
        return None

    def notice(self, message: str) -> None:
        """One sentence that a person should see."""

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        """Everything is committed; the workers are gone."""


class ArtifactStore(Protocol):
    """Files of runs, by relative POSIX path below one root. Used by any thread."""

    root: str

    def put(self, local: Path, path: str) -> None:
        """Copy a file or a folder to ``path``: a temporary name first, then a rename."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Write one file whole or not at all."""
        ...

    def read(self, path: str) -> bytes:
        """Return a file's content. Raises NotFound."""
        ...

    def open(self, path: str) -> IO[bytes]:
        """Return a file open for reading, which can seek. Raises NotFound, or UsageError for a folder."""
        ...

    def new_file(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """Give a file to write into; it takes its name when the block ends well, and is gone when it raises."""
        ...

    def list(self, path: str = "") -> list[tuple[str, bool, int]]:
        """Return (path, is folder, size in bytes) of what is directly below ``path``, sorted."""
        ...

    def get(self, path: str, local: Path) -> Path:
        """Copy a file or folder to a local path and return it."""
        ...

    def delete(self, path: str) -> None:
        """Remove a file or a folder; nothing happens if it is not there."""
        ...
