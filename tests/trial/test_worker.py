"""What runs in a worker: here in this process, and as an orphan in a process of its own."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest

from sweeper.events import AttemptEnded, PointsLogged, TagsSet
from sweeper.processes import use
from sweeper.records import FailureClass, Goal, RunState
from sweeper.trial import spool, worker
from sweeper.trial.channel import AckBoard, ChannelServer
from sweeper.trial.frames import Frame, unpack
from sweeper.trial.objective import from_function
from sweeper.trial.trial import Trial
from sweeper.trial.worker import Setup, Task

PATIENCE = 30


class Runtime:
    """A controller's end: a folder with the channel and the board of acknowledgements."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.spool = folder, folder.parent / f"{folder.name}-spool"
        self.frames: list[Frame] = []
        self.connected: list[int] = []
        self.server: ChannelServer | None = ChannelServer(
            folder, lambda slot, frame: self.frames.append(frame), self.judge, lambda slot, pid: None
        )
        self.acks = AckBoard(folder, 1)

    def leave(self) -> None:
        """The controller is gone."""
        if self.server is not None:
            self.server.close()
            self.server = None

    def judge(self, run_id: str, number: int, step: int, value: float) -> bool:
        return value > 0.5

    def setup(self, function: Callable[..., Any], params: tuple[str, ...] = ("x",), **more: Any) -> Setup:
        goals = more.pop("goals", (Goal("loss"),))
        return Setup(
            sweep_id="s",
            experiment_id="1",
            goals=goals,
            carrier=from_function(function),
            artifacts=str(self.folder / "artifacts"),
            runtime=str(self.folder),
            spool=str(self.spool),
            slots=1,
            params=params,
            own_process=more.pop("own_process", False),
            **more,
        )


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    made = Runtime(tmp_path)
    yield made
    worker.stop(str(tmp_path))
    made.leave()
    made.acks.close()


def run(
    runtime: Runtime, function: Callable[..., Any], *, serial: int = 1, **params: Any
) -> tuple[Frame, AttemptEnded]:
    """Run one attempt in this process; return its last frame and its last record."""
    worker.start(0, runtime.setup(function))
    return evaluate(serial, **params)


def evaluate(serial: int = 1, seed: int = 5, **params: Any) -> tuple[Frame, AttemptEnded]:
    frame = unpack(worker.evaluate(task(f"r{serial}", 3, 2, serial, seed, params or {"x": 1.0})))
    ended = frame.events[-1]
    assert isinstance(ended, AttemptEnded)
    return frame, ended


def task(*fields: Any) -> Task:
    """A task for the worker started last."""
    return Task(list(worker._workers)[-1], *fields)


def test_a_worker_has_to_be_started() -> None:
    with pytest.raises(RuntimeError, match="before start"):
        worker.evaluate(Task("nowhere", "r", 0, 1, 1, 0, {}))


def test_an_attempt_ends_with_everything_known_of_it(runtime: Runtime) -> None:
    def objective(x: float) -> dict[str, float]:
        print("hello")
        return {"loss": x, "other": 2.0}

    frame, ended = run(runtime, objective, serial=9, x=0.5)

    assert (frame.run_id, frame.attempt, frame.serial, frame.first) == ("r9", 2, 9, 0)
    assert (ended.sweep_id, ended.run_id, ended.attempt, ended.state) == ("s", "r9", 2, RunState.COMPLETE)
    assert (ended.values, ended.metrics, ended.failure) == ((0.5,), {"loss": 0.5, "other": 2.0}, None)
    assert ended.output == "hello\n"
    assert ended.applied == len(frame.events)
    assert ended.started is not None
    assert ended.started <= ended.time <= time.time()
    assert ended.peak_memory is not None
    assert ended.peak_memory > 2**20


def test_the_objective_sees_its_trial(runtime: Runtime) -> None:
    def objective(x: float, trial: Trial) -> float:
        trial.set_tag("seen", f"{trial.number} {trial.attempt} {trial.seed} {dict(trial.params)}")
        trial.report(0.75)
        return 0.25

    frame, _ = run(runtime, objective, x=1.0)

    tag, points = frame.events[0], frame.events[1]
    assert isinstance(tag, TagsSet)
    assert tag.tags == {"seen": "3 2 5 {'x': 1.0}"}
    assert isinstance(points, PointsLogged)
    assert [(p.key, p.value, p.step) for p in points.points] == [("loss", 0.75, 0), ("loss", 0.25, 0)]


