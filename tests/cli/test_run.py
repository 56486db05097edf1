"""``sweeper run`` and ``resume``, with real sweeps."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.cli.launch import Opening, end_lines
from sweeper.errors import StoreError
from sweeper.events import SweepChanged
from sweeper.interfaces import Store
from sweeper.records import SweepRecord, SweepState
from sweeper.report.write import Report, default_folder
from sweeper.store import open_store
from tests.cli.conftest import Sweeper, past

OBJECTIVE = """
import os, time

def train(depth, kind="gini"):
    if os.environ.get("SLOW"):
        time.sleep(0.2)
    if kind == "bad":
        raise ValueError("kind is bad")
    return {"accuracy": 1 - abs(depth - 12) / 40, "size": depth}
"""
SWEEP = """
objective: train.py:train
method: random
metric: {name: accuracy, goal: maximize}
parameters:
  depth: {min: 2, max: 32}
  kind: {values: [gini, entropy]}
budget: {trials: 3}
executor: {kind: inline}
seed: 5
"""


@pytest.fixture
def files(here: Path) -> Path:
    """A sweep file and its objective."""
    (here / "train.py").write_text(OBJECTIVE)
    (here / "digits.yaml").write_text(SWEEP)
    return here


@pytest.fixture(autouse=True)
def quick_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports of one small file: the plots have tests of their own."""

    def write_report(store: Store, sweep: SweepRecord, folder: Path | None = None) -> Report:
        target = folder or default_folder(sweep)
        target.mkdir(parents=True)
        (target / "report.html").write_text(sweep.name)
        return Report(target, target / "report.html", ())

    monkeypatch.setattr("sweeper.report.write.write_report", write_report)


@pytest.fixture(autouse=True)
def no_leftover_modules() -> Iterator[None]:
    """The inline executor imports objectives into this process: the next test has another train.py."""
    modules, path = set(sys.modules), list(sys.path)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("sweeper_objective_"):
            del sys.modules[name]


def test_a_sweep_from_its_first_line_to_its_last(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml")
    assert ran.code == 0, ran.err
    ref = sweeper("show", "last", "--json").json[0]["id"][-8:]
    assert ran.lines[0] == f"digits {ref}: maximize accuracy"
    assert ran.lines[1].startswith("random, 3 trials, inline, ")
    assert ran.lines[1].endswith(f"store sqlite:///{files}/sweeper.db")
    assert any(line.startswith("3/3 · best accuracy ") for line in ran.lines)
    assert any(line.startswith("finished: 3 complete") for line in ran.lines)
    assert f"report reports/digits-{ref}/report.html" in ran.lines
    assert (files / "reports" / f"digits-{ref}" / "report.html").is_file()
    assert ran.lines[-1] == f"next: sweeper trials {ref} --sort value"


def test_json_ends_with_the_show_object(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--json")
    assert ran.json == sweeper("show", "last", "--json").json
    assert "maximize accuracy" in ran.err


def test_quiet_prints_nothing(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_options_change_the_file(sweeper: Sweeper, files: Path) -> None:
    options = ["--trials", "2", "--name", "2024: a test", "--set", "parameters.depth.max=8", "--store", "other.db"]
    assert sweeper("run", "digits.yaml", *options).code == 0
    shown = sweeper("show", "last", "--json", "--store", "other.db").json[0]
    assert (shown["name"], shown["budget"]["trials"], shown["counts"]["complete"]) == ("2024: a test", 2, 2)
    assert not (files / "sweeper.db").exists()


def test_the_command_line_is_kept(sweeper: Sweeper, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/sweeper", "run", "digits.yaml"])
    sweeper("run", "digits.yaml")
    assert "command     sweeper run digits.yaml\n" in sweeper("show", "last").out


def test_a_store_named_in_the_file_is_named_in_what_to_type_next(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--set", "store=sqlite:///other.db")
    following = ran.lines[next(i for i, line in enumerate(ran.lines) if line.startswith("next: ")) :]
    assert all(line.endswith(" --store sqlite:///other.db") for line in following)


def test_no_complete_trial_is_exit_1(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--set", "parameters.kind=[bad]")
    assert ran.code == 1
    assert "3 failed" in ran.out
    assert (
        "3 trials failed by exception: ValueError: kind is bad\n  at train.py:8 in train, trials 0, 1, 2\n" in ran.out
    )
    assert "next: sweeper failures" in ran.lines[-1]


def test_a_broken_file_lists_everything_and_creates_nothing(sweeper: Sweeper, files: Path) -> None:
    (files / "digits.yaml").write_text(SWEEP.replace("min: 2", "min: two").replace("budget", "budgett"))
    ran = sweeper("run", "digits.yaml")
    assert ran.code == 2
    assert ran.err.startswith("error: 2 problems\n")
    assert "did you mean 'budget'" in ran.err
    assert sorted(path.name for path in files.iterdir()) == ["digits.yaml", "train.py"]


def test_an_objective_that_does_not_fit_creates_no_sweep(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--set", "parameters.dpeth={min: 1, max: 2}")
    assert ran.code == 2
    assert "dpeth" in ran.err
    assert sweeper("ls", "--json").out == ""


def test_dry_run_shows_the_plan_and_creates_nothing(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--dry-run", "--trials", "7")
    assert ran.code == 0
    assert "budget      7 trials\n" in ran.out
    assert "62 points in all" in ran.out
    assert sum(line.startswith("  depth=") for line in ran.lines) == 5
    plan = sweeper("run", "digits.yaml", "--dry-run", "--json").json[0]
    assert plan["grid_size"] == 62
    assert plan["config"]["name"] == "digits"
    assert len(plan["points"]) == 5
    assert sorted(path.name for path in files.iterdir()) == ["digits.yaml", "train.py"]


def test_a_dry_run_checks_what_a_warm_start_names(sweeper: Sweeper, files: Path) -> None:
    sweeper("run", "digits.yaml", "--trials", "1")
    (done,) = sweeper("ls", "--json").json

    ran = sweeper("run", "digits.yaml", "--dry-run", "--warm-start", "digits")
    plan = sweeper("run", "digits.yaml", "--dry-run", "--json", "--warm-start", "dig*").json[0]
    unknown = sweeper("run", "digits.yaml", "--dry-run", "--warm-start", "digit-2")

    assert f"note: would learn from 1 sweep: digits {done['id'][-8:]}" in ran.out
    assert plan["past"] == [done["id"]]
    assert unknown.code == 2
    assert "no sweep 'digit-2'; did you mean 'digits'?" in unknown.err
    assert len(sweeper("ls", "--json").json) == 1


def test_a_grid_shows_its_first_points(sweeper: Sweeper, files: Path) -> None:
    ran = sweeper("run", "digits.yaml", "--dry-run", "--set", "method=grid")
    assert "first points\n  depth=2 kind=gini\n  depth=2 kind=entropy\n" in ran.out


def test_resume_gives_a_finished_sweep_more_trials(sweeper: Sweeper, files: Path) -> None:
    sweeper("run", "digits.yaml")
    assert sweeper("resume", "digits", "--trials", "5").code == 0
    assert [row["number"] for row in sweeper("trials", "digits", "--json").json] == [0, 1, 2, 3, 4]
    assert len(sweeper("ls", "--json").lines) == 1


def test_resume_of_a_finished_sweep_says_so(sweeper: Sweeper, files: Path) -> None:
    sweeper("run", "digits.yaml")
    ran = sweeper("resume", "digits")
    assert ran.code == 0
    assert "is finished: 3/3 trials" in ran.lines[0]
    assert sweeper("resume", "digits", "--json", "--quiet").json == sweeper("show", "digits", "--json").json


def test_resume_of_a_sweep_that_reached_a_limit_names_it_and_offers_no_more_trials(
    sweeper: Sweeper, files: Path
) -> None:
    sweeper("run", "digits.yaml", "--set", "budget.cost=0.000000001")
    ran = sweeper("resume", "digits")
    assert ran.code == 0
    assert "is finished (its cost of 1e-09 s of compute is used): " in ran.lines[0]
    assert "--trials" not in ran.out + ran.err


def interrupted(sweeper: Sweeper) -> str:
    """Leave the sweep of the file unfinished, one trial of three done; return the end of its id."""
    assert sweeper("run", "digits.yaml", "--trials", "1").code == 0
    store = open_store()
    sweep = store.find_sweep("digits")
    store.write(SweepChanged(sweep.id, time.time(), SweepState.INTERRUPTED, trials=3)).result()
    store.close()
    return sweep.id[-8:]


def killed(files: Path) -> str:
    """Kill the controller of the sweep after its first trial; return the end of its id."""
    code = (
        "import os, sys\nfrom sweeper.cli.plan import read_config\nfrom sweeper.api import run_sweep\n"
        "from sweeper.interfaces import Hook\nfrom sweeper.store import open_store\n"
        "class Kill(Hook):\n    def trial_ended(self, sweep, trial):\n        STORE.flush()\n        os._exit(9)\n"
        "STORE = open_store()\nrun_sweep(read_config('digits.yaml'), store=STORE, hooks=[Kill()], report=False)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=files, env=environment, capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    store = open_store(read_only=True)
    sweep = store.find_sweep("digits")
    store.close()
    return sweep.id[-8:]


def test_a_sweep_whose_controller_was_killed_is_interrupted_and_goes_on(sweeper: Sweeper, files: Path) -> None:
    ref = killed(files)
    assert sweeper("show", ref, "--json").json[0]["state"] == "interrupted"
    assert sweeper("ls", "--json").json[0]["state"] == "interrupted"
    assert f"next: sweeper resume {ref}" in sweeper("show", "last").out
    assert sweeper("resume", "last").code == 0
    assert [row["state"] for row in sweeper("trials", "last", "--json").json] == ["complete"] * 3


def test_where_nobody_can_answer_a_new_sweep_starts_and_the_old_one_is_named(sweeper: Sweeper, files: Path) -> None:
    ref = interrupted(sweeper)
    ran = sweeper("run", "digits.yaml")
    assert ran.code == 0
    assert ran.lines[0].startswith(f"note: digits {ref} is interrupted: ")
    assert ran.lines[0].endswith(f"to go on with it: sweeper resume {ref}")
    assert len(sweeper("ls", "--json").lines) == 2


def test_resume_option_goes_on_with_the_unfinished_one(sweeper: Sweeper, files: Path) -> None:
    ref = interrupted(sweeper)
    past("digits").write()
    assert sweeper("run", "digits.yaml", "--resume").code == 0
    shown = sweeper("show", ref, "--json").json[0]
    assert (shown["state"], shown["counts"]["complete"]) == ("finished", 3)
    assert len(sweeper("ls", "--json").lines) == 2


def test_new_option_does_not_ask(sweeper: Sweeper, files: Path) -> None:
    interrupted(sweeper)
    ran = sweeper("run", "digits.yaml", "--new")
    assert "is interrupted" not in ran.out
    assert len(sweeper("ls", "--json").lines) == 2


@pytest.mark.parametrize(
    ("answer", "sweeps", "state"), [("r", 1, "finished"), ("n", 2, "interrupted"), ("q", 1, "interrupted")]
)
def test_a_terminal_asks(sweeper: Sweeper, files: Path, answer: str, sweeps: int, state: str) -> None:
    ref = interrupted(sweeper)
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "sweeper", "run", "digits.yaml"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
    child = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment, cwd=files)
    os.close(follower)
    os.write(leader, answer.encode() + b"\n")
    text = read_all(leader)
    assert child.wait(60) == 0, text
    assert f"digits {ref} is interrupted" in text
    assert len(sweeper("ls", "--json").lines) == sweeps
    assert sweeper("show", ref, "--json").json[0]["state"] == state


def read_all(leader: int) -> str:
    """Everything a terminal shows until the last program on it ends."""
    chunks = []
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(leader)
    return b"".join(chunks).decode()


def test_a_reader_that_goes_away_does_not_end_the_sweep(sweeper: Sweeper, files: Path) -> None:
    command = [sys.executable, "-m", "sweeper", "run", "digits.yaml"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        command, cwd=files, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stderr
    child.stdout.close()
    assert child.stderr.read() == ""
    assert child.wait(60) == 0
    assert sweeper("show", "last", "--json").json[0]["counts"]["complete"] == 3


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_the_state_and_says_how_to_go_on(
    sweeper: Sweeper, files: Path, number: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-m", "sweeper", "run", "digits.yaml", "--trials", "500", "--executor", "joblib"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "SLOW": "1"}
    child = subprocess.Popen(
        command, cwd=files, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None and not finished_some(files):
        time.sleep(0.1)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    assert child.returncode == code, err
    shown = sweeper("show", "last", "--json").json[0]
    assert shown["state"] == "interrupted"
    assert shown["counts"]["complete"] >= 1
    assert f"interrupted; to go on: sweeper resume {shown['id'][-8:]}" in err
    assert "Traceback" not in out + err


def finished_some(folder: Path) -> bool:
    try:
        store = open_store(str(folder / "sweeper.db"), read_only=True)
    except StoreError:
        return False  # not there, or just being made
    try:
        return any(sweep.counts.get("complete") for sweep in store.sweeps())
    finally:
        store.close()


def test_the_opening_tells_notices(capsys: pytest.CaptureFixture[str]) -> None:
    from dataclasses import replace

    from sweeper.cli.session import Session
    from sweeper.config import parse_config

    config = parse_config({"metric": {"name": "loss"}, "parameters": {"x": {"min": 0.0, "max": 1.0}}})
    store = type("Named", (), {"url": "sqlite:///x.db", "sweeps": lambda self, limit: []})()
    Opening(Session(), replace(config, notices=("W&B says so",))).started(past().sweep, store)
    assert capsys.readouterr().out.splitlines()[-1] == "note: W&B says so"


def test_the_end_tells_why_it_ended() -> None:
    from dataclasses import replace

    sweep = replace(past().sweep, state=SweepState.STOPPED, reason="20 failed trials in a row")
    assert end_lines(sweep) == ["", "stopped (20 failed trials in a row): no trials"]


class TestWarmStart:
    def test_what_was_taken_is_said_first_and_shown_later(self, sweeper: Sweeper, files: Path) -> None:
        sweeper("run", "digits.yaml", "--name", "digits-1", "--trials", "20")

        ran = sweeper("run", "digits.yaml", "--name", "next", "--set", "method=tpe", "--warm-start", "digits-*")

        assert ran.code == 0, ran.err
        (said,) = [line for line in ran.lines if "warm start" in line]
        assert said.startswith("note: warm start from 1 sweep, 20 trials: 1 configuration first (#")
        assert said.endswith("; a prior on depth, kind")
        (shown,) = [line for line in sweeper("show", "last").lines if line.startswith("warm start")]
        assert shown.removeprefix("warm start").strip() in said

    def test_a_past_that_cannot_teach_is_refused_and_nothing_is_made(self, sweeper: Sweeper, files: Path) -> None:
        sweeper("run", "digits.yaml")
        opposite = ["run", "digits.yaml", "--name", "next", "--set", "metric.goal=minimize"]

        refused = sweeper(*opposite, "--warm-start", "digits")
        unknown = sweeper(*opposite, "--warm-start", "digts")

        assert (refused.code, unknown.code) == (2, 2)
        assert "its goal is the opposite, it maximizes accuracy; this sweep minimizes accuracy" in refused.err
        assert "warm_start.from: no sweep 'digts'; did you mean 'digits'?" in unknown.err
        assert len(sweeper("ls", "--json").json) == 1


def test_the_end_and_show_tell_what_was_reused(sweeper: Sweeper, files: Path) -> None:
    sweeper("run", "digits.yaml", "--set", "seed=3", "--trials", "2")
    ran = sweeper("run", "digits.yaml", "--set", "seed=3", "--trials", "3", "--new", "--reuse")
    assert "reused 2 of 3 trials, from earlier sweeps" in ran.out
    assert "reused      2 of 3 trials, from earlier sweeps" in sweeper("show", "last").out
