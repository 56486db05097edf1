"""SQLite files: whose they are, how they are opened, and that what is acknowledged is on disk."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sweeper.errors import StoreError, StoreForeign, StoreNewer, StoreUnavailable
from sweeper.store import open_store
from sweeper.store.sqlite import Sqlite
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial


def pragma(session_owner: Sqlite, name: str) -> object:
    session = session_owner.open_writer()
    try:
        return session.text(f"PRAGMA {name}")[0][0]
    finally:
        session.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("wal_autocheckpoint", 1000), ("application_id", 0x53575052)],
)
def test_a_writer_is_durable(path: Path, name: str, value: object) -> None:
    database = Sqlite(path, None, read_only=False)
    database.prepare()
    assert pragma(database, name) == value
    database.close()


def test_only_one_store_copies_the_log_back(path: Path) -> None:
    # given two that may write, as two processes would
    first, second = Sqlite(path, None, read_only=False), Sqlite(path, None, read_only=False)
    first.prepare()
    second.prepare()
    one, two = first.open_writer(), second.open_writer()
    assert one.text("PRAGMA wal_autocheckpoint") == [(1000,)]
    assert two.text("PRAGMA wal_autocheckpoint") == [(0,)]
    # when the first is gone, then the second takes over after some commits
    one.close()
    first.close()
    for _ in range(256):
        second.begin(two)
        second.commit(two)
    assert two.text("PRAGMA wal_autocheckpoint") == [(1000,)]
    two.close()
    second.close()


def test_files_are_for_their_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(str(path))
        add_sweep(store)
    finally:
        os.umask(before)
    modes = {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in path.parent.iterdir() if file.is_file()}
    store.close()
    assert set(modes.values()) == {"0o600"}
    assert {"runs.db", "runs.db-wal"} <= set(modes)


def test_a_closed_store_is_one_file(path: Path) -> None:
    store = open_store(str(path))
    add_sweep(store)
    store.sweeps()
    store.close()
    assert not Path(f"{path}-wal").exists()
    store.close()
    for action in (lambda: store.sweeps(), lambda: add_sweep(store)):
        with pytest.raises(Exception, match="closed"):
            action()


def foreign(path: Path, statements: list[str]) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("statements", "owner"),
    [
        (["CREATE TABLE studies (id INTEGER)"], "Optuna"),
        (["CREATE TABLE latest_metrics (id INTEGER)", "CREATE TABLE runs (id INTEGER)"], "MLflow"),
        (["CREATE TABLE things (id INTEGER)"], "another program"),
    ],
)
def test_a_database_of_another_program_is_left_alone(
    path: Path, read_only: bool, statements: list[str], owner: str
) -> None:
    foreign(path, statements)
    before = path.read_bytes()
    with pytest.raises(StoreForeign, match=owner) as caught:
        open_store(str(path), read_only=read_only)
    assert caught.value.exit_code == 3
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_database_is_left_alone(path: Path, read_only: bool) -> None:
    path.write_text("name: digits\n" * 100)
    with pytest.raises(StoreForeign, match="not a SQLite database"):
        open_store(str(path), read_only=read_only)
    assert path.read_text() == "name: digits\n" * 100


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_store_is_refused_in_words(path: Path, read_only: bool) -> None:
    open_store(str(path)).close()
    foreign(path, ["UPDATE sweeper_schema SET version_num = '0999'"])
    with pytest.raises(StoreNewer, match=r"newer version of sweeper \(schema 0999"):
        open_store(str(path), read_only=read_only)


def test_an_empty_file_becomes_a_store_but_is_not_read(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreForeign, match="empty"):
        open_store(str(path), read_only=True)
    open_store(str(path)).close()
    assert open_store(str(path), read_only=True).sweeps() == []


def test_what_cannot_be_opened_is_said(path: Path) -> None:
    for url, read_only, words in (
        (path, True, "there is no store at"),
        (path.parent, False, "is a folder"),
        (path.parent / "nothing" / "runs.db", False, "does not exist"),
        ("/dev/null", False, "not a regular file"),
    ):
        with pytest.raises(StoreUnavailable, match=words) as caught:
            open_store(str(url), read_only=read_only)
        assert caught.value.exit_code == 3
    assert not path.exists()


AS_NOBODY = """
import os, sys
from sweeper.errors import StoreError
from sweeper.store import open_store
os.setgid(65534); os.setuid(65534)
try:
    store = open_store(sys.argv[1], read_only=sys.argv[2] == "read")
    print(len(store.sweeps()), store.find_trial("last:0").params)