def test_nested_parameters_go_to_the_function_and_flat_ones_to_the_trial(runtime: Runtime) -> None:
    def objective(optimizer: dict[str, float], trial: Trial) -> float:
        return optimizer["lr"] + trial.params["optimizer.lr"]

    worker.start(0, runtime.setup(objective, params=("optimizer",)))
    given = task("r", 0, 1, 1, 0, {"optimizer.lr": 0.5}, {"optimizer": {"lr": 0.5}})

    ended = unpack(worker.evaluate(given)).events[-1]

    assert isinstance(ended, AttemptEnded)
    assert ended.values == (1.0,)


def test_an_objective_that_ignores_its_seed_repeats_itself_too(runtime: Runtime) -> None:
    def objective(x: float) -> float:
        return random.random() + float(np.random.random())

    worker.start(0, runtime.setup(objective))
    first, again, other = (evaluate(serial, seed)[1].values for serial, seed in enumerate((1, 1, 2)))

    assert first == again
    assert first != other


def test_a_failure_leaves_the_worker_ready(runtime: Runtime) -> None:
    def objective(x: float) -> float:
        print("before")
        if x > 1:
            raise ValueError("too large")
        return x

    _, failed = run(runtime, objective, x=2.0)
    _, ended = evaluate(2, x=0.5)

    assert failed.failure is not None
    assert (failed.failure.kind, failed.output) == (FailureClass.EXCEPTION, "before\n")
    assert (ended.values, ended.output) == ((0.5,), "before\n")


def test_a_pruner_is_asked_at_every_report(runtime: Runtime) -> None:
    def objective(x: float, trial: Trial) -> float:
        trial.report(0.1)
        first = trial.should_prune()
        trial.report(0.9)
        return first + 2 * trial.should_prune()

    worker.start(0, runtime.setup(objective, pruning=True))

    assert evaluate()[1].values == (2.0,)


def test_long_logs_leave_in_several_frames_without_a_gap(runtime: Runtime) -> None:
    def objective(x: float, trial: Trial) -> float:
        for step in range(2500):
            trial.report(float(step))
        return 0.0

    frame, ended = run(runtime, objective)
    deadline = time.monotonic() + PATIENCE
    while len(runtime.frames) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)

    assert [f.first for f in (*runtime.frames, frame)] == [0, *(f.end for f in runtime.frames)]
    assert ended.applied == frame.end


ORPHAN = """
import sys, threading, time, cloudpickle
from sweeper.trial import worker
setup, task = cloudpickle.loads(sys.stdin.buffer.read())
worker.start(0, setup)
print("started", flush=True)
worker.evaluate(task)
time.sleep(600)
"""


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with-others"])
@pytest.mark.parametrize("hangs", [False, True], ids=["quick", "hanging"])
def test_an_orphan_keeps_a_quick_result_and_leaves(runtime: Runtime, hangs: bool, alone: bool) -> None:
    marker = runtime.folder / "running"

    def objective(x: float, trial: Trial) -> float:
        marker.touch()
        seconds = 600 if hangs else 0.3
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            trial.log_metric("busy", 1.0)
            time.sleep(0.01)
        return 0.25

    setup = runtime.setup(objective, own_process=True)
    sent = cloudpickle.dumps((setup, Task(setup.runtime, "r", 0, 1, 7, 0, {"x": 1.0})))
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(ORPHAN)], stdin=subprocess.PIPE)
    try:
        assert process.stdin is not None
        process.stdin.write(sent)
        process.stdin.close()
        deadline = time.monotonic() + PATIENCE
        while not marker.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert marker.exists()
        other = None if alone else use(runtime.folder)

        runtime.leave()
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()

    assert code == 0
    assert runtime.folder.exists() is not alone, "what another orphan still works with stays"
    if other is not None:
        os.close(other)
    events = [event for path in spool.files(runtime.spool) for frame in spool.read(path) for event in frame.events]
    ended = [event for event in events if isinstance(event, AttemptEnded)]
    assert [event.values for event in ended] == ([] if hangs else [(0.25,)])
