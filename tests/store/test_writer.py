"""The writer thread: what waits, what fails, and what happens at the end."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.errors import StoreUnavailable, UsageError
from sweeper.events import TagsSet
from sweeper.store import open_store, sqlite, trouble, writer
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run, add_sweep


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program keeps the database locked."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


def test_writing_waits_for_a_lock(store: SqlStore, path: Path) -> None:
    run_id = add_run(store)
    with locked(path):
        waiting = store.write(TagsSet(run_id, {"a": "1"}))
        assert not waiting.done()
        assert store.run(run_id).tags == {}
    waiting.result()
    assert store.run(run_id).tags == {"a": "1"}


def test_a_lock_held_too_long_fails_everything_that_waits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a store that waits for a moment only, and a queue of writes behind a lock
    monkeypatch.setattr(trouble, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(sqlite, "TRY_SECONDS", 0.05)
    store = open_store(str(path))
    run_id = add_run(store)
    with locked(path):
        waiting = [store.write(TagsSet(run_id, {"a": str(n)})) for n in range(50)]
        # then all fail with a sentence, and later writes succeed
        with pytest.raises(StoreUnavailable, match="locked"):
            store.flush()
        assert all(isinstance(future.exception(), StoreUnavailable) for future in waiting)
    store.write(TagsSet(run_id, {"b": "1"})).result()
    assert store.run(run_id).tags == {"b": "1"}
    store.close()


def test_a_full_queue_makes_writers_wait(store: SqlStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a queue with room for three writes, and a database that is locked
    monkeypatch.setattr(writer, "LIMIT", 3)
    run_id = add_run(store)
    with locked(path):

        def write_many() -> None:
            for n in range(100):
                store.write(TagsSet(run_id, {"n": str(n)}))

        thread = threading.Thread(target=write_many)
        thread.start()
        # then writing stops until there is room
        thread.join(0.2)
        assert thread.is_alive()
    thread.join()
    store.flush()
    assert store.run(run_id).tags == {"n": "99"}


def test_a_queued_write_cannot_be_cancelled(store: SqlStore) -> None:
    run_id = add_run(store)
    future = store.write(TagsSet(run_id, {"a": "1"}))
    assert not future.cancel()
    future.result()
    assert store.run(run_id).tags == {"a": "1"}


def test_an_unknown_event_is_refused(store: SqlStore) -> None:
    with pytest.raises(UsageError, match="is not an event"):
        store.write("nonsense").result()  # type: ignore[arg-type]  # wrong on purpose
    add_sweep(store)


def test_what_is_queued_is_written_when_the_process_ends(path: Path) -> None:
    # given a process that writes and ends without waiting or closing
    run_id = "a" * 32
    code = f"""
from sweeper.events import RunStarted, TagsSet
from sweeper.records import Run
from sweeper.store import open_store
store = open_store({str(path)!r})
store.write(RunStarted(Run({run_id!r}, "quick", started=1.0)))
for n in range(500):
    store.write(TagsSet({run_id!r}, {{"n": str(n)}}))
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    # then everything is there
    store = open_store(str(path), read_only=True)
    assert store.run(run_id).tags == {"n": "499"}
    store.close()
