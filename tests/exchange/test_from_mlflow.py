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
from sweeper.records import Goal, Point, Run, RunState
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


def add_run(folder: Path, run_id: str, parent: str, values: str, params: dict[str, str], status: int = 3) -> None:
    place = folder / "7" / run_id
    for part in ("metrics", "params", "tags"):
        (place / part).mkdir(parents=True)
    (place / "meta.yaml").write_text(
        f"run_id: {run_id}\nrun_name: {run_id[:4]}\nstatus: {status}\nstart_time: {int(run_id[:2], 16)}000\n"
        f"end_time: {int(run_id[:2], 16)}900\nlifecycle_stage: active\n"
    )
    if parent:
        (place / "tags" / "mlflow.parentRunId").write_text(parent)
    for name, text in params.items():
        (place / "params" / name).write_text(text)
    if values:
        (place / "metrics" / "acc").write_text(values)


def test_a_parent_with_children_becomes_a_sweep(store: SqlStore, folder: Path) -> None:
    # given a search as MLflow keeps it: a parent, children with params as text, one failed, one with a fold below it
    parent = "10" * 16
    add_run(folder, parent, "", "", {})
    for at in range(4):
        params = {"lr": str(10.0**-at), "depth": str(at), "kind": "tree", "shuffle": "True"}
        status, values = (4, "") if at == 3 else (3, f"1000 0.{at}5 0\n2000 0.{at}9 1\n")
        add_run(folder, f"2{at}" * 16, parent, values, params, status)
    add_run(folder, "30" * 16, "20" * 16, "1000 0.5 0\n", {})
    # when it is brought here with its metric as goal
    done = take(source_of(str(folder)), store, goal=Goal("acc", "maximize"))
    # then it is a sweep like others
    sweep = store.find_sweep(parent)
    assert (done.sweeps, done.left, sweep.method, sweep.counts["complete"], sweep.counts["failed"]) == (
        1, [], "imported", 3, 1,
    )  # fmt: skip
    assert sweep.best is not None
    assert (sweep.best.run_id, sweep.best.value) == ("22" * 16, 0.29)
    assert sweep.best.params == {"lr": 0.01, "depth": 2, "kind": "tree", "shuffle": True}
    assert [run.id for run in store.children("20" * 16)] == ["30" * 16]
    assert [point.value for point in store.points(["21" * 16])["21" * 16]] == [0.15, 0.19]
    # and again: nothing changes
    again = take(source_of(str(folder)), store, goal=Goal("acc", "maximize"))
    assert (again.new, again.sweeps) == (0, 0)
    assert store.find_sweep(parent).counts == sweep.counts


def test_ranges_look_at_what_was_run_elsewhere(store: SqlStore, folder: Path) -> None:
    from sweeper.analysis import table
    from sweeper.analysis.ranges.survey import survey

    for run in range(3):
        add_run(folder, f"1{run}" * 16, "", "", {})
        for at in range(8):
            values, params = f"1000 0.{at + 1} 0\n", {"lr": str(10.0 ** -(at % 4))}
            add_run(folder, f"{run + 4}{at}" * 16, f"1{run}" * 16, values, params)
    take(source_of(str(folder)), store, goal=Goal("acc", "maximize"))
    tables = [table(store, store.find_sweep(f"1{run}" * 16)) for run in range(3)]
    (lr,) = survey(tables)
    assert lr.name == "lr"
    assert lr.explored == (0.001, 1.0)
    assert lr.best == (0.001, 0.001, 0.001)  # of equal ones the later run: its value is the greatest


def test_flat_runs_of_an_experiment_become_a_sweep(store: SqlStore, folder: Path) -> None:
    for at in range(3):
        add_run(folder, f"4{at}" * 16, "", f"1000 0.{at + 1} 0\n", {"lr": "0.1"})
    done = take(source_of(str(folder)), store, ["digits"], goal=Goal("acc", "minimize"))
    sweep = store.find_sweep("digits")
    assert (done.sweeps, sweep.counts["complete"]) == (1, 3)
    assert sweep.best is not None
    assert sweep.best.value == 0.1


def test_what_is_not_mlflow_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is nothing"):
        source_of(str(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="not an mlruns folder"):
        source_of(str(tmp_path / "empty"))
    (tmp_path / "file.db").write_text("nonsense, and no database at all")
    with pytest.raises(UsageError, match="not the database of an MLflow server"):
        list(source_of(str(tmp_path / "file.db")).experiments())
