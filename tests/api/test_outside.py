"""Runs outside sweeps, and reading what is stored."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sweeper
from sweeper.errors import NotFound, Pruned, StoreUnavailable, UsageError


def row(name: str) -> pd.Series[Any]:
    runs = sweeper.open().runs()
    return runs[runs["name"] == name].iloc[0]


class TestStartRun:
    def test_it_is_committed_when_the_block_ends(self, folder: Path) -> None:
        with sweeper.start_run("prepare", experiment="digits", tags={"k": 1}) as run:
            run.log_params({"rows": 3, "path": "a/b"})
            run.log_metric("loss", 0.5)
            run.log_metric("loss", math.nan)
            run.log_text("hello", "notes/a.txt")

        kept = row("prepare")
        assert (kept["id"], kept["kind"], kept["state"]) == (run.id, "run", "complete")
        assert (kept["params.rows"], kept["params.path"], kept["tags.k"]) == ("3", "a/b", "1")
        assert math.isnan(kept["metrics.loss"])
        assert kept["started"] <= kept["ended"]
        assert (folder / "artifacts" / run.id / "notes" / "a.txt").read_text() == "hello"
        assert sweeper.open().runs(experiment="digits")["name"].tolist() == ["prepare"]

    def test_the_outermost_knows_where_it_comes_from(self) -> None:
        with sweeper.start_run("prepare") as run, sweeper.start_run("inner", parent=run):
            pass

        assert row("prepare")["tags.sweeper.version"] == sweeper.__version__
        assert pd.isna(row("inner").get("tags.sweeper.version"))

    def test_one_that_fails_keeps_why_and_goes_on_failing(self) -> None:
        with pytest.raises(ValueError, match="no data"), sweeper.start_run("prepare"):
            raise ValueError("no data")

        assert row("prepare")["state"] == "failed"
        assert row("prepare")["tags.sweeper.error"] == "ValueError: no data"

    def test_one_that_is_pruned(self) -> None:
        with pytest.raises(Pruned), sweeper.start_run("prepare"):
            raise Pruned

        assert row("prepare")["state"] == "pruned"

    def test_nested_by_run_by_id_and_by_child(self) -> None:
        with (
            sweeper.start_run("outer") as outer,
            sweeper.start_run("by run", parent=outer) as by_run,
            outer.child("by child"),
            sweeper.start_run("by id", parent=by_run.id),
        ):
            pass

        parents = sweeper.open().runs().set_index("name")["parent_id"]
        assert pd.isna(parents["outer"])
        assert (parents["by run"], parents["by child"], parents["by id"]) == (outer.id, outer.id, by_run.id)

    def test_ending_one_ends_what_is_open_below_it(self) -> None:
        outer = sweeper.start_run("outer")
        outer.child("inner")
        outer.end()

        assert set(sweeper.open().runs()["state"]) == {"complete"}

    def test_a_parent_that_is_not_there(self) -> None:
        with pytest.raises(NotFound, match="no run 'nothing'"), sweeper.start_run("lost", parent="nothing"):
            pass

    def test_what_no_store_keeps_is_refused_where_it_is_logged(self) -> None:
        with sweeper.start_run("prepare") as run:
            run.log_param("a", 1)
            with pytest.raises(UsageError, match="already '1'"):
                run.log_param("a", 2)
            with pytest.raises(UsageError, match="must be a number"):
                run.log_metric("m", "high")

        assert row("prepare")["state"] == "complete"

    def test_a_store_of_its_own(self, folder: Path) -> None:
        with sweeper.start_run("elsewhere", store="other.db", artifacts=str(folder / "files")) as run:
            run.log_text("x", "a.txt")

        assert sweeper.open("other.db").runs()["name"].tolist() == ["elsewhere"]
        assert (folder / "files" / run.id / "a.txt").exists()
        assert not (folder / "sweeper.db").exists()


class TestBook:
    @pytest.fixture
    def book(self) -> sweeper.Book:
        for number in range(4):
            with sweeper.start_run(f"run-{number}", tags={"even": number % 2 == 0}) as run:
                run.log_param("depth", number)
                run.log_metric("accuracy", number / 4)
        return sweeper.open()

    def test_runs_by_condition_order_and_limit(self, book: sweeper.Book) -> None:
        found = book.runs("metrics.accuracy > 0.2", order_by="metrics.accuracy DESC", limit=2)

        assert found["name"].tolist() == ["run-3", "run-2"]
        assert found["metrics.accuracy"].tolist() == [0.75, 0.5]
        both = book.runs("tags.even = 'True' and params.depth = '2'", order_by=["metrics.accuracy DESC"])
        assert both["name"].tolist() == ["run-2"]

    def test_nothing_found_is_an_empty_frame_with_columns(self, book: sweeper.Book) -> None:
        found = book.runs("metrics.accuracy > 10")

        assert len(found) == 0
        assert {"id", "name", "kind", "state"} <= set(found.columns)

    def test_a_condition_that_means_nothing_is_told(self, book: sweeper.Book) -> None:
        with pytest.raises(UsageError):
            book.runs("accuracy >")

    def test_the_history_of_a_metric(self, book: sweeper.Book) -> None:
        with sweeper.start_run("curve") as run:
            for value in (0.5, 0.25, math.inf):
                run.log_metric("loss", value)

        found = book.metrics(run.id, "loss")

        assert list(found.columns) == ["step", "value", "time"]
        assert found["step"].tolist() == [0, 1, 2]
        assert found["value"].tolist() == [0.5, 0.25, math.inf]
        with pytest.raises(NotFound, match="no metric 'los'; did you mean 'loss'"):
            book.metrics(run.id, "los")
        with pytest.raises(NotFound, match="no run"):
            book.metrics("0" * 32, "loss")

    def test_reading_a_store_that_is_not_there(self, folder: Path) -> None:
        with pytest.raises(StoreUnavailable, match=r"there is no store at .*typo.db"):
            sweeper.open("typo.db")
        assert not (folder / "typo.db").exists()

    def test_there_may_be_no_sweeps(self, book: sweeper.Book) -> None:
        assert len(book.sweeps()) == 0
        with pytest.raises(NotFound):
            book.sweep()
