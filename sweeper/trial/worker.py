"""All that runs in a worker: :func:`start` once per process, :func:`evaluate` once per attempt."""

from __future__ import annotations

import faulthandler
import gc
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sweeper.errors import SweeperError
from sweeper.events import AttemptEnded, PointsLogged
from sweeper.interfaces import ArtifactStore
from sweeper.processes import remove_unused, start_time, use
from sweeper.records import Goal, Params, RunState
from sweeper.trial import spool
from sweeper.trial.attempt import final_points, run_objective
from sweeper.trial.capture import FileCapture, Tee
from sweeper.trial.channel import AckBoard, ChannelClient
from sweeper.trial.checkpoints import open_checkpoints
from sweeper.trial.files import ChannelArtifacts
from sweeper.trial.objective import Objective
from sweeper.trial.seeding import seeded
from sweeper.trial.stream import AttemptSink, Stream
from sweeper.trial.tracking import logged, tracked
from sweeper.trial.trial import Trial

ORPHAN_SECONDS = 3.0  #: a worker whose controller is gone ends its trial within this time


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker of a sweep gets once.

    ``runtime`` is the folder of the channel and of the output files; ``artifacts`` is "" where the worker does not
    reach them: then files go by the channel; ``params`` the top-level parameter names;
    ``data`` is where the constants lie; ``own_process`` False means the worker shares the controller's process, where
    ``timeout`` works by timer; ``finish_orphans`` lets the running trial end when the controller is gone, however
    long it takes; ``tracking`` are the variables by which an MLflow client finds the sweep, if that is open.
    """

    sweep_id: str
    experiment_id: str
    goals: tuple[Goal, ...]
    carrier: Objective
    artifacts: str
    runtime: str
    spool: str
    slots: int
    params: tuple[str, ...]
    data: str = ""
    timeout: float | None = None
    pruning: bool = False
    own_process: bool = True
    finish_orphans: bool = False
    tracking: Mapping[str, str] = field(default_factory=dict)


class Task(NamedTuple):
    """One attempt, for the worker of the folder ``runtime``.

    ``kwargs`` are the parameters as the function gets them (None: the same as ``params``).
    """

    runtime: str
    run_id: str
    number: int
    attempt: int
    serial: int
    seed: int
    params: Params
    kwargs: dict[str, Any] | None = None


_workers: dict[str, Worker] = {}  # by runtime folder: inline sweeps may be nested, or run in several threads


def start(slot: int, setup: Setup, key: str = "") -> None:
    """Make this process the worker of a slot. ``key``: the runtime folder that tasks name, where it is another one."""
    _workers[key or setup.runtime] = Worker(slot, setup)


def evaluate(task: Task) -> bytes:
    """Run one attempt and return the last frame of its records."""
    if task.runtime not in _workers:
        raise RuntimeError("evaluate was called before start")
    return _workers[task.runtime].evaluate(task)


def stop(runtime: str) -> None:
    """Take down a worker that shares its controller's process."""
    if (worker := _workers.pop(runtime, None)) is not None:
        worker.close()


