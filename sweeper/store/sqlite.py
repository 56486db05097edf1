"""SQLite by its own driver: connections, pragmas that are read back, and whose file it is.

Durable by default: WAL, ``synchronous=FULL``, ``BEGIN IMMEDIATE``. Only the process that holds the file lock
``<file>-checkpoint`` beside the database copies the log back into it (SQLite before 3.51.3 can corrupt a
database when two connections do so at once).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sweeper.errors import StoreError, StoreForeign, StoreUnavailable, SweeperError, UsageError
from sweeper.store import experiments
from sweeper.store.dialects import SQLITE
from sweeper.store.sql import Session, read_frozen
from sweeper.store.version import HEAD, check_version

APPLICATION_ID = 0x53575052  #: "SWPR" in the header of each of our files
BUSY_SECONDS = 30.0
CHECKPOINT_PAGES = 1000

SCHEMA, STATEMENTS = read_frozen(Path(__file__).with_name("sqlite.sql"))

_FOREIGN = {"studies": "Optuna", "latest_metrics": "MLflow"}


class Sqlite:
    """One database file. Makes sessions; holds the checkpoint lock while a writer of this process is open."""

    def __init__(self, path: Path, artifacts: str | None, *, read_only: bool) -> None:
        self.path = path
        self.artifacts = artifacts or str(path.parent / "artifacts")
        self.read_only = read_only
        self._checkpoint_lock: int | None = None

    def prepare(self) -> None:
        """Create the file if needed and allowed, or check that it is ours and not newer."""
        if self.read_only:
            if not self.path.is_file():
                raise StoreUnavailable(f"there is no store at {self.path}: the first sweep creates it")
            with self._words(), contextlib.closing(self._connect(read_only=True)) as connection:
                self._check(connection)
            return
        self._check_place()
        with self._words():
            if not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with contextlib.closing(self._connect(read_only=False)) as connection:
                if self._is_empty(connection):
                    self._create(connection)
                self._check(connection)

    def open_writer(self) -> Session:
        connection = self._connect(read_only=False)
        mine = self._take_checkpoint_lock()
        for pragma, wanted in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("wal_autocheckpoint", CHECKPOINT_PAGES if mine else 0),
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
        with self._words():
            return Session(self._connect(read_only=True), STATEMENTS, SQLITE)

    def begin(self, session: Session) -> None:
        session.connection.execute("BEGIN IMMEDIATE")

    def commit(self, session: Session) -> None:
        session.connection.execute("COMMIT")

    def rollback(self, session: Session) -> None:
        if session.connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                session.connection.execute("ROLLBACK")

    def is_busy(self, error: Exception) -> bool:
        code = getattr(error, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

    def translate(self, error: Exception) -> SweeperError:
        """Return a sentence for an error of the driver."""
        if isinstance(error, SweeperError):
            return error
        if isinstance(error, sqlite3.IntegrityError):
            return UsageError(f"the store already has another row in that place ({error})")
        if not isinstance(error, sqlite3.Error):
            return StoreError(f"the write failed: {type(error).__name__}: {error}")
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if self.is_busy(error):
            return StoreUnavailable(f"{self.path}: another process kept it locked for {BUSY_SECONDS:.0f} s")
        if code == sqlite3.SQLITE_READONLY:
            return StoreUnavailable(f"{self.path} is read-only: nothing can be written to it")
        if code == sqlite3.SQLITE_FULL:
            return StoreUnavailable(f"{self.path}: the disk is full")
        if code == sqlite3.SQLITE_NOTADB:
            return StoreForeign(f"{self.path} is not a SQLite database")
        return StoreUnavailable(f"{self.path}: {error}")

    def close(self) -> None:
        if self._checkpoint_lock is not None:
            os.close(self._checkpoint_lock)
            self._checkpoint_lock = None

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        mode = "ro" if read_only else "rw"
        if read_only and not self._log_is_usable():
            mode = "ro&immutable=1"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        if read_only:
            connection.execute("PRAGMA query_only=1")
            connection.execute("PRAGMA case_sensitive_like=1")
        return connection

    def _log_is_usable(self) -> bool:
        """A reader needs the write-ahead log's index, or a folder to make it in; else the file lies still."""
        return Path(f"{self.path}-wal").exists() or os.access(self.path.parent, os.W_OK)

    def _check_place(self) -> None:
        if not self.path.parent.is_dir():
            raise StoreUnavailable(f"{self.path}: the folder {self.path.parent} does not exist")
        if self.path.is_dir():
            raise StoreUnavailable(f"{self.path} is a folder, not a store")
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise StoreUnavailable(f"{self.path} is read-only: nothing can be written to it")
        if not os.access(self.path.parent, os.W_OK):
            raise StoreUnavailable(f"the folder {self.path.parent} is read-only: no store can be written in it")
        if self.path.exists() and not stat.S_ISREG(self.path.stat().st_mode):
            raise StoreUnavailable(f"{self.path} is not a regular file")

    def _is_empty(self, connection: sqlite3.Connection) -> bool:
        return not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()

    def _create(self, connection: sqlite3.Connection) -> None:
        """Make the newest schema at once. Several processes may try; one does it, the others find it done."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                if connection.execute("PRAGMA journal_mode=wal").fetchone()[0] != "wal":
                    raise StoreUnavailable(f"{self.path}: this filesystem has no write-ahead log; use a local disk")
                connection.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as error:
                if not self.is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        try:
            if self._is_empty(connection):
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                connection.execute("CREATE TABLE sweeper_schema (version_num VARCHAR(32) NOT NULL, "
                                   "CONSTRAINT sweeper_schema_pkc PRIMARY KEY (version_num))")
                connection.execute("INSERT INTO sweeper_schema VALUES (?)", (HEAD,))
                experiments.find_or_create(Session(connection, STATEMENTS, SQLITE), experiments.DEFAULT, time.time())
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def _check(self, connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
            owner = next((owner for table, owner in _FOREIGN.items() if table in tables), "another program")
            what = f"the database of {owner}" if tables else "empty"
            raise StoreForeign(f"{self.path} is {what}, not a store of sweeper. Choose another file")
        check_version(str(self.path), connection.execute("SELECT version_num FROM sweeper_schema").fetchone())

    def _take_checkpoint_lock(self) -> bool:
        if sys.platform == "win32":  # no such lock there: one process writes
            return True
        import fcntl

        if self._checkpoint_lock is None:
            file = os.open(f"{self.path}-checkpoint", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
                return False
            self._checkpoint_lock = file
        return True

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        """Errors of the driver and of files leave as sentences."""
        try:
            yield
        except sqlite3.Error as error:
            raise self.translate(error) from None
        except OSError as error:
            raise StoreUnavailable(f"{self.path}: {error.strerror or error}") from None
