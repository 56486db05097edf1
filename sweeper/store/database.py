"""What a kind of database does for the store: connect, begin, commit, and say what went wrong."""

from __future__ import annotations

from typing import Protocol

from sweeper.store.sql import Session
from sweeper.store.trouble import Cause


class Database(Protocol):
    """A database. ``artifacts`` is where files of runs go; known after ``prepare``.

    ``read_seconds`` is how long a reader opened from then on may take for a query; 0: as long as it likes.
    """

    read_only: bool
    artifacts: str
    read_seconds: float

    def prepare(self) -> None:
        """Create or upgrade our tables if needed and allowed. Raises StoreError."""
        ...

    def open_writer(self) -> Session:
        """Return a session that writes. Raises StoreUnavailable, or the driver's error."""
        ...

    def open_reader(self) -> Session:
        """Return a session that reads; each query sees what is committed then. Raises the driver's error."""
        ...

    def moment(self, session: Session) -> object:
        """Return what is another value after every commit, by asking the same session; None: the database does not
        tell."""
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

    def cause(self, error: BaseException) -> Cause | None:
        """Return why the same may succeed when tried again; None when it will not."""
        ...

    def relieve(self) -> bool:
        """The disk is full: give back what was kept for that. Returns whether there was anything."""
        ...

    def translate(self, error: BaseException) -> BaseException:
        """Return a driver's error as a sentence: StoreError when nothing can be written, UsageError for this write.
        Errors of other kinds are returned as they are."""
        ...

    def close(self) -> None:
        """Give back what the process holds."""
        ...
