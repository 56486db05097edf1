"""Sweeps go from store to store: exactly, once, and only from exports that are whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import LeaseHeld, NotFound, StoreNewer, UsageError
from sweeper.events import RunEnded
from sweeper.exchange.lines import read_rows, write_lines
from sweeper.exchange.store import Moved, export, load
from sweeper.records import RunState
from sweeper.registry.registering import Wishes, register
from sweeper.registry.registry import Registry
from sweeper.store import open_store
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import HOLDER, add_run, add_sweep, add_trial, completed, started
from tests.store.schemas.make import HERE, SWEEP, fill, run_id

FILE = HERE / "0001.jsonl"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    (tmp_path / "here").mkdir()
    made = open_store(tmp_path / "here" / "runs.db")
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[SqlStore]:
    (tmp_path / "there").mkdir()
    made = open_store(tmp_path / "there" / "runs.db")
    yield made
    made.close()


def rows(store: SqlStore, path: Path) -> list[Any]:
    """What is in a store, but for the numbers and times of experiments."""
    export(store, path, force=True)
    found = []
    for table, row in read_rows(path):
        row.pop("experiment_id", None)
        if table != "experiments":
            found.append((table, row))
    return found


def test_a_store_comes_back_exactly(store: SqlStore, tmp_path: Path) -> None:
    assert load(store, FILE) == Moved(9, 0, 0)
    expected = [(table, row) for table, row in read_rows(FILE) if table != "experiments"]
    for _, row in expected:
        row.pop("experiment_id", None)
    assert rows(store, tmp_path / "again.jsonl") == expected
    assert store.run(run_id(99)).experiment_id == store.experiment("other")


def test_importing_again_changes_nothing(store: SqlStore, tmp_path: Path) -> None:
    load(store, FILE)
    before = rows(store, tmp_path / "a.jsonl")
    assert load(store, FILE) == Moved(0, 0, 9)
    assert rows(store, tmp_path / "b.jsonl") == before


def test_many_runs_come_in_pieces(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    sweep = add_sweep(store)
    for number in range(250):
        add_trial(store, sweep, number, {"x": number}, value=float(number))
    alone = [add_run(store) for _ in range(250)]
    export(store, tmp_path / "x.jsonl")
    assert load(other, tmp_path / "x.jsonl").runs == 501
    assert other.trials(sweep.id) == store.trials(sweep.id)
    assert other.find_sweep("last").counts == store.find_sweep("last").counts
    assert {other.run(each).id for each in alone} == set(alone)


def test_one_sweep_goes_with_all_below_it(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    fill(store)
    add_trial(store, second := add_sweep(store, "second"), 0, value=1.0)
    export(store, tmp_path / "x.jsonl", [SWEEP])
    assert load(other, tmp_path / "x.jsonl") == Moved(8, 0, 0)
    assert [sweep.id for sweep in other.sweeps()] == [SWEEP]
    assert [run.name for run in other.children(run_id(1))] == ["fold-0"]
    with pytest.raises(NotFound):
        other.run(run_id(99))
    assert second.id not in (tmp_path / "x.jsonl").read_text()


def test_an_export_that_got_further_replaces_what_is_here(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    # given a store with a sweep that was exported while one trial ran
    sweep = add_sweep(store)
    add_trial(store, sweep, 0, value=1.0)
    trial = run_id(7)
    store.write(*started(sweep.id, trial, 1, {"x": 1})).result()
    export(store, tmp_path / "early.jsonl")
    load(other, tmp_path / "early.jsonl")
    # when it is exported again at its end
    store.write(*completed(sweep.id, trial, 1, 2.0)).result()
    export(store, tmp_path / "late.jsonl")
    assert load(other, tmp_path / "late.jsonl").runs == 2  # the trial, and the sweep
    # then the other store knows the end, and the early export does not take it back
    assert load(other, tmp_path / "early.jsonl").runs == 0
    assert other.trials(sweep.id) == store.trials(sweep.id)
    assert other.find_sweep("last").counts == store.find_sweep("last").counts
    assert other.points([trial]) == store.points([trial])


def test_a_sweep_that_runs_here_is_not_touched(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    sweep = add_sweep(store)
    export(store, tmp_path / "x.jsonl")
    load(other, tmp_path / "x.jsonl")
    fence = other.acquire(sweep.id, HOLDER, 60)
    with pytest.raises(LeaseHeld, match="is running in this store"):
        load(other, tmp_path / "x.jsonl")
    other.release(fence)


def test_a_lease_does_not_travel(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    sweep = add_sweep(store)
    store.acquire(sweep.id, HOLDER, 60)
    export(store, tmp_path / "x.jsonl")
    load(other, tmp_path / "x.jsonl")
    assert other.lease(sweep.id) is None


def test_a_folder_takes_the_files_along(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    # given runs with files
    sweep = add_sweep(store)
    trial = add_trial(store, sweep, 0, value=1.0)
    files = open_artifacts(store.artifacts)
    files.write(f"{sweep.id}/sweep.yaml", b"name: digits")
    files.write(f"{trial}/plots/a.png", b"\x89PNG")
    # when they go to another store
    assert export(store, tmp_path / "x") == Moved(2, 2)
    assert load(other, tmp_path / "x").files == 2
    # then the files are there, and the rows say where
    assert other.artifacts_of(trial) == f"{other.artifacts}/{trial}"
    assert Path(other.artifacts_of(trial), "plots/a.png").read_bytes() == b"\x89PNG"
    assert other.find_sweep("last").artifact_uri == f"{other.artifacts}/{sweep.id}"
    # and doing it again changes nothing
    assert load(other, tmp_path / "x").runs == 0


@pytest.mark.parametrize("harm", ["missing file", "changed file", "extra file", "no manifest", "missing rows"])
def test_a_folder_that_is_not_whole_is_refused(store: SqlStore, other: SqlStore, tmp_path: Path, harm: str) -> None:
    run = add_run(store)
    open_artifacts(store.artifacts).write(f"{run}/a", b"1")
    folder = tmp_path / "x"
    export(store, folder)
    if harm == "missing file":
        (folder / "artifacts" / run / "a").unlink()
    elif harm == "changed file":
        (folder / "artifacts" / run / "a").write_bytes(b"2")
    elif harm == "extra file":
        (folder / "artifacts" / run / "b").write_bytes(b"2")
    elif harm == "no manifest":
        (folder / "manifest.json").unlink()
    else:
        (folder / "store.jsonl").unlink()
    with pytest.raises(UsageError, match=r"not a? ?whole|changed or damaged"):
        load(other, folder)
    assert other.runs() == []
    assert not Path(other.artifacts).exists()


def test_a_file_cannot_lead_out_of_the_artifacts(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    add_run(store)
    export(store, folder)
    (folder / "artifacts").mkdir()
    (tmp_path / "escaped").write_bytes(b"1")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["artifacts/../../escaped"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError):
        load(other, folder)


WRONG = [
    ("nonsense", {"id": "x"}, "not a table"),
    ("tags", {"run_id": "r"}, "has the columns run_id, not run_id, key, value"),
    ("tags", {"run_id": "r", "key": "k", "value": 1}, "has 1 as value"),
    ("tags", {"run_id": "r" * 37, "key": "k", "value": "v"}, "as run_id"),
    ("params", {"run_id": "r", "key": "k", "value": "v", "number": "1"}, "has '1' as number"),
    ("control", {"sweep_id": "s", "wanted": "stop", "wanted_by": "me", "time": True}, "has True as time"),
]


@pytest.mark.parametrize(("table", "row", "said"), WRONG)
def test_a_row_that_no_store_wrote_is_refused(
    store: SqlStore, tmp_path: Path, table: str, row: dict[str, Any], said: str
) -> None:
    write_lines(tmp_path / "x.jsonl", {"schema": "0001"}, [(table, row)])
    with pytest.raises(UsageError, match=said):
        load(store, tmp_path / "x.jsonl")


@pytest.mark.parametrize(("column", "value"), [("params", "{"), ("kind", "dragon"), ("state", "asleep")])
def test_a_run_that_no_store_wrote_is_refused(store: SqlStore, tmp_path: Path, column: str, value: str) -> None:
    changed = [(table, {**row, column: value} if table == "runs" else row) for table, row in read_rows(FILE)]
    write_lines(tmp_path / "x.jsonl", {"schema": "0001"}, changed)
    with pytest.raises(UsageError):
        load(store, tmp_path / "x.jsonl")
    assert store.runs() == []


def test_a_newer_export_is_refused(store: SqlStore, tmp_path: Path) -> None:
    write_lines(tmp_path / "x.jsonl", {"schema": "0999"}, [])
    with pytest.raises(StoreNewer, match="0999"):
        load(store, tmp_path / "x.jsonl")


def test_nothing_is_written_over(store: SqlStore, tmp_path: Path) -> None:
    for name in ("x.jsonl", "x"):
        export(store, tmp_path / name)
        with pytest.raises(UsageError, match="--force"):
            export(store, tmp_path / name)
        export(store, tmp_path / name, force=True)


def test_an_export_sees_one_moment(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    # given a store that changes while it is read
    runs = [add_run(store) for _ in range(150)]

    def ended() -> None:
        store.write(*(RunEnded(run, RunState.COMPLETE, 2e9) for run in runs)).result()

    from sweeper.store.transfer import dump

    def read(session: Any) -> list[str]:
        states = []
        for table, row in dump(session):
            if table == "runs":
                states.append(row["state"])
                if len(states) == 1:
                    ended()
        return states

    # then what is read is as it was when the reading began
    assert store.read(read) == ["running"] * 150
    assert store.run(runs[-1]).state is RunState.COMPLETE


def test_registered_models_move_with_the_store(store: SqlStore, other: SqlStore, tmp_path: Path) -> None:
    # given a version whose files were copied for it
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "w.bin").write_bytes(b"1")
    trial = add_trial(store, add_sweep(store), 0, value=0.5)
    registry, there = Registry(store, user="me"), Registry(other)
    register(registry, trial, "digits", Wishes.checked("champion", tags={"a": "b"}), path=tmp_path / "weights")
    # when the store is exported and taken into another one, twice
    assert export(store, tmp_path / "out").runs == 2
    assert load(other, tmp_path / "out").runs == 2
    assert load(other, tmp_path / "out").known == 2
    # then the model is there with its files, aliases and history
    version = there.version("digits", 1)
    assert Path(version.location, "w.bin").read_bytes() == b"1"
    assert version.location.startswith(other.artifacts)
    assert version.tags["a"] == "b"
    assert (there.get("digits").aliases, there.history("digits")) == ({"champion": 1}, registry.history("digits"))
    # when it goes on in the first one, the other follows
    registry.set_alias("digits", "challenger", 1)
    export(store, tmp_path / "later.jsonl")
    load(other, tmp_path / "later.jsonl")
    assert there.get("digits").aliases == {"challenger": 1, "champion": 1}
    # a part of a store has no models
    export(store, tmp_path / "part.jsonl", [store.find_sweep("last").id])
    assert not [table for table, _ in read_rows(tmp_path / "part.jsonl") if table.startswith("model")]


def test_a_model_of_the_same_name_that_began_elsewhere_is_in_the_way(
    store: SqlStore, other: SqlStore, tmp_path: Path
) -> None:
    add_sweep(store)
    Registry(store).create("digits")
    Registry(other).create("digits")
    export(store, tmp_path / "out.jsonl")
    with pytest.raises(UsageError, match="--rename NEW"):
        load(other, tmp_path / "out.jsonl")
    assert other.sweeps() == []
