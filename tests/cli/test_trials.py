"""``sweeper trials`` and ``export``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet
import pytest

from sweeper.records import SweepRecord
from tests.cli.conftest import Sweeper, past


def numbers(sweeper: Sweeper, *options: str) -> list[int]:
    return [row["number"] for row in sweeper("trials", "last", "--json", *options).json]


def test_one_object_a_line_with_the_shape_that_others_rely_on(sweeper: Sweeper, digits: SweepRecord) -> None:
    rows = sweeper("trials", "digits", "--json").json
    assert len(rows) == 6
    keys = ["number", "run_id", "state", "params", "value", "metrics", "attempts", "failure", "started", "ended"]
    assert list(rows[0]) == keys
    assert rows[0] | {"run_id": ""} == {
        "number": 0,
        "run_id": "",
        "state": "complete",
        "params": {"depth": 4, "kind": "gini"},
        "value": 0.9,
        "metrics": {"accuracy": 0.9, "size": 10.0},
        "attempts": 1,
        "failure": None,
        "started": 1000.0,
        "ended": 1002.0,
    }
    assert rows[3]["failure"] == {"class": "exception", "message": "ValueError: too deep"}
    assert rows[3]["value"] is None


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("accuracy > 0.9", [1, 5]),
        ("accuracy > 0.9 and size < 35", [1]),
        ("kind == 'gini'", [0, 2, 3]),
        ("kind = 'gini' AND state = 'failed'", [3]),
        ("metrics.size >= 30 or params.depth == 4", [0, 1, 5]),
        ("state == 'failed' or accuracy > 0.9", [1, 3, 5]),
        ("value < 0.9 and state == 'complete'", [2]),
        ("seconds > 2", [1]),
        ("failure == 'exception'", [3]),
        ("state in ['failed', 'pruned']", [3, 4]),
        ("NOT kind = 'gini'", [1, 4, 5]),
        ("number < 0", []),
    ],
)
def test_where(sweeper: Sweeper, digits: SweepRecord, where: str, found: list[int]) -> None:
    assert numbers(sweeper, "--where", where) == found


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("acuracy > 0.9", "did you mean 'accuracy'"),
        ("accuracy >", "cannot be read"),
        ("kind = gini", "A text value needs quotes"),
        ("__import__('os').system('true') == 0", "--where"),
    ],
)
def test_a_condition_that_is_not_understood(sweeper: Sweeper, digits: SweepRecord, where: str, said: str) -> None:
    ran = sweeper("trials", "last", "--where", where)
    assert ran.code == 2
    assert ran.err.startswith("error: --where: ")
    assert said in ran.err
    assert "constraint" not in ran.err


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("value", [1, 5, 0, 2, 4, 3]),
        ("accuracy", [1, 5, 0, 2, 4, 3]),
        ("-accuracy", [4, 2, 0, 5, 1, 3]),
        ("depth", [0, 4, 1, 5, 2, 3]),
        ("-depth", [3, 2, 5, 1, 4, 0]),
        ("size", [0, 2, 1, 5, 3, 4]),
        ("kind", [1, 4, 5, 0, 2, 3]),
        ("-number", [5, 4, 3, 2, 1, 0]),
    ],
)
def test_sort_puts_the_best_first_and_what_is_missing_last(
    sweeper: Sweeper, digits: SweepRecord, sort: str, order: list[int]
) -> None:
    assert numbers(sweeper, "--sort", sort) == order


def test_sort_by_an_unknown_column(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("trials", "last", "--sort", "dpeth")
    assert ran.code == 2
    assert ran.err == "error: no column 'dpeth'; did you mean 'depth'?\n"


def test_the_table(sweeper: Sweeper, digits: SweepRecord) -> None:
    lines = sweeper("trials", "last", "--sort", "value", "--limit", "2").lines
    assert lines[0].split() == ["TRIAL", "STATE", "accuracy", "TIME", "depth", "kind"]
    assert lines[1].split() == ["1", "complete", "0.95", "5", "s", "8", "entropy"]
    assert lines[3] == "2 of 6; all of them: --limit 0"
    assert lines[4] == f"next: sweeper show {digits.id[-8:]}:1"


def test_failures_have_a_column_when_there_are_some(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert "exception: ValueError: too deep" in sweeper("trials", "last").out


def test_a_narrow_terminal_keeps_number_state_and_value(
    sweeper: Sweeper, digits: SweepRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sweeper.cli.session.WIDE", 30)
    lines = sweeper("trials", "last").lines
    assert lines[0].split() == ["TRIAL", "STATE", "accuracy"]
    assert "not shown, the terminal is narrow: TIME, depth, kind, FAILURE" in lines


def test_no_trial_like_that(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("trials", "last", "--where", "accuracy > 2").out == "no trial like that\n"


def test_csv_of_what_is_left(sweeper: Sweeper, digits: SweepRecord, here: Path) -> None:
    ran = sweeper("trials", "last", "--where", "state = 'complete'", "--sort", "value", "--csv", "out.csv")
    assert ran.out == "wrote out.csv: 4 trials\n"
    with (here / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "5", "0", "2"]
    assert rows[0]["params.depth"] == "8"
    assert rows[0]["metrics.accuracy"] == "0.95"


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "parquet"])
def test_export_by_suffix(sweeper: Sweeper, digits: SweepRecord, here: Path, suffix: str) -> None:
    assert sweeper("export", "last", f"out.{suffix}").out == f"wrote out.{suffix}: 6 trials\n"
    file = here / f"out.{suffix}"
    if suffix == "csv":
        count = len(list(csv.reader(file.open(newline="")))) - 1
    elif suffix == "json":
        count = len(json.loads(file.read_text()))
    elif suffix == "jsonl":
        count = len([json.loads(line) for line in file.read_text().splitlines()])
    else:
        count = pyarrow.parquet.read_table(file).num_rows
    assert count == 6
    assert [path.name for path in here.iterdir() if path.suffix == ".tmp"] == []


def test_parquet_takes_parameters_of_any_type(sweeper: Sweeper, here: Path) -> None:
    made = past("mixed")
    for value in (1, "auto", None, [64, 64], True, 2**70, 0.5):
        made.trial({"width": value}, 0.5)
    made.write()
    assert sweeper("export", "last", "out.parquet").code == 0
    column = pyarrow.parquet.read_table(here / "out.parquet")["params.width"].to_pylist()
    assert column[1] == "auto"
    assert column[2] is None
    assert column[3] == "[64,64]"


def test_a_suffix_or_folder_that_is_not_there(sweeper: Sweeper, digits: SweepRecord, here: Path) -> None:
    assert "choose from: .csv, .json, .jsonl, .parquet" in sweeper("export", "last", "out.xls").err
    ran = sweeper("export", "last", "nowhere/out.csv")
    assert ran.code == 2
    assert "there is no folder 'nowhere'" in ran.err
