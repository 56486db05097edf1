"""A copy of a store: checked, private, whole, made while the store is written."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from sweeper.errors import StoreForeign, StoreUnavailable, UsageError
from sweeper.events import TagsSet
from sweeper.store import open_store
from sweeper.store.backup import back_up
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run


def test_a_store_is_copied_while_it_is_written(store: SqlStore, path: Path) -> None:
    # given a store that is written all the time
    run_id = add_run(store)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.write(TagsSet(run_id, {"a": str(number), "b": str(number)})).result()
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    # when it is copied several times
    copies = [path.with_name(f"copy-{n}.db") for n in range(3)]
    sizes = [back_up(path, copy) for copy in copies]
    stop.set()
    thread.join()
    # then each copy is a store as of one moment, for its owner only
    for copy, size in zip(copies, sizes, strict=True):
        assert (copy.stat().st_size, copy.stat().st_mode & 0o777) == (size, 0o600)
        copied = open_store(copy, read_only=True)
        tags = copied.run(run_id).tags
        assert tags.get("a") == tags.get("b")
        copied.close()
    assert not list(path.parent.glob("*.part"))


def test_a_copy_can_be_written(store: SqlStore, path: Path) -> None:
    run_id = add_run(store)
    back_up(path, path.with_name("copy.db"))
    copy = open_store(path.with_name("copy.db"))
    copy.write(TagsSet(run_id, {"a": "1"})).result()
    assert (copy.run(run_id).tags, store.run(run_id).tags) == ({"a": "1"}, {})
    copy.close()


def test_a_file_that_is_there_stays(store: SqlStore, path: Path) -> None:
    target = path.with_name("copy.db")
    target.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        back_up(path, target)
    assert target.read_text() == "mine"
    back_up(path, target, force=True)
    assert target.read_bytes().startswith(b"SQLite")


def test_what_is_no_store_is_not_copied(path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no store"):
        back_up(path, path.with_name("copy.db"))
    sqlite3.connect(path).execute("CREATE TABLE studies (id)")
    with pytest.raises(StoreForeign, match="Optuna"):
        back_up(path, path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


def test_a_damaged_store_gives_no_copy(store: SqlStore, path: Path) -> None:
    for _ in range(500):
        add_run(store)
    store.close()
    content = bytearray(path.read_bytes())
    content[8192 : len(content) // 2] = b"\xff" * (len(content) // 2 - 8192)
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable):
        back_up(path, path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


def test_a_place_that_cannot_be_written_is_a_sentence(store: SqlStore, path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="could not be written"):
        back_up(path, path.parent / "nowhere" / "copy.db")


def test_a_server_is_backed_up_by_its_own_tools(path: Path) -> None:
    with pytest.raises(UsageError, match="pg_dump"):
        back_up("postgresql://me:secret@host/db", path)
