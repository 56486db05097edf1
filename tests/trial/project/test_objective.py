"""Whole sweeps over entry points, and workflows of several steps."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sweeper
from sweeper.api.result import Result
from sweeper.api.running import resume_sweep, run_sweep
from sweeper.api.steps import run_project
from sweeper.config import load_config, parse_config
from sweeper.errors import ObjectiveError, UsageError
from sweeper.interfaces import Store
from sweeper.records import FailureClass, RunState, TrialRecord
from tests.trial.command.test_objective import gone
from tests.trial.command.test_process import pid_of

Sweep = Callable[..., Result]
Only = Callable[..., TrialRecord]
Write = Callable[..., Path]
Git = Callable[..., str]

WORKERS: dict[str, Any] = {"executor": {"kind": "joblib", "workers": 1}}

MAIN = """
name: tiny
entry_points:
  main:
    parameters: {x: float, kind: {default: "it's {a} b"}}
    command: "python train.py {x} {kind}"
"""
TRAIN = """
import json, os, sys
print(json.dumps({"loss": float(sys.argv[1]), "length": len(sys.argv[2])}))
print(os.getcwd(), sys.executable, os.environ["SWEEPER_PROJECT"])
"""


@pytest.fixture
def project(write: Write, tmp_path: Path) -> str:
    write("project/MLproject", MAIN)
    write("project/train.py", TRAIN)
    return str(tmp_path / "project")


@pytest.mark.parametrize("where", [{}, WORKERS], ids=["inline", "joblib"])
def test_an_entry_point_is_an_objective(only: Only, store: Store, project: str, where: dict[str, Any]) -> None:
    trial = only(mlproject={"uri": project}, **where)

    assert trial.state is RunState.COMPLETE
    assert trial.values == (trial.params["x"],)
    assert trial.metrics["length"] == len("it's {a} b")
    here, python, named = trial.output.splitlines()[1].split()
    assert (here, Path(python).parent, named) == (project, Path(sys.executable).parent, project)
    tags = store.run(trial.sweep_id).tags
    assert tags["mlflow.source.type"] == "PROJECT"
    assert (tags["mlflow.source.name"], tags["mlflow.project.entryPoint"]) == (project, "main")
    assert (tags["mlflow.project.backend"], tags["mlflow.project.env"]) == ("local", "local")


def test_a_script_without_an_mlproject(only: Only, write: Write, tmp_path: Path) -> None:
    write("plain/fit.py", "import sys\nassert sys.argv[1] == '--x'\nprint('{\"loss\": %s}' % sys.argv[2])")

    trial = only(mlproject={"uri": str(tmp_path / "plain"), "entry_point": "fit.py"})

    assert trial.values == (trial.params["x"],)


def test_one_that_fails_is_named(only: Only, write: Write, tmp_path: Path) -> None:
    write("p/MLproject", 'name: p\nentry_points: {main: {command: "echo oh >&2; exit 4", parameters: {x: float}}}')

    failure = only(mlproject={"uri": str(tmp_path / "p")}).failure

    assert failure is not None
    assert (failure.kind, failure.exit_code, failure.message) == (
        FailureClass.EXIT,
        4,
        "p main exited with code 4: oh",
    )


def test_parameters_are_checked_before_anything_is_created(sweep: Sweep, store: Store, project: str) -> None:
    with pytest.raises(ObjectiveError, match=r"main declares no parameter 'y'; .*main needs a value for 'x'"):
        sweep(mlproject={"uri": project}, parameters={"y": {"min": 0, "max": 1}})
    with pytest.raises(ObjectiveError, match="project tiny has no entry point 'mian'; did you mean 'main'"):
        sweep(mlproject={"uri": project, "entry_point": "mian"})
    assert store.sweeps() == []


@pytest.fixture
def repository(git: Git, write: Write, tmp_path: Path) -> str:
    git("init", "--quiet")
    write("repository/sub/MLproject", MAIN)
    write("repository/sub/train.py", TRAIN)
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    return f"file://{tmp_path}/repository#sub"


def test_a_repository_stays_at_the_commit_that_the_sweep_began_with(
    store: Store, repository: str, git: Git, write: Write
) -> None:
    commit = git("rev-parse", "HEAD")
    config = parse_config(
        {
            "mlproject": {"uri": repository},
            "metric": {"name": "loss"},
            "method": "random",
            "parameters": {"x": {"min": 0.0, "max": 1.0}},
            "budget": {"trials": 1},
            "executor": {"kind": "inline"},
        }
    )
    result = run_sweep(config, store=store, report=False)
    write("repository/sub/train.py", "raise SystemExit(1)")
    git("commit", "--quiet", "-a", "-m", "broken")
    result = resume_sweep(store, store.find_sweep(result.id), trials=2, report=False)

    assert [trial.state for trial in result.trials] == [RunState.COMPLETE] * 2
    tags = store.run(result.id).tags
    assert tags["mlflow.source.git.commit"] == commit
    assert tags["mlflow.source.git.repoURL"] == repository.partition("#")[0]
    assert tags["sweeper.git.dirty"] == "false"


WORKFLOW = """
name: flow
entry_points:
  main:
    parameters: {x: float}
    command: "python main.py {x}"
  prepare:
    parameters: {rows: float, out: {default: "a b"}}
    command: "echo '{{\\"rows\\": {rows}, \\"step\\": 3}}'; echo {out} > $SWEEPER_ARTIFACTS/out.txt"
  shell: {command: "sweeper step prepare -P rows=5 --name inner"}
  broken: {command: "exit 3"}
