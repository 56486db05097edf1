"""What a kind of database does for the store: connect, begin, commit, and say what went wrong."""

from __future__ import annotations

from typing import Protocol

from sweeper.store.sql import Session


class Database(Protocol):
    """A database. ``artifacts`` is where files of runs go; known after ``prepare``."""

    read_only: bool
    artifacts: str

    def prepare(self) -> None:
        """Create or upgrade our tables if needed and allowed. Raises StoreError."""
        ...

    def open_writer(self) -> Session:
        """Return a session that writes. Raises StoreUnavailable."""
        ...

    def open_reader(self) -> Session:
        """Return a session that reads; each query sees what is committed then. Raises StoreUnavailable."""
        ...

    def begin(self, session: Session) -> None:
        """Begin a transaction that writes."""
        ...

    def commit(self, session: Session) -> None:
        """Make it durable."""
        ...

    def rollback(self, session: Session) -> bool:
        """Forget the transaction; never fails. Returns whether the session can still be used."""
        ...

    def is_busy(self, error: BaseException) -> bool:
        """May the same succeed when tried again?"""
        ...

    def translate(self, error: BaseException) -> BaseException:
        """Return a driver's error as a sentence: StoreError when nothing can be written, UsageError for this write.
        Errors of other kinds are returned as they are."""
        ...

    def close(self) -> None:
        """Give back what the process holds."""
        ...
