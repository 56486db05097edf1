"""Stores of this process: one for each database."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sweeper.api.stores import close_all, shared_store
from sweeper.errors import StoreUnavailable


def test_one_store_for_each_database_however_it_is_named(folder: Path) -> None:
    first = shared_store("runs.db")

    assert shared_store("sqlite:///runs.db") is first
    assert shared_store(str(folder / "runs.db")) is first
    assert shared_store("other.db") is not first


def test_the_default_is_the_environments_else_a_file_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = shared_store()
    assert (folder / "sweeper.db").exists()

    monkeypatch.setenv("SWEEPER_STORE", str(folder / "mine.db"))
    assert shared_store() is not here
    assert shared_store() is shared_store("mine.db")


def test_another_folder_has_another_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shared_store()
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")

    assert shared_store() is not first


def test_reading_creates_nothing(folder: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no store at"):
        shared_store("typo.db", read_only=True)
    assert not (folder / "typo.db").exists()


def test_reading_shares_the_one_that_writes() -> None:
    writing = shared_store("runs.db")

    assert shared_store("runs.db", read_only=True) is writing


def test_after_closing_it_opens_anew() -> None:
    first = shared_store("runs.db")
    made = first.experiment("kept")
    close_all()

    again = shared_store("runs.db")
    assert again is not first
    assert again.experiment("kept") == made


def test_a_forked_process_opens_its_own(folder: Path) -> None:
    parent = shared_store("runs.db")
    parent.experiment("parent")
    child = os.fork()
    if child == 0:
        try:
            own = shared_store("runs.db")
            own.experiment("child")
            own.close()
            os._exit(int(own is parent))
        except BaseException:
            os._exit(2)

    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert parent.experiment("child") != parent.experiment("parent")
    assert shared_store("runs.db") is parent