"""
WORKFLOW_MAIN = """
import json, sys
import sweeper
prepared = sweeper.run_project("prepare", {"rows": 7})
assert open(prepared.artifacts + "/out.txt").read() == "a b\\n"
outer = sweeper.run_project("shell", name="outer")
try:
    sweeper.run_project("broken")
except sweeper.CommandFailed as error:
    print(error)
print(json.dumps({"loss": prepared.metrics["rows"], "steps": len(outer.metrics)}))
"""


@pytest.fixture
def flow(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    root = Path(sweeper.__file__).parent.parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])))
    write("flow/MLproject", WORKFLOW)
    write("flow/main.py", WORKFLOW_MAIN)
    return str(tmp_path / "flow")


def tree(store: Store, run_id: str) -> dict[str, Any]:
    return {child.name: (child.state.value, tree(store, child.id)) for child in store.children(run_id)}


@pytest.mark.parametrize("where", [{}, WORKERS], ids=["inline", "joblib"])
def test_a_workflow_of_several_steps_is_a_tree_of_runs(
    only: Only, store: Store, flow: str, where: dict[str, Any]
) -> None:
    trial = only(mlproject={"uri": flow}, **where)

    assert trial.failure is None
    assert (trial.values, trial.metrics["steps"]) == ((7.0,), 0)
    assert "flow broken exited with code 3" in trial.output
    assert tree(store, trial.run_id) == {
        "prepare": ("complete", {}),
        "outer": ("complete", {"inner": ("complete", {})}),
        "broken": ("failed", {}),
    }
    prepare = next(run for run in store.children(trial.run_id) if run.name == "prepare")
    assert prepare.params == {"rows": "7", "out": "a b"}
    assert prepare.metrics == {"rows": 7.0}
    assert prepare.tags["mlflow.project.entryPoint"] == "prepare"
    assert (Path(store.artifacts_of(prepare.id)) / "out.txt").read_text() == "a b\n"
    assert store.points([prepare.id])[prepare.id][0].step == 3
    assert "rows" not in trial.metrics


def test_a_step_ends_with_the_sweep_that_it_belongs_to(flow: str, write: Write, tmp_path: Path) -> None:
    write(
        "slow/MLproject",
        """
        entry_points:
          main: {command: "python main.py {x}", parameters: {x: float}}
          endless: {command: "echo $$ > ../pid; trap '' TERM; while :; do sleep 0.05; done"}
        """,
    )
    write("slow/main.py", "import sweeper\nsweeper.run_project('endless')\n")
    rest = "metric: {name: loss}\nparameters: {x: {min: 0.0, max: 1.0}}\nexecutor: {workers: 1}\n"
    write("sweep.yaml", f"mlproject: {{uri: slow}}\n{rest}")
    words = [sys.executable, "-m", "sweeper", "run", "sweep.yaml", "--store", "sqlite:///own.db", "--quiet"]
    controller = subprocess.Popen(words)
    try:
        step = pid_of(tmp_path / "pid")

        controller.send_signal(signal.SIGKILL)

        assert gone(step)
    finally:
        controller.kill()
        controller.wait()


def test_a_function_starts_steps_below_its_trial(store: Store, flow: str) -> None:
    def objective(x: float, trial: sweeper.Trial) -> float:
        step = run_project("prepare", {"rows": x}, uri=flow, parent=trial, name="first")
        run_project("broken", uri=flow, parent=trial)
        return step.metrics["rows"]

    config = parse_config(
        {
            "metric": {"name": "loss"},
            "parameters": {"x": {"value": 3}},
            "budget": {"trials": 1},
            "executor": {"kind": "inline"},
        }
    )
    (trial,) = run_sweep(config, store=store, function=objective, report=False).trials

    assert trial.failure is not None
    assert (trial.failure.kind, trial.failure.exit_code) == (FailureClass.EXIT, 3)
    assert tree(store, trial.run_id) == {"first": ("complete", {}), "broken": ("failed", {})}


def test_a_step_on_its_own_stands_alone(flow: str, tmp_path: Path) -> None:
    environment = {**os.environ, "SWEEPER_STORE": f"sqlite:///{tmp_path}/own.db"}
    words = [sys.executable, "-m", "sweeper", "step", "prepare", "-P", "rows=4", "--project", flow, "--json"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)

    said = json.loads(done.stdout)
    assert said["metrics"] == {"rows": 4.0}
    assert (Path(said["artifacts"]) / "out.txt").exists()
    failed = subprocess.run([*words[:4], "broken", *words[7:]], env=environment, capture_output=True, text=True)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "error: flow broken exited with code 3" in failed.stderr


def test_a_step_that_does_not_fit_creates_nothing(flow: str) -> None:
    with pytest.raises(UsageError, match="entry point prepare needs a value for 'rows'"):
        run_project("prepare", uri=flow)
    with pytest.raises(UsageError, match="rows must be a number"):
        run_project("prepare", {"rows": "many"}, uri=flow)


def test_what_is_run_is_shown_without_making_anything(write: Write, project: str, cache: Path) -> None:
    from sweeper.api.programs import what_runs

    write("project/requirements.txt", "nothing-that-exists\n")
    rest = "metric: {name: loss}\nparameters: {x: {min: 0.0, max: 1.0}}\n"
    local = load_config(write("sweep.yaml", f"mlproject: {{uri: project}}\n{rest}"))
    remote = load_config(write("sweep.yaml", f"mlproject: {{uri: 'https://host/a.git@v1'}}\n{rest}"))

    assert what_runs(local) == [
        ("runs", "python train.py {x} {kind}"),
        ("in", project),
        ("environment", "made from requirements.txt"),
    ]
    assert what_runs(remote) == [("project", "https://host/a.git@v1, fetched and checked when it is run")]
    assert not cache.exists()