except StoreError as error:
    print(error.exit_code, error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
@pytest.mark.parametrize("how", ["read", "write"])
def test_a_read_only_store_is_read_and_not_written(how: str) -> None:
    # given a store that belongs to somebody else, in a folder where nothing can be made
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "runs.db"
        store = open_store(str(path))
        add_trial(store, add_sweep(store), 0, {"depth": 3})
        store.close()
        path.chmod(0o444)
        folder.chmod(0o555)
        # when another user opens it
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(path), how],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()},
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)
    # then it can be read, and writing is refused in words
    refused = f"3 {path} is read-only: nothing can be written to it"
    assert done.stdout.strip() == ("1 {'depth': 3}" if how == "read" else refused)


def test_a_store_opened_for_reading_does_not_write(path: Path) -> None:
    open_store(str(path)).close()
    store = open_store(str(path), read_only=True)
    with pytest.raises(StoreUnavailable, match="for reading only"):
        add_sweep(store)
    with pytest.raises(StoreUnavailable, match="for reading only"):
        store.experiment("new")
    store.close()


def test_reading_needs_neither_sqlalchemy_nor_alembic(path: Path) -> None:
    # given a store with a trial
    store = open_store(str(path))
    run_id = add_trial(store, add_sweep(store), 0, value=0.5)
    store.close()
    # when a process opens it, reads and writes
    code = f"""
import sys
from sweeper.store import open_store
from sweeper.events import TagsSet
store = open_store({str(path)!r})
store.sweeps(), store.trials(store.find_sweep("last").id), store.run({run_id!r}), store.points([{run_id!r}])
store.write(TagsSet({run_id!r}, {{"a": "b"}})).result()
store.close()
new = open_store({str(path) + ".new"!r})
new.close()
print([name for name in ("sqlalchemy", "alembic", "pandas", "numpy") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # then nothing heavy was imported
    assert done.stdout.strip() == "[]"


def test_a_damaged_file_is_said(path: Path) -> None:
    store = open_store(str(path))
    add_trial(store, add_sweep(store), 0)
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises(StoreError, match=r"runs\.db"):
        open_store(str(path), read_only=True).sweeps()


def test_where_files_go_is_remembered(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    beside = open_store("beside.db")
    assert beside.artifacts == str(path.parent / "artifacts")
    beside.close()
    open_store("given.db", artifacts="./files/").close()
    again = open_store("given.db")
    assert again.artifacts == str(path.parent / "files")
    sweep = add_sweep(again)
    assert again.artifacts_of(add_trial(again, sweep, 0)).startswith(str(path.parent / "files"))
    again.close()
    other = open_store("given.db", artifacts="memory://elsewhere", read_only=True)
    assert other.artifacts == "memory://elsewhere"
    assert other.artifacts_of(sweep.id) == f"{path.parent}/files/{sweep.id}"


def test_passwords_are_not_stored() -> None:
    with pytest.raises(Exception, match="password") as caught:
        open_store("x.db", artifacts="ftp://me:hunter2@host/files")
    assert "hunter2" not in str(caught.value)


def test_secrets_are_not_in_the_url(store: SqlStore, path: Path) -> None:
    assert store.url == f"sqlite:///{path}"
