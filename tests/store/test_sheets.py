"""Trials in sheets, and the moment of a SQLite file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.errors import UsageError
from sweeper.store import open_store
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run

from .sheet_cases import SheetCases


class TestSheets(SheetCases):
    pass


def test_what_another_process_commits_is_seen_too(store: SqlStore, path: Path) -> None:
    reader = open_store(str(path), read_only=True)
    before = reader.moment()
    assert before is not None

    add_run(store)

    assert reader.moment() != before
    reader.close()


def test_a_closed_store_has_no_moment(path: Path) -> None:
    made = open_store(str(path))
    assert made.moment() is not None
    made.close()

    with pytest.raises(UsageError, match="closed"):
        made.moment()
