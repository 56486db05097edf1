"""Rows of trials, and their files."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from sweeper.records import SweepRecord
from sweeper.store.store import SqlStore
from tests.analysis.sweeps import write_sweep
from tests.web.conftest import PLANS

from .conftest import Pages


@pytest.fixture
def sweep(store: SqlStore) -> SweepRecord:
    return write_sweep(store, PLANS["ordinary"]())


def numbers(pages: Pages, sweep: SweepRecord, **query: Any) -> list[int]:
    return [row["number"] for row in pages.get(f"sweeps/{sweep.id}/trials", **query)["trials"]]


def test_pages_of_rows_are_all_rows_once(pages: Pages, sweep: SweepRecord) -> None:
    found = [numbers(pages, sweep, limit=25, offset=offset) for offset in (0, 25, 50, 75)]

    assert [len(part) for part in found] == [25, 25, 10, 0]
    assert [number for part in found for number in part] == list(range(60))


def test_a_filter_leaves_what_it_says_and_counts_it(pages: Pages, sweep: SweepRecord) -> None:
    found = pages.get(f"sweeps/{sweep.id}/trials", f="learning_rate:1e-4..1e-2;criterion:gini,entropy", limit=100)

    assert found["total"] == len(found["trials"]) > 3
    for row in found["trials"]:
        assert 1e-4 <= row["params"]["learning_rate"] <= 1e-2
        assert row["params"]["criterion"] in ("gini", "entropy")


def test_value_sorts_the_best_first_and_a_name_ascending(pages: Pages, sweep: SweepRecord) -> None:
    rows = pages.get(f"sweeps/{sweep.id}/trials", sort="value", f="state:complete", limit=100)["trials"]
    ascending = pages.get(f"sweeps/{sweep.id}/trials", sort="accuracy", f="state:complete", limit=100)["trials"]

    values = [row["value"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert [row["value"] for row in ascending] == sorted(values)
    assert numbers(pages, sweep, sort="-value", f="state:complete")[-1] == rows[0]["number"]


def test_rows_have_all_their_digits_and_what_they_took(pages: Pages, store: SqlStore, sweep: SweepRecord) -> None:
    (row,) = pages.get(f"sweeps/{sweep.id}/trials", f="number:7..7")["trials"]
    (trial,) = store.trials(sweep.id, numbers=[7])

    assert row["params"] == trial.params
    assert row["run_id"] == trial.run_id
    assert row["seconds"] == pytest.approx(trial.ended - trial.started)  # type: ignore[operator]  # it ended
    assert (row["dup_of"], row["cost"]) == (None, None)


def test_what_means_nothing_is_refused(pages: Pages, sweep: SweepRecord) -> None:
    assert pages.refused(f"sweeps/{sweep.id}/trials", sort="acuracy")[0] == 400
    assert pages.refused(f"sweeps/{sweep.id}/trials", f="accuracy")[0] == 400
    assert pages.refused(f"sweeps/{sweep.id}/trials.csv", f="accuracy")[0] == 400


@pytest.mark.parametrize("kind", sorted(PLANS))
def test_files_hold_the_same_trials_in_the_same_order(pages: Pages, store: SqlStore, kind: str) -> None:
    sweep = write_sweep(store, PLANS[kind]())
    query = {"f": "number:3..40", "sort": "-number"}

    rows = pages.get(f"sweeps/{sweep.id}/trials", limit=100, **query)["trials"]
    as_csv = pages.raw(f"sweeps/{sweep.id}/trials.csv", **query)
    as_json = pages.raw(f"sweeps/{sweep.id}/trials.json", **query)

    expected = [str(row["number"]) for row in rows]
    assert [row["number"] for row in csv.DictReader(io.StringIO(as_csv.text))] == expected
    assert [str(row["number"]) for row in json.loads(as_json.text)] == expected
    for answer in (as_csv, as_json):
        assert answer.headers["content-disposition"].isascii()
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_csv_is_that_of_the_report(pages: Pages, store: SqlStore, sweep: SweepRecord) -> None:
    from sweeper.analysis import table
    from sweeper.web.trials_csv import trials_csv

    answer = pages.raw(f"sweeps/{sweep.id}/trials.csv")

    assert answer.text == trials_csv(table(store, sweep))


def test_parquet_has_a_column_for_each_fact(pages: Pages, sweep: SweepRecord) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    answer = pages.raw(f"sweeps/{sweep.id}/trials.parquet", f="state:complete")

    found = parquet.read_table(io.BytesIO(answer.content))
    assert found.num_rows == 50
    assert {"number", "run_id", "value", "params.learning_rate", "metrics.accuracy"} <= set(found.column_names)
