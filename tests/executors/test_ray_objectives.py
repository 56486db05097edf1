"""What a trial may be on Ray, as on one machine: a command, a project, one that goes on where it was."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sweeper.api.result import Result
from sweeper.interfaces import Hook, Store
from sweeper.records import FailureClass, RunState
from sweeper.space import Float
from sweeper.testing.executors import alive, wait_until
from sweeper.trial.trial import Trial
from tests.controller.conftest import Run
from tests.executors.conftest import Hidden
from tests.trial.command.conftest import Sweep, Write, sweep, write  # noqa: F401  # fixtures

pytestmark = pytest.mark.usefixtures("cluster")

HERE = {"kind": "joblib", "workers": 2}
RAY = {"kind": "ray", "workers": 2, "cpu": 1}

PROGRAM = """
    import json, os, subprocess, sys, time

    given = dict(word.lstrip("-").split("=") for word in sys.argv[1:])
    x, what = float(given["x"]), given["what"]
    print("this is", what, flush=True)
    if what == "exits":
        print("out of licences", file=sys.stderr)
        sys.exit(7)
    if what == "hangs":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print("child", child.pid, flush=True)
        time.sleep(600)
    if what == "silent":
        sys.exit()
    if what == "torn":
        print('{"loss": 0.5')
        sys.exit()
    for step in range(3):
        print(json.dumps({"loss": x + step, "step": step, "seen": float(os.environ["SWEEPER_PARAM_X"])}), flush=True)
    print(json.dumps({"loss": x}))
"""
ENDS = ["plain", "exits", "hangs", "silent", "torn"]

PROJECT = """
    name: tiny
    entry_points:
      main:
        parameters: {x: float, word: {default: "it's"}}
        command: "python train.py {x} {word}"
"""
TRAIN = """
    import json, os, sys
    print(json.dumps({"loss": float(sys.argv[1]), "length": len(sys.argv[2])}))
    print(os.path.basename(os.getcwd()), os.path.isdir(os.environ["SWEEPER_PROJECT"]))
"""


def facts(result: Result, store: Store) -> list[Any]:
    """What is recorded of commands, but for times, ids and where they ran."""
    found: list[Any] = []
    for trial in result.trials:
        points = [(p.key, p.value, p.step) for p in store.points([trial.run_id])[trial.run_id]]
        failure = trial.failure and (trial.failure.kind, trial.failure.message, trial.failure.exit_code)
        output = re.sub(r"\d{3,}", "N", store.find_trial(trial.run_id).output)
        found.append((trial.number, trial.params, trial.state, trial.values, trial.metrics, failure, points, output))
    return found


def test_commands_leave_the_same_records_as_on_one_machine(sweep: Sweep, write: Write, store: Store) -> None:  # noqa: F811
    write("train.py", PROGRAM)
    settings: dict[str, Any] = {
        "command": [sys.executable, "train.py", "${args}"],
        "parameters": {"what": {"values": ENDS}, "x": {"value": 0.25}},
        "method": "grid",
        "budget": {"trials": None, "failures": 100},
    }
    here = sweep(**settings, executor=HERE | {"timeout": 2})
    there = sweep(**settings, executor=RAY | {"timeout": 2})

    assert facts(there, store) == facts(here, store)
    by_end = {trial.params["what"]: trial for trial in there.trials}
    assert by_end["plain"].values == (0.25,)
    assert by_end["hangs"].failure is not None
    assert by_end["hangs"].failure.kind is FailureClass.TIMEOUT
    (child,) = re.findall(r"child (\d+)", store.find_trial(by_end["hangs"].run_id).output)
    assert wait_until(lambda: not alive(int(child)))
    assert [by_end[end].state for end in ENDS[1:]] == [RunState.FAILED] * 4


def test_commands_are_stopped_early(sweep: Sweep, write: Write) -> None:  # noqa: F811
    write("train.py", PROGRAM)
    result = sweep(
        command=[sys.executable, "train.py", "${args}", "--what=plain"],
        budget={"trials": 3},
        executor=RAY,
        early_terminate={"type": "threshold", "upper": 0.0},
    )

    assert [trial.state for trial in result.trials] == [RunState.PRUNED] * 3


def test_the_entry_point_of_a_project_in_git_is_an_objective(
    sweep: Sweep,  # noqa: F811
    write: Write,  # noqa: F811
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("SWEEPER_CACHE", str(tmp_path / "cache"))
    write("repository/MLproject", PROJECT)
    write("repository/train.py", TRAIN)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "a"]):
        subprocess.run(["git", *words], cwd=tmp_path / "repository", check=True)
    project = {"uri": f"file://{tmp_path}/repository"}
    here, there = (sweep(mlproject=project, budget={"trials": 2}, executor=kind) for kind in (HERE, RAY))

    assert facts(there, store) == facts(here, store)
    assert [trial.values for trial in there.trials] == [(trial.params["x"],) for trial in there.trials]
    assert there.sweep.tags["mlflow.source.git.commit"] == here.sweep.tags["mlflow.source.git.commit"]


@pytest.mark.parametrize(
    ("hidden", "isolation"), [(False, "shared"), (True, "fresh")], ids=["same disk", "other host, fresh processes"]
)
def test_a_trial_goes_on_where_it_was(
    run: Run, store: Store, hidden: bool, isolation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is killed in the third epoch; the next attempt has what was kept, and no point is there twice."""
    if hidden:
        monkeypatch.setattr("sweeper.controller.crew.WorkerOutpost", Hidden)

    def train(x: float, trial: Trial) -> float:
        import os

        last = trial.last_checkpoint
        begin = 0 if last is None else int((last / "epoch").read_text()) + 1
        for epoch in range(begin, 4):
            trial.report(100.0 * trial.attempt + epoch, step=epoch)
            if epoch == 2 and trial.attempt == 1:
                os.kill(os.getpid(), 9)
            with trial.checkpoint() as folder:
                (folder / "epoch").write_text(str(epoch))
        return 100.0 * trial.attempt + epoch

    result = run(train, trials=2, executor=RAY | {"isolation": isolation}, retry={"signal": 1})

    assert [(trial.state, trial.attempts) for trial in result.trials] == [(RunState.COMPLETE, 2)] * 2
    for trial in result.trials:
        points = {p.step: p.value for p in store.points([trial.run_id])[trial.run_id] if p.key == "value"}
        assert points == {0: 100, 1: 101, 2: 202, 3: 203}
    assert not list(Path(store.artifacts, ".checkpoints").rglob("*"))


def test_a_sweep_learns_from_one_of_another_executor(run: Run) -> None:
    def bowl(x: float) -> float:
        return (x - 0.3) ** 2

    space = {"x": Float(0, 1)}
    run(bowl, name="old", space=space, trials=25, executor="inline")
    said = Said()
    result = run(bowl, name="new", space=space, trials=4, method="tpe", warm_start="old", executor=RAY, hooks=[said])

    assert {trial.state for trial in result.trials} == {RunState.COMPLETE}
    assert any("old" in sentence and "25" in sentence for sentence in said.sentences), said.sentences


class Said(Hook):
    """Keeps what a person is told."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def notice(self, message: str) -> None:
        self.sentences.append(message)
