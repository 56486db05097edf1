"""Whose SQLite file it is and how new: created at once when empty, upgraded step by step when older, else refused.

The newest schema comes from ``sqlite.sql``; Alembic is imported only to upgrade. A test keeps both equal.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sweeper.errors import StoreForeign, StoreUnavailable
from sweeper.store import experiments, revision
from sweeper.store.sql import Session

APPLICATION_ID = 0x53575052  #: "SWPR" in the header of each of our files

_OWNERS = {"studies": "Optuna", "latest_metrics": "MLflow"}


def prepare(connection: sqlite3.Connection, path: Path, statements: Sequence[str], patience: float) -> None:
    """Bring a database that is empty or ours to the newest schema. Any number of processes may do so at once."""
    if _is_empty(connection):
        _insist(lambda: _use_log(connection, path), patience)
        _insist(lambda: connection.execute("BEGIN EXCLUSIVE"), patience)
        try:
            if _is_empty(connection):
                _create(connection, statements)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # some errors of the disk end it by themselves
                connection.execute("ROLLBACK")
            raise
    version = check(connection, path)
    if version < revision.HEAD:
        from sweeper.store.migrations import upgrade_sqlite

        upgrade_sqlite(connection, path, version)


def check(connection: sqlite3.Connection, path: Path) -> str:
    """Return the version of the schema. Raises StoreForeign or StoreNewer."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        owner = next((owner for table, owner in _OWNERS.items() if table in tables), "another program")
        what = f"the database of {owner}" if tables else "empty"
        raise StoreForeign(f"{path} is {what}, not a store of sweeper. Choose another file")
    return revision.check(str(path), connection.execute(f"SELECT version_num FROM {revision.TABLE}").fetchone()[0])


def artifact_root(session: Session, given: str, default: str, *, remember: bool) -> str:
    """Return where files of runs go: as given now, as given first to this store, or the default."""
    known = session.rows("read_meta", "artifacts")
    if given:
        if remember and not known:
            session.run("insert_meta", "artifacts", given)
        return given
    return str(known[0][0]) if known else default


def is_busy(error: BaseException) -> bool:
    """Is this a lock that another connection holds for a moment?"""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()


def _use_log(connection: sqlite3.Connection, path: Path) -> None:
    mode = connection.execute("PRAGMA journal_mode=wal").fetchone()[0]
    if mode != "wal":
        raise StoreUnavailable(
            f"{path}: SQLite has no write-ahead log on this filesystem (it stays {mode!r}); use a local disk"
        )


def first_rows() -> tuple[str, ...]:
    """Return the statements that say the version of a new store and make its default experiment."""
    return (
        f"CREATE TABLE {revision.TABLE} "
        f"(version_num VARCHAR(32) NOT NULL, CONSTRAINT {revision.TABLE}_pkc PRIMARY KEY (version_num))",
        f"INSERT INTO {revision.TABLE} (version_num) VALUES ('{revision.HEAD}')",
        "INSERT INTO sweeper_experiments (id, name, created, deleted) "
        f"VALUES (0, '{experiments.DEFAULT}', {time.time()!r}, 0)",
    )


def _create(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    for statement in (*statements, *first_rows(), f"PRAGMA application_id={APPLICATION_ID}"):
        connection.execute(statement)


def _insist(action: Callable[[], object], patience: float) -> None:
    """Do it as soon as no other process is in the way; some of SQLite's locks do not wait by themselves."""
    deadline = time.monotonic() + patience
    while True:
        try:
            action()
            return
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
