"""Trials for a spreadsheet: exact numbers, and no formula."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from sweeper.analysis import TrialTable
from sweeper.analysis import table as read_table
from sweeper.records import Failure, FailureClass
from sweeper.store.store import SqlStore
from sweeper.web.trials_csv import trials_csv
from tests.analysis.conftest import made, trial
from tests.web.conftest import Kinds

SPACE = {"x": {"min": -1.0, "max": 1.0}, "kind": {"values": ["=1+1", "-x", "ok", None, True, [1], "+2", "@a", " =b"]}}


def rows(table: TrialTable) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(trials_csv(table))))


def test_the_columns_are_those_of_the_frame(store: SqlStore, sweep: Kinds) -> None:
    table = read_table(store, sweep("ordinary"))

    read = pd.read_csv(io.StringIO(trials_csv(table)))

    frame = table.frame()
    assert list(read.columns) == list(frame.columns)
    for name in ("number", "value", "params.learning_rate", "metrics.fit_seconds", "seconds", "started"):
        assert np.array_equal(read[name].to_numpy(), frame[name].to_numpy(), equal_nan=True)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("-x", "'-x"), ("ok", "ok"), (None, "null"), (True, "true"), ([1], "[1]"), ("+2", "'+2"),
        ("@a", "'@a"), (" =b", "' =b"),
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(value: object, cell: str) -> None:
    assert rows(made(SPACE, [trial(0, {"x": 0.5, "kind": value}, 1.0)]))[0]["params.kind"] == cell


def test_a_message_is_text_and_a_negative_number_is_a_number() -> None:
    failure = Failure(FailureClass.EXCEPTION, '=HYPERLINK("http://x")\nline, two')
    (row,) = rows(made(SPACE, [trial(0, {"x": -0.25}, None, failure=failure)]))

    assert row["message"] == '\'=HYPERLINK("http://x")\nline, two'
    assert row["params.x"] == "-0.25"
    assert row["failure"] == "exception"


def test_what_is_not_there_is_empty_and_infinities_are_words() -> None:
    (row,) = rows(made(SPACE, [trial(0, {"kind": "ok"}, float("-inf"), ended=None)]))

    assert row["params.x"] == ""
    assert row["ended"] == row["seconds"] == row["message"] == ""
    assert row["value"] == "-inf"


def test_hostile_sweeps_keep_their_rows_apart(store: SqlStore, sweep: Kinds) -> None:
    read = rows(read_table(store, sweep("hostile")))

    assert len(read) == 40
    assert not [
        cell for row in read for cell in row.values() if cell.startswith(("=", "+", "@", "-")) and cell != "-inf"
    ]
