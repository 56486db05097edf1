"""Commands and projects before a sweep: what is said of them, and what is found missing."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from sweeper.api.programs import at_its_commit, what_runs
from sweeper.api.running import find_objective
from sweeper.cli.app import app
from sweeper.cli.mistakes import call
from sweeper.config import SweepConfig, load_config, parse_config
from sweeper.errors import UsageError
from sweeper.records import SweepRecord, SweepState

REST = "metric: {name: loss}\nparameters: {x: {min: 0.0, max: 1.0}}\n"


def config(folder: Path, text: str) -> SweepConfig:
    (folder / "train.py").write_text("def train(x): return x\n")
    (folder / "sweep.yaml").write_text(f"{text}\n{REST}")
    return load_config("sweep.yaml")


def test_a_command_is_shown_as_it_is_run_without_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "secret")
    made = config(folder, "command: [sh, -c, 'echo $0', 'train.py', '${args}', '${envvar:KEY}']")

    assert what_runs(made) == [("runs", f"sh -c 'echo $0' {folder}/train.py ${{args}} ${{envvar:KEY}}")]
    assert what_runs(config(folder, "objective: train.py:train")) == []


@pytest.mark.parametrize("flag", [[], ["--json"]])
@pytest.mark.parametrize("command", ["validate", "run"])
def test_a_missing_program_is_found_before_anything_is_made(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, flag: list[str]
) -> None:
    config(folder, "command: [nosuchprogram]")
    before = sorted(folder.iterdir())

    assert call(app, [command, "sweep.yaml", *flag]) == 2
    said = capsys.readouterr()
    if command == "validate" and flag:
        (problem,) = json.loads(said.out)["problems"]
        assert (problem["file"], problem["line"]) == ("sweep.yaml", None)
        assert "there is no command 'nosuchprogram' on PATH" in problem["message"]
    else:
        assert "error: command: there is no command 'nosuchprogram' on PATH" in said.err
    assert sorted(folder.iterdir()) == before


def test_validate_finds_what_does_not_fit_a_project(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "project").mkdir()
    (folder / "project" / "MLproject").write_text("entry_points: {main: {command: 'echo {y}', parameters: {y: float}}}")
    config(folder, "mlproject: {uri: project}")

    assert call(app, ["validate", "sweep.yaml"]) == 2
    assert "entry point main declares no parameter 'x'; choose from: y" in capsys.readouterr().err

    (folder / "project" / "MLproject").write_text("entry_points: {main: {comand: echo}}")
    assert call(app, ["validate", "sweep.yaml"]) == 2
    assert "MLproject:1: entry_points.main: needs a command" in capsys.readouterr().err


def test_a_password_that_was_not_stored_is_missed(folder: Path) -> None:
    made = config(folder, "command: [echo, 'postgresql://me:secret@host/db']")
    again = parse_config(made.to_dict())

    assert find_objective(made).name.startswith("echo")
    with pytest.raises(UsageError, match=r"postgresql://me:\*\*\*@host/db had a password, which is not stored"):
        find_objective(again)


@pytest.mark.parametrize("text", ["command: [echo, '${args}']", "mlproject: {uri: project}", "program: train.py"])
def test_what_is_sent_to_workers_is_light(folder: Path, text: str) -> None:
    (folder / "project").mkdir()
    (folder / "project" / "MLproject").write_text("entry_points: {main: {command: 'echo {x}', parameters: {x: float}}}")
    objective = find_objective(config(folder, text))

    sent = pickle.dumps(objective)

    assert len(sent) < 2000
    assert pickle.loads(sent) == objective


def test_a_sweep_of_a_repository_goes_on_at_its_commit(folder: Path) -> None:
    made = config(folder, "mlproject: {uri: 'https://host/a.git#sub@main'}")
    sweep = SweepRecord("s", "s", SweepState.INTERRUPTED, "random", made.goals, {}, {})
    pinned = replace(sweep, tags={"mlflow.source.git.commit": "c" * 40})

    assert at_its_commit(made, sweep) == made
    spec = at_its_commit(made, pinned).objective
    assert spec is not None
    assert spec.target == "https://host/a.git#sub@" + "c" * 40
    command = config(folder, "command: [echo]")
    assert at_its_commit(command, pinned) == command
