"""SQLite by its own driver: connections, pragmas that are read back, and a reserve for a full disk.

Durable by default: WAL, ``synchronous=FULL``, ``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from sweeper.errors import StoreForeign, StoreUnavailable, UsageError
from sweeper.store import revision, schema
from sweeper.store.ballast import Ballast
from sweeper.store.checkpoint import CheckpointLock
from sweeper.store.dialects import SQLITE
from sweeper.store.sql import Session, read_frozen
from sweeper.store.trouble import BUSY_SECONDS, Cause, too_long

TRY_SECONDS = 1.0  #: how long SQLite itself waits, before we look whether that was enough
TURN_SECONDS = 0.1  #: ... and in a writer: the longer SQLite has waited the seldomer it looks, and others are faster
CHECKPOINT_PAGES = 1000  #: pages in the log before they are copied into the file
LOCK_EVERY = 256  #: commits between two tries to become the process that does so
STEPS = 20_000  #: of SQLite's machine, a millisecond or so, between two looks at the clock
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
BROKEN = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR))

SCHEMA, STATEMENTS = read_frozen(Path(__file__).with_name("sqlite.sql"))


class Sqlite:
    """One database file. ``artifacts``: where files of runs go; None: where the store says, else beside it."""

    def __init__(self, path: Path, artifacts: str | None, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.artifacts = artifacts or ""
        self.read_seconds = 0.0
        self._checkpoint = CheckpointLock(path)
        self._ballast = Ballast(path)
        self._checkpoints = False
        self._commits = 0

    def prepare(self) -> None:
        """Create the file if needed and allowed, or check that it is ours and not newer; find the artifacts."""
        self._check_place()
        with self._words():
            if not self.read_only and not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with contextlib.closing(self._connect()) as connection:
                if self.read_only:
                    revision.check_readable(str(self.path), schema.check(connection, self.path))
                else:
                    schema.prepare(connection, self.path, SCHEMA, BUSY_SECONDS)
                session = Session(connection, STATEMENTS, SQLITE)
                self.artifacts = schema.artifact_root(
                    session, self.artifacts, str(self.path.parent / "artifacts"), remember=not self.read_only
                )

    def open_writer(self) -> Session:
        connection = self._connect()
        self._checkpoints = self._checkpoint.take()
        for pragma, wanted in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("wal_autocheckpoint", CHECKPOINT_PAGES if self._checkpoints else 0),
            ("journal_size_limit", 64 * 2**20),
            ("trusted_schema", 0),
        ):
            connection.execute(f"PRAGMA {pragma}={wanted}")
            found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != wanted:
                raise StoreUnavailable(
                    f"{self.path}: SQLite cannot set {pragma} to {wanted} here (it stays {found}); "
                    "a network filesystem? Put the store on a local disk"
                )
        return Session(connection, STATEMENTS, SQLITE)

    def open_reader(self) -> Session:
        connection = self._connect(read_only=True)
        connection.execute("PRAGMA query_only=1")
        connection.execute("PRAGMA case_sensitive_like=1")
        session = Session(connection, STATEMENTS, SQLITE)
        if self.read_seconds:
            connection.set_progress_handler(_late(session, self.read_seconds), STEPS)
        return session

    def moment(self, session: Session) -> object:
        return session.text("PRAGMA data_version")[0][0]

    def begin(self, session: Session) -> None:
        session.connection.execute("BEGIN IMMEDIATE")

    def commit(self, session: Session) -> None:
        session.connection.execute("COMMIT")
        self._commits += 1
        self._ballast.keep()
        if not self._checkpoints and self._commits % LOCK_EVERY == 0 and self._checkpoint.take():
            self._checkpoints = True
            session.connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")

    def rollback(self, session: Session) -> bool:
        """Forget the transaction; return whether the session can still be used."""
        with contextlib.suppress(sqlite3.Error):
            if session.connection.in_transaction:
                session.connection.execute("ROLLBACK")
            return True
        with contextlib.suppress(sqlite3.Error):
            session.close()
        return False

    def cause(self, error: BaseException) -> Cause | None:
        if schema.is_busy(error):
            return Cause.BUSY
        if isinstance(error, OSError):
            return Cause.DISK if error.errno in FULL or error.errno == errno.EIO else None
        return Cause.DISK if getattr(error, "sqlite_errorcode", 0) & 0xFF in BROKEN else None

    def relieve(self) -> bool:
        return self._ballast.drop()

    def translate(self, error: BaseException) -> BaseException:
        """Return a sentence for an error of the driver; other errors as they are."""
        if isinstance(error, sqlite3.IntegrityError):
            return UsageError(f"the store already has another row in that place ({error})")
        if isinstance(error, UnicodeEncodeError):
            return UsageError(f"{error.object!r} holds half a character (a lone surrogate) at position {error.start}")
        if isinstance(error, OSError):
            if error.errno in FULL:
                return StoreUnavailable(f"the disk of {self.path} is full")
            return StoreUnavailable(f"{self.path}: {error.strerror or error}")
        if not isinstance(error, sqlite3.Error):
            return error
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if schema.is_busy(error):
            return StoreUnavailable(f"{self.path}: another process kept it locked for {BUSY_SECONDS:.0f} s")
        if code == sqlite3.SQLITE_INTERRUPT:
            return too_long(self.read_seconds)
        if code == sqlite3.SQLITE_READONLY:
            return StoreUnavailable(f"{self.path} is read-only: nothing can be written to it")
        if code == sqlite3.SQLITE_FULL:
            return StoreUnavailable(f"the disk of {self.path} is full")
        if code == sqlite3.SQLITE_IOERR:
            return StoreUnavailable(f"the disk of {self.path} does not read or write ({error})")
        if code == sqlite3.SQLITE_NOTADB:
            return StoreForeign(f"{self.path} is not a SQLite database. Choose another file")
        return StoreUnavailable(f"{self.path}: {error}")

    def close(self) -> None:
        self._checkpoint.close()

    def _connect(self, *, read_only: bool | None = None) -> sqlite3.Connection:
        mode = "rw"
        read_only = self.read_only if read_only is None else read_only
        if read_only:
            mode = "ro" if self._log_is_usable() else "ro&immutable=1"
        return sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS if read_only else TRY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )

    def _log_is_usable(self) -> bool:
        """A reader needs the index of the write-ahead log, or a folder to make it in; else the file lies still."""
        return Path(f"{self.path}-shm").exists() or os.access(self.path.parent, os.W_OK)

    def _check_place(self) -> None:
        path, folder = self.path, self.path.parent
        if path.is_dir():
            raise StoreUnavailable(f"{path} is a folder, not a store")
        if path.exists() and not path.is_file():
            raise StoreUnavailable(f"{path} is not a regular file")
        if self.read_only:
            if not path.exists():
                raise StoreUnavailable(f"there is no store at {path}: the first sweep creates it")
            return
        if not folder.is_dir():
            raise StoreUnavailable(f"{path}: the folder {folder} does not exist")
        if path.exists() and not os.access(path, os.W_OK):
            raise StoreUnavailable(f"{path} is read-only: nothing can be written to it")
        if not os.access(folder, os.W_OK):
            raise StoreUnavailable(f"the folder {folder} is read-only: no store can be written in it")

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        """Errors of the driver and of files leave as sentences."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self.translate(error) from None


def _late(session: Session, seconds: float) -> Callable[[], bool]:
    """Return what SQLite asks now and then: whether to break off."""
    return lambda: time.monotonic() - session.began > seconds
