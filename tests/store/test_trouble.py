"""A database that cannot be written now: nothing is lost, somebody is told, and it goes on."""

from __future__ import annotations

import errno
import os
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import pytest

from sweeper.errors import StoreUnavailable, UsageError
from sweeper.events import TagsSet
from sweeper.store import ballast, open_store, trouble
from sweeper.store.store import SqlStore
from sweeper.store.trouble import Cause, Patience, seconds_of
from sweeper.testing.sweeps import add_run

from .disks import FullDisk, large, wait_until


def test_what_does_not_fit_is_kept_until_there_is_room(store: SqlStore) -> None:
    # given a store on a full disk
    run_id = add_run(store)
    disk = FullDisk(store)
    disk.full = True
    # when much is written
    waiting = [store.write(large(run_id, str(n))) for n in range(30)]
    wait_until(lambda: store.trouble)
    # then it says so, what is there can be read, and nothing has failed
    assert "is full" in store.trouble
    assert store.run(run_id).tags == {}
    assert not any(future.done() for future in waiting)
    # and everything is written when there is room
    disk.full = False
    for future in waiting:
        future.result()
    assert set(store.run(run_id).tags) == {str(n) for n in range(30)}
    assert store.trouble == ""


def test_a_disk_that_errs_is_tried_again(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a disk that fails three times at commit
    run_id = add_run(store)
    database: Any = store._database
    commit, left = database.commit, [3]

    def failing(session: Any) -> None:
        if left[0]:
            left[0] -= 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise error
        commit(session)

    monkeypatch.setattr(database, "commit", failing)
    store.write(TagsSet(run_id, {"a": "1"})).result()
    assert (store.run(run_id).tags, left, store.trouble) == ({"a": "1"}, [0], "")


def test_a_file_beside_the_database_is_given_up_for_the_last_writes(store: SqlStore, path: Path) -> None:
    # given a store with its ballast
    reserve = Path(f"{path}-ballast")
    assert not reserve.exists()
    run_id = add_run(store)
    assert reserve.stat().st_size == ballast.SIZE
    assert reserve.stat().st_blocks * 512 >= ballast.SIZE
    assert reserve.stat().st_mode & 0o777 == 0o600
    # when the disk is full, it goes
    disk = FullDisk(store)
    disk.full = True
    future = store.write(large(run_id, "a"))
    wait_until(lambda: not reserve.exists())
    # and comes back when it is time to look again
    disk.full = False
    future.result()
    assert not reserve.exists()
    database: Any = store._database
    database._ballast._look = 0.0
    store.write(TagsSet(run_id, {"b": "1"})).result()
    assert reserve.exists()


def test_a_small_disk_has_no_ballast(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "LEAST_FREE", 2**62)
    store = open_store(str(path))
    add_run(store)
    assert not Path(f"{path}-ballast").exists()
    store.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_that_really_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a store on a disk of 24 MB, of which the ballast takes 8
    monkeypatch.setattr(ballast, "LEAST_FREE", 0)
    place = tmp_path / "small"
    place.mkdir()
    assert os.system(f"mount -t tmpfs -o size=24m tmpfs {place}") == 0
    try:
        store = open_store(str(place / "runs.db"))
        run_id = add_run(store)
        # when more is written than fits
        waiting = [store.write(large(run_id, str(n))) for n in range(4000)]
        wait_until(lambda: store.trouble)
        done = sum(future.done() for future in waiting)
        assert 0 < done < 4000
        assert not (place / "runs.db-ballast").exists()
        # then it goes on after the disk has grown, and nothing is missing
        assert os.system(f"mount -o remount,size=200m {place}") == 0
        store.flush()
        assert len(store.run(run_id).tags) == 4000
        assert store.trouble == ""
        store.close()
        checked = sqlite3.connect(place / "runs.db")
        assert checked.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        checked.close()
    finally:
        os.system(f"umount -l {place}")


def test_a_store_is_closed_on_a_full_disk_and_says_what_is_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "CLOSING_SECONDS", 0.0)
    store = open_store(str(path))
    run_id = add_run(store)
    disk = FullDisk(store)
    disk.full = True
    lost = [store.write(large(run_id, str(n))) for n in range(3)]
    wait_until(lambda: store.trouble)
    with pytest.warns(RuntimeWarning, match="3 writes are lost: the disk of .* is full"):
        store.close()
    assert all(isinstance(future.exception(), StoreUnavailable) for future in lost)


def test_a_store_that_wrote_everything_closes_without_a_word(path: Path) -> None:
    store = open_store(str(path))
    run_id = add_run(store)
    store.write(TagsSet(run_id, {"a": "1"}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store.close()


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(errno.ENOSPC, "full"), Cause.DISK),
        (OSError(errno.EDQUOT, "quota"), Cause.DISK),
        (OSError(errno.EIO, "broken"), Cause.DISK),
        (OSError(errno.EACCES, "not yours"), None),
        (ValueError("no"), None),
    ],
)
def test_which_errors_pass(store: SqlStore, error: Exception, cause: Cause | None) -> None:
    assert store._database.cause(error) is cause


# -- how long ---------------------------------------------------------------------------------------------------------


def test_a_lost_connection_is_looked_for_a_while_and_then_not_at_all() -> None:
    error = StoreUnavailable("away")
    assert Patience(0.0).pause(Cause.LOST, error) is None
    assert (Patience(60.0).pause(Cause.LOST, error) or 0.0) > 0
    assert Patience(0.0).pause(None, error) is None


def test_a_full_disk_is_waited_for_without_limit_and_said_at_once() -> None:
    patience = Patience(0.0)
    assert (patience.pause(Cause.DISK, StoreUnavailable("full")) or 0.0) > 0
    assert patience.text == "full"
    patience.over()
    assert patience.text == ""


def test_pauses_grow_to_a_limit() -> None:
    patience = Patience(60.0)
    pauses = [patience.pause(Cause.DISK, StoreUnavailable("full")) for _ in range(20)]
    assert pauses == sorted(pauses, key=lambda pause: pause or 0.0)
    assert pauses[-1] == trouble.LONGEST_PAUSE


@pytest.mark.parametrize("text", ["", "soon", "-1", "inf", "nan"])
def test_seconds_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="must be a number of seconds"):
        seconds_of(text, "SWEEPER_RECONNECT_SECONDS")


def test_the_environment_says_how_long_to_look(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWEEPER_RECONNECT_SECONDS", "soon")
    with pytest.raises(UsageError, match="SWEEPER_RECONNECT_SECONDS='soon'"):
        open_store(str(path))
    monkeypatch.setenv("SWEEPER_RECONNECT_SECONDS", "5")
    open_store(str(path)).close()
