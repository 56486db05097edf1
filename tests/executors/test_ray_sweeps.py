"""Whole sweeps on Ray: the same records as on one machine, and what only a cluster does."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sweeper.api.result import Result
from sweeper.errors import Pruned
from sweeper.interfaces import Hook, Progress, Store
from sweeper.space import Categorical
from sweeper.store import open_store
from sweeper.testing.executors import alive, wait_until
from sweeper.trial.trial import Trial
from tests.controller.conftest import PATIENCE, Run
from tests.executors.conftest import Hidden

pytestmark = pytest.mark.usefixtures("cluster")

RAY = {"kind": "ray", "workers": 2, "cpu": 1}

KINDS = ["plain", "dict", "report", "nested", "file", "raises", "sys.exit", "none", "unpicklable"]
KINDS += ["exits", "crashes", "hangs"]


def objective(what: str, trial: Trial) -> Any:
    import os
    import sys
    import time

    print(f"this is {what}", flush=True)
    if what == "dict":
        return {"loss": 0.25, "other": 2}
    if what == "report":
        for value in (0.75, 0.5):
            trial.report(value)
    if what == "nested":
        with trial.child("fold", tags={"k": 1}) as fold:
            fold.log_metric("accuracy", 0.5)
    if what == "file":
        trial.log_text("hello", "notes/hello.txt")
    if what == "raises":
        raise ValueError("no good")
    if what == "sys.exit":
        sys.exit(3)
    if what == "exits":
        trial.report(0.5)
        os._exit(7)
    if what == "crashes":
        os.kill(os.getpid(), 11)
    if what == "hangs":
        time.sleep(600)
    return {"none": None, "unpicklable": lambda: 1}.get(what, 0.5)


def facts(result: Result, store: Store) -> list[Any]:
    """What is recorded of a sweep, but for times and ids."""
    found: list[Any] = []
    for trial in result.trials:
        output = store.find_trial(trial.run_id).output.partition("Fatal Python error")[0]
        failure = trial.failure and (trial.failure.kind, trial.failure.message.partition("0x")[0])
        points = [(point.key, point.value, point.step) for point in store.points([trial.run_id])[trial.run_id]]
        children = [(child.name, child.state, child.metrics, child.tags) for child in store.children(trial.run_id)]
        root = Path(store.artifacts_of(trial.run_id))
        files = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
        found.append((trial.number, trial.params, trial.state, trial.values, trial.metrics, trial.attempts, failure))
        found.append((output, points, children, files))
    return found


def zoo(run: Run, executor: dict[str, Any]) -> Result:
    return run(
        objective,
        space={"what": Categorical(KINDS)},
        metric="loss",
        method="grid",
        trials=None,
        failures=100,
        executor=executor | {"timeout": 2},
    )


def test_the_same_sweep_gives_the_same_records_as_on_one_machine(run: Run, store: Store) -> None:
    here = zoo(run, {"kind": "joblib", "workers": 2})
    there = zoo(run, RAY)

    assert len(here.trials) == len(KINDS)
    assert facts(there, store) == facts(here, store)
    assert {trial.state.value for trial in there.trials} == {"complete", "failed"}


def test_constants_and_files_reach_a_host_that_sees_nothing_of_this_one(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folders of this host are hidden from the workers: constants come by Ray, files go by the channel."""
    monkeypatch.setattr("sweeper.executors.ray.shared.SharedFolder.mark", lambda self: None)
    monkeypatch.setattr("sweeper.controller.crew.WorkerOutpost", Hidden)
    matrix = np.arange(50_000, dtype=float)

    def sums(x: float, matrix: Any, word: str, trial: Trial) -> float:
        import pathlib
        import tempfile
        import time

        trial.log_text(word, "word.txt")
        with tempfile.TemporaryDirectory() as there:
            big = pathlib.Path(there, "big.bin")
            big.write_bytes(bytes(9 << 20))
            trial.log_artifact(big, "models")
        time.sleep(0.5)
        with trial.checkpoint() as folder:
            (folder / "state").write_text(word)
        assert trial.last_checkpoint is not None
        assert not matrix.flags.writeable
        return float(matrix.sum())

    result = run(sums, data={"matrix": matrix, "word": "said"}, trials=6, executor=RAY)

    assert [trial.values for trial in result.trials] == [(matrix.sum(),)] * 6
    assert {trial.worker for trial in result.trials} == {"slot 0", "slot 1"}
    for trial in result.trials:
        root = Path(store.artifacts_of(trial.run_id))
        assert (root / "word.txt").read_text() == "said"
        (big,) = (root / "models").iterdir()
        assert big.stat().st_size == 9 << 20
    assert not list(Path(store.artifacts).rglob("incoming*"))


