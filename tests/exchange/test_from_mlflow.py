"""Runs of MLflow brought here, from all three places they can be."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.errors import NotFound, UsageError
from sweeper.events import ParamsLogged, PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.exchange.from_mlflow import source_of, take
from sweeper.records import Point, Run, RunState
from sweeper.store import open_database
from sweeper.store.store import SqlStore
from tests.server.served import served

PARENT, CHILD = "a" * 32, "b" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_database(str(tmp_path / "here.db"))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An mlruns folder with a parent and a child, as MLflow 2 writes it."""
    root = tmp_path / "mlruns"
    (root / "0").mkdir(parents=True)
    (root / "0" / "meta.yaml").write_text("experiment_id: '0'\nlifecycle_stage: active\nname: Default\n")
    (root / "7").mkdir()
    (root / "7" / "meta.yaml").write_text("experiment_id: '7'\nlifecycle_stage: active\nname: digits\n")
    (root / ".trash").mkdir()
    for run_id, name in ((PARENT, "parent"), (CHILD, "child")):
        place = root / "7" / run_id
        for part in ("metrics/val", "params", "tags", "artifacts"):
            (place / part).mkdir(parents=True)
        (place / "meta.yaml").write_text(
            f"run_id: {run_id}\nrun_name: {name}\nstatus: 3\nstart_time: 1000500\nend_time: 2000500\n"
            "lifecycle_stage: active\nuser_id: anna\n"
        )
        (place / "params" / "lr").write_text("0.1")
        (place / "metrics" / "loss").write_text("1000 0.5 0\n2000 nan 1\n")
        (place / "metrics" / "val" / "acc").write_text("1000 0.9 3\n")
        (place / "artifacts" / "a.txt").write_text("hello")
    (root / "7" / CHILD / "tags" / "mlflow.parentRunId").write_text(PARENT)
    return root


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The part of an MLflow server's database that is read."""
    path = tmp_path / "mlflow.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        CREATE TABLE experiments (experiment_id INTEGER, name TEXT, lifecycle_stage TEXT);
        CREATE TABLE runs (run_uuid TEXT, name TEXT, status TEXT, start_time BIGINT, end_time BIGINT, user_id TEXT,
                           artifact_uri TEXT, experiment_id INTEGER, lifecycle_stage TEXT);
        CREATE TABLE params (run_uuid TEXT, key TEXT, value TEXT);
        CREATE TABLE tags (run_uuid TEXT, key TEXT, value TEXT);
        CREATE TABLE metrics (run_uuid TEXT, key TEXT, value DOUBLE, step BIGINT, timestamp BIGINT, is_nan BOOLEAN);
        INSERT INTO experiments VALUES (0, 'Default', 'active'), (7, 'digits', 'active'), (8, 'old', 'deleted');
        INSERT INTO runs VALUES
          ('{CHILD}', 'child', 'FINISHED', 1000500, 2000500, 'anna', 'mlflow-artifacts:/7/x', 7, 'active'),
          ('{PARENT}', 'parent', 'FINISHED', 1000500, 2000500, 'anna', 'mlflow-artifacts:/7/y', 7, 'active'),
          ('{'c' * 32}', 'gone', 'FINISHED', 1, 2, '', '', 7, 'deleted');
        INSERT INTO params VALUES ('{PARENT}', 'lr', '0.1'), ('{CHILD}', 'lr', '0.1');
        INSERT INTO tags VALUES ('{CHILD}', 'mlflow.parentRunId', '{PARENT}');
        """
    )
    for run_id in (PARENT, CHILD):
        connection.executemany(
            "INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)",
            [(run_id, "loss", 0.5, 0, 1000, 0), (run_id, "loss", 0, 1, 2000, 1), (run_id, "val/acc", 0.9, 3, 1000, 0)],
        )
    connection.commit()
    connection.close()
    return path


def check(store: SqlStore) -> None:
    parent, child = store.run(PARENT), store.run(CHILD)
    assert (parent.name, parent.state, parent.started, parent.ended, parent.user) == (
        "parent", RunState.COMPLETE, 1000.5, 2000.5, "anna",
    )  # fmt: skip
    assert child.parent_id == PARENT
    assert child.params == {"lr": "0.1"}
    assert math.isnan(child.metrics["loss"])
    assert child.metrics["val/acc"] == 0.9
    assert [(point.step, point.time) for point in store.points([CHILD], ["loss"])[CHILD]] == [(0, 1.0), (1, 2.0)]
    assert [run.id for run in store.runs(experiment="digits", order_by=["run_name"])] == [CHILD, PARENT]


def test_a_folder(store: SqlStore, folder: Path) -> None:
    done = take(source_of(str(folder)), store)
    assert (done.new, done.known, done.left) == (2, 0, [])
    check(store)
    assert (Path(store.artifacts) / CHILD / "a.txt").read_text() == "hello"
    # and again: nothing changes
    assert take(source_of(str(folder)), store).known == 2
    check(store)


def test_a_database(store: SqlStore, database: Path) -> None:
    done = take(source_of(f"sqlite:///{database}"), store, ["digits"])
    assert (done.new, done.left) == (2, [])
    check(store)
    with pytest.raises(NotFound, match="digits"):
        take(source_of(str(database)), store, ["digit"])


def test_a_server(store: SqlStore, tmp_path: Path) -> None:
    there = open_database(str(tmp_path / "there.db"))
    experiment = there.experiment("digits")
    for run_id, name, parent in ((PARENT, "parent", None), (CHILD, "child", PARENT)):
        run = Run(run_id, name, parent_id=parent, experiment_id=experiment, started=1000.5, user="anna")
        points = (Point("loss", 0.5, 0, 1.0), Point("loss", math.nan, 1, 2.0), Point("val/acc", 0.9, 3, 1.0))
        ended = RunEnded(run_id, RunState.COMPLETE, 2000.5)
        params = ParamsLogged(run_id, {"lr": "0.1"})
        there.write(RunStarted(run), params, TagsSet(run_id, {}), PointsLogged(run_id, points), ended).result()
    with served(there) as url:
        assert take(source_of(url), store).new == 2
    check(store)
    there.close()


def test_what_is_not_mlflow_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is nothing"):
        source_of(str(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="not an mlruns folder"):
        source_of(str(tmp_path / "empty"))
    (tmp_path / "file.db").write_text("nonsense, and no database at all")
    with pytest.raises(UsageError, match="not the database of an MLflow server"):
        list(source_of(str(tmp_path / "file.db")).experiments())
