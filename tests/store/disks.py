"""A full disk for one store: SQLite's own limit of pages, set and lifted while the store is open."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sweeper.events import TagsSet
from sweeper.store.sql import Session
from sweeper.store.store import SqlStore

MOST = 2**30


class FullDisk:
    """While ``full`` is set the store's next transactions meet ``SQLITE_FULL``, as they would on a full disk."""

    def __init__(self, store: SqlStore) -> None:
        self.full = False
        database: Any = store._database
        self._begin = database.begin
        database.begin = self.begin

    def begin(self, session: Session) -> None:
        session.text(f"PRAGMA max_page_count={1 if self.full else MOST}")  # never less than there are
        self._begin(session)


def large(run_id: str, name: str) -> TagsSet:
    """A tag that needs a new page."""
    return TagsSet(run_id, {name: "x" * 8000})


def wait_until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