@pytest.mark.parametrize("isolation", ["shared", "fresh"])
def test_reports_are_judged_while_the_trial_waits(run: Run, isolation: str) -> None:
    def train(x: float, trial: Trial) -> float:
        for step in range(20):
            trial.report(x + 1, step)
            if trial.should_prune():
                raise Pruned
        return x

    result = run(
        train,
        trials=12,
        executor=RAY | {"isolation": isolation},
        early_terminate={"type": "threshold", "upper": 1.5},
    )

    assert {trial.state.value: trial.params["x"] > 0.5 for trial in result.trials} == {
        "complete": False,
        "pruned": True,
    }
    assert all(trial.metrics["value"] for trial in result.trials)


def test_a_lost_node_loses_no_trial_and_doubles_none(
    run: Run, store: Store, cluster: Any, add_node: Callable[..., Any]
) -> None:
    nodes = [add_node(num_cpus=1, resources={"spot": 1}) for _ in range(2)]
    watch = Watch()

    def slow(x: float, trial: Trial) -> float:
        import time

        trial.report(x)
        time.sleep(0.4)
        return x

    def lose() -> None:
        assert wait_until(lambda: watch.complete >= 2, PATIENCE)
        cluster.remove_node(nodes[0], allow_graceful=False)

    thread = threading.Thread(target=lose)
    thread.start()
    result = run(slow, trials=16, executor=RAY | {"resources": {"spot": 1}}, hooks=[watch])
    thread.join()

    assert [trial.number for trial in result.trials] == list(range(16))
    assert {trial.state.value for trial in result.trials} == {"complete"}
    attempts = [attempt for trial in result.trials for attempt in store.attempts(trial.run_id)]
    lost = [attempt for attempt in attempts if attempt["failure"] and attempt["failure"]["class"] == "lost"]
    assert len(lost) <= 1
    assert [trial.attempts for trial in result.trials].count(2) == len(lost)
    for trial in result.trials:
        assert [p.value for p in store.points([trial.run_id])[trial.run_id] if p.key == "value"] == [trial.params["x"]]


class Watch(Hook):
    """Counts what is complete."""

    complete = 0

    def progress(self, progress: Progress) -> None:
        self.complete = progress.counts.get("complete", 0)


def test_what_no_node_has_ends_the_sweep_in_words(run: Run) -> None:
    result = run(
        lambda x: x, trials=3, executor=RAY | {"resources": {"unicorn": 1}, "options": {"place_timeout": "1s"}}
    )

    assert result.state == "failed"
    assert "each trial needs 1 CPU, 1 unicorn, and no node of the Ray cluster has that" in result.sweep.reason


def test_a_sweep_takes_the_room_of_the_cluster(run: Run) -> None:
    result = run(lambda x: x, trials=6, executor={"kind": "ray", "cpu": 2})

    assert {trial.state.value for trial in result.trials} == {"complete"}
    assert {trial.worker for trial in result.trials} <= {"slot 0", "slot 1"}


SLOW = """
import os, time
from pathlib import Path

def train(x, trial):
    Path("ran", f"{trial.number}-{trial.attempt}-{os.getpid()}").touch()
    trial.report(x)
    time.sleep(0.5)
    return x
"""
SWEEP = """
name: outlives
objective: train.py:train
metric: {name: loss}
parameters: {x: {min: 0.0, max: 1.0}}
method: random
budget: {trials: 12}
executor: {kind: ray, workers: 2, cpu: 1, address: ADDRESS}
"""


def test_a_controller_that_is_killed_leaves_no_worker_and_its_sweep_goes_on(tmp_path: Path, cluster: Any) -> None:
    """Another process finishes it: to exactly the budget, and what was acknowledged does not run again."""
    (tmp_path / "train.py").write_text(SLOW)
    (tmp_path / "sweep.yaml").write_text(SWEEP.replace("ADDRESS", cluster.address))
    (tmp_path / "ran").mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "SWEEPER_STORE": str(tmp_path / "runs.db")}
    command = [sys.executable, "-m", "sweeper"]
    first = subprocess.Popen([*command, "run", "sweep.yaml"], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: len(list((tmp_path / "ran").iterdir())) >= 5, 2 * PATIENCE)
    finally:
        first.kill()
        first.wait()
    with contextlib.closing(open_store(str(tmp_path / "runs.db"))) as store:
        (sweep,) = store.sweeps()
        done = {trial.number for trial in store.trials(sweep.id) if trial.state.value == "complete"}
        assert len(done) < 12
        ran = [path.name.split("-") for path in (tmp_path / "ran").iterdir()]
        assert wait_until(lambda: not any(alive(int(process)) for _, _, process in ran))

        went_on = subprocess.run([*command, "resume", "last"], cwd=tmp_path, env=environment, timeout=2 * PATIENCE)

        assert went_on.returncode == 0
        trials = store.trials(sweep.id)
        assert [trial.number for trial in trials] == list(range(12))
        assert {trial.state.value for trial in trials} == {"complete"}
        assert all(trial.attempts == 1 for trial in trials if trial.number in done)
        for trial in trials:
            points = store.points([trial.run_id])[trial.run_id]
            assert [point.value for point in points if point.key == "loss"] == [trial.params["x"]]