class Worker:
    """The state of a worker process."""

    def __init__(self, slot: int, setup: Setup) -> None:
        self._slot, self._setup = slot, setup
        runtime = Path(setup.runtime)
        self._capture = FileCapture(output_file(runtime, slot, os.getpid())) if setup.own_process else None
        if setup.own_process:
            faulthandler.enable()
            self._lock = use(runtime)
            _register(Path(setup.spool))
        self._artifacts: ArtifactStore | None = None
        self._board = AckBoard(runtime, setup.slots)
        self._stream = Stream(self._send, self._open_artifacts)
        self._busy = threading.Lock()
        self._gone = threading.Event()
        self._channel = ChannelClient(runtime, slot, os.getpid(), self._tick, self._orphaned)
        self._call = setup.carrier.caller(setup)
        self._last = 0.0
        if setup.own_process:
            gc.freeze()  # loky collects garbage every second: only what trials make is walked through then

    def close(self) -> None:
        self._channel.close()
        self._board.close()

    def evaluate(self, task: Task) -> bytes:
        with self._busy:
            if self._gone.is_set():
                self._leave()
            self._stream.acknowledge(*self._board.read(self._slot))
            frame = self._attempt(task, self._stream.begin(task.run_id, task.attempt, task.serial))
            if self._gone.is_set():
                self._leave()
            return frame

    def _attempt(self, task: Task, sink: AttemptSink) -> bytes:
        setup = self._setup
        trial = Trial(
            task.run_id,
            sink,
            number=task.number,
            params=task.params,
            seed=task.seed,
            attempt=task.attempt,
            goal=setup.goals[0],
            experiment_id=setup.experiment_id,
            judge=self._judge(task) if setup.pruning else None,
            checkpoints=lambda: open_checkpoints(
                self._open_artifacts(),
                setup.sweep_id,
                task.run_id,
                task.attempt,
                Path(setup.runtime, "checkpoints"),
                before=self._stream.flush,
            ),
        )
        if self._last > 0.05:
            _reset_peak()
        tee = None if self._capture else Tee()
        started = time.time()
        clock = time.monotonic()
        try:
            with tracked(setup.tracking, task.run_id), seeded(task.seed, restore=not setup.own_process):
                ended = run_objective(self._call, trial, task.kwargs or task.params, setup.goals, setup.timeout)
                _leave_checkpoints(trial, ended.state)
                others = logged(task.run_id)
        finally:
            self._last = time.monotonic() - clock
            printed = self._capture.take() if self._capture else tee.close() if tee else ""
        new = {name: value for name, value in ended.metrics.items() if others.get(name) != value}
        if points := final_points(trial, new):
            sink.emit(PointsLogged(task.run_id, points, task.attempt))
        return self._stream.finish(
            lambda applied: AttemptEnded(
                setup.sweep_id,
                task.run_id,
                task.attempt,
                started + self._last,
                ended.state,
                started=started,
                values=ended.values,
                metrics={**others, **trial.metrics, **ended.metrics},
                failure=ended.failure,
                output=printed,
                peak_memory=max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, trial.peak_memory),
                applied=applied,
                step=ended.step,
            )
        )

    def _judge(self, task: Task) -> Callable[[int, float], bool]:
        def judge(step: int, value: float) -> bool:
            return self._channel.ask(task.run_id, task.number, step, value)

        return judge

    def _send(self, frame: bytes) -> None:
        self._channel.send(frame)

    def _open_artifacts(self) -> ArtifactStore:
        if self._artifacts is None:
            from sweeper.artifacts import open_artifacts

            setup, channel = self._setup, self._channel
            reached = bool(setup.artifacts)
            self._artifacts = (
                open_artifacts(setup.artifacts) if reached else ChannelArtifacts(channel, Path(setup.runtime))
            )
        return self._artifacts

    def _tick(self) -> None:
        self._stream.tick()
        if self._capture:
            self._capture.bound()

    def _orphaned(self) -> None:
        """The controller is gone: let the running trial end if it is quick, keep its result, and leave."""
        if not self._setup.own_process:
            return
        self._gone.set()
        patience = -1 if self._setup.finish_orphans else ORPHAN_SECONDS
        self._busy.acquire(timeout=patience)
        self._leave()

    def _leave(self) -> None:
        self._stream.acknowledge(*self._board.read(self._slot))
        frames = self._stream.unacknowledged()
        spool.write(Path(self._setup.spool), f"{os.getpid()}-{time.time_ns()}", frames)
        os.close(self._lock)
        remove_unused(Path(self._setup.runtime))  # others may still run a trial there
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)  # with whatever the objective started
        os._exit(0)


def _leave_checkpoints(trial: Trial, state: RunState) -> None:
    """A store that cannot be reached does not change how the attempt ended; what it printed says so."""
    try:
        trial.leave_checkpoints(done=state in (RunState.COMPLETE, RunState.PRUNED))
    except (SweeperError, OSError) as error:
        print(f"The checkpoint of trial {trial.number} could not be handed on: {error}")


def workers_of(folder: Path) -> list[Path]:
    """Return the notes of the workers that keep their spool in ``folder``: named ``pid-start.worker``."""
    return list(folder.glob("*.worker"))


def _register(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    started = start_time(os.getpid()) or 0.0
    (folder / f"{os.getpid()}-{started:.2f}.worker").touch()


def output_file(runtime: Path, slot: int, pid: int) -> Path:
    """Return the file that holds what the running trial of a worker printed."""
    return runtime / f"output-{slot}-{pid}.log"


def _reset_peak() -> None:
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass
