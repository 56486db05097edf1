"""``sweeper ls`` and ``show``."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sweeper.events import PointsLogged
from sweeper.records import Goal, Point, SweepRecord, SweepState
from tests.cli.conftest import Sweeper, past

COUNTS = {"queued": 0, "running": 0, "complete": 4, "pruned": 1, "failed": 1, "cancelled": 0}


def test_ls_lists_the_latest_first(sweeper: Sweeper, digits: SweepRecord) -> None:
    later = past("wine").write(SweepState.INTERRUPTED)
    ran = sweeper("ls")
    assert ran.code == 0
    assert ran.lines[0].split()[:5] == ["ID", "NAME", "STATE", "TRIALS", "BEST"]
    assert ran.lines[1].split()[:4] == [later.id[-8:], "wine", "interrupted", "0/10"]
    assert ran.lines[2].split()[:6] == [digits.id[-8:], "digits", "finished", "6/10", "accuracy", "0.95"]
    assert ran.lines[3] == f"next: sweeper show {later.id[-8:]}"


def test_ls_json_has_one_show_object_a_line(sweeper: Sweeper, digits: SweepRecord) -> None:
    past("wine").write()
    listed = sweeper("ls", "--json").json
    assert [item["name"] for item in listed] == ["wine", "digits"]
    assert listed[1] == sweeper("show", "digits", "--json").json[0]


def test_ls_limits_and_says_so(sweeper: Sweeper, here: Path) -> None:
    for _ in range(3):
        past().write()
    assert "the latest 2; all of them: --limit 0" in sweeper("ls", "--limit", "2").out
    assert len(sweeper("ls", "--limit", "0", "--quiet").lines) == 4


def test_ls_by_name(sweeper: Sweeper, digits: SweepRecord) -> None:
    past("wine").write()
    assert [item["name"] for item in sweeper("ls", "--name", "digits", "--json").json] == ["digits"]
    assert sweeper("ls", "--name", "nothing").lines[0].startswith("no sweeps named 'nothing' in sqlite:///")


def test_without_a_store_reading_creates_nothing(sweeper: Sweeper, here: Path) -> None:
    ran = sweeper("ls")
    assert ran.code == 3
    assert ran.err.startswith("error: there is no store at ")
    assert list(here.iterdir()) == []


def test_show_has_the_shape_that_others_rely_on(sweeper: Sweeper, digits: SweepRecord) -> None:
    shown = sweeper("show", "digits", "--json").json
    assert len(shown) == 1
    best_run = shown[0]["best"].pop("run_id")
    assert (
        shown[0].items()
        >= {
            "id": digits.id,
            "name": "digits",
            "state": "finished",
            "method": "random",
            "metrics": [{"name": "accuracy", "goal": "maximize"}],
            "counts": COUNTS,
            "budget": {"trials": 10, "failures": 20},
            "best": {"number": 1, "value": 0.95, "params": {"depth": 8, "kind": "entropy"}},
            "seed": 7,
        }.items()
    )
    assert sweeper("show", best_run, "--json").json[0]["number"] == 1


def test_a_sweep_is_found_by_name_id_tail_and_last(sweeper: Sweeper, digits: SweepRecord) -> None:
    for ref in ("digits", digits.id, digits.id[-8:], digits.id[-6:], "last"):
        assert sweeper("show", ref, "--json").json[0]["id"] == digits.id


def test_an_unknown_sweep_gets_the_nearest_name(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("show", "digts")
    assert ran.code == 2
    assert "no sweep 'digts'; did you mean 'digits'?" in ran.err
    assert ran.out == ""


def test_show_tells_people_the_same(sweeper: Sweeper, digits: SweepRecord) -> None:
    text = sweeper("show", "last").out
    assert "trials      6/10: 4 complete, 1 pruned, 1 failed\n" in text
    assert "best accuracy 0.95 in trial 1\n  depth  8\n  kind   entropy\n" in text
    assert f"sweeper failures {digits.id[-8:]}" in text


def test_several_goals_have_a_list_of_best_trials(sweeper: Sweeper, here: Path) -> None:
    made = past("both", (Goal("accuracy", "maximize"), Goal("size")))
    made.trial({"depth": 4, "kind": "gini"}, 0.9, 10.0)
    made.trial({"depth": 5, "kind": "gini"}, 0.8, 20.0)
    made.trial({"depth": 6, "kind": "gini"}, 0.95, 30.0)
    made.write()
    best = sweeper("show", "both", "--json").json[0]["best"]
    assert [(item["number"], item["value"]) for item in best] == [(2, [0.95, 30.0]), (0, [0.9, 10.0])]
    assert "2 trials on the Pareto front" in sweeper("show", "both").out


def test_show_a_trial(sweeper: Sweeper, digits: SweepRecord) -> None:
    text = sweeper("show", "digits:0").out
    assert text.startswith(f"trial      0 of digits ({digits.id[-8:]})\n")
    assert "value      accuracy 0.9\nmetrics    size 10\n" in text
    assert "nested runs\n  fold-0  complete" in text
    assert text.endswith("output, its end\nepoch 1\n")


def test_show_a_failed_trial_with_its_traceback(sweeper: Sweeper, digits: SweepRecord) -> None:
    text = sweeper("show", "digits:3").out
    assert "failed: exception: ValueError: too deep\nTraceback (most recent call last):\n" in text


def test_a_trial_as_json_has_its_output_and_nested_runs(sweeper: Sweeper, digits: SweepRecord) -> None:
    shown = sweeper("show", "digits:0", "--json").json[0]
    assert (shown["number"], shown["value"], shown["sweep"], shown["output"]) == (0, 0.9, digits.id, "epoch 1\n")
    assert [(run["name"], run["state"]) for run in shown["children"]] == [("fold-0", "complete")]


def test_a_trial_that_is_not_there(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("show", "digits:99")
    assert ran.code == 2
    assert "99" in ran.err


def test_numbers_that_json_lacks_are_mlflows_words(sweeper: Sweeper, here: Path) -> None:
    made = past()
    made.trial({"depth": 4, "kind": "gini"}, 0.9, metrics={"a": math.nan, "b": math.inf, "c": -math.inf})
    made.write()
    metrics = sweeper("trials", "last", "--json").json[0]["metrics"]
    assert (metrics["a"], metrics["b"], metrics["c"]) == ("NaN", "Infinity", "-Infinity")


HOSTILE = "x\x1b[2J[red]y"


@pytest.mark.parametrize(
    "command", [["ls"], ["show", "last"], ["trials", "last"], ["best", "last"], ["show", "last:0"]]
)
def test_hostile_names_are_shown_and_do_nothing(sweeper: Sweeper, here: Path, command: list[str]) -> None:
    made = past(HOSTILE, tags={"note": HOSTILE})
    made.trial({"kind": HOSTILE}, 0.5, output=f"{HOSTILE}\x07\n\x1b]0;title\x07")
    made.write()
    ran = sweeper(*command)
    assert ran.code == 0
    assert "x\\x1b[2J[red]y" in ran.out
    assert "\x1b" not in ran.out + ran.err
    assert "\x07" not in ran.out + ran.err


def test_commands_to_type_next_name_a_store_that_was_named(sweeper: Sweeper, here: Path) -> None:
    made = past().write(url="other runs.db")
    ran = sweeper("ls", "--store", "other runs.db")
    assert f"next: sweeper show {made.id[-8:]} --store 'other runs.db'" in ran.out


def test_the_store_of_the_environment_is_used(sweeper: Sweeper, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    past("elsewhere").write(url="other.db")
    monkeypatch.setenv("SWEEPER_STORE", "sqlite:///other.db")
    ran = sweeper("ls")
    assert "elsewhere" in ran.out
    assert "--store" not in ran.out


def test_quiet_leaves_only_what_was_asked_for(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert len(sweeper("ls", "--quiet").lines) == 2


def test_a_reader_that_goes_away_is_no_error(digits: SweepRecord, here: Path) -> None:
    for command in (["ls"], ["trials", "last"], ["show", "last"], ["trials", "last", "--json"]):
        child = subprocess.Popen(
            [sys.executable, "-m", "sweeper", *command],
            cwd=here,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 0


def test_a_foreign_database_is_refused(sweeper: Sweeper, here: Path) -> None:
    (here / "sweeper.db").write_bytes(b"not a database at all" * 100)
    ran = sweeper("ls")
    assert ran.code == 3
    assert ran.err.startswith("error: ")


def test_show_says_what_the_last_trials_cost_and_brought(sweeper: Sweeper, here: Path) -> None:
    made = past()
    for number in range(12):
        made.trial({"depth": 2 + number, "kind": "gini"}, 0.5 + 0.1 * (number > 2), seconds=5.0)
    better = (Point("best_accuracy", 0.5, 0), Point("best_accuracy", 0.6, 3))
    made.events.append(PointsLogged(made.sweep.id, better))
    made.write()

    lines = sweeper("show", "last").lines

    assert "last 3      did not improve on 0.6, for 15 s of compute" in lines
    assert any(line.startswith("next best   none in the last 8 trials; about ") for line in lines)
