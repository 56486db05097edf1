"""PostgreSQL and MySQL: the same statements and rules as on SQLite, over connections of SQLAlchemy's engine.

A transaction locks the status row of each sweep it changes, so the writers of one sweep take turns. What failed
because a connection was lost is written again on a new one: applying an event twice changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from sweeper.errors import MissingPackage, StoreForeign, StoreUnavailable, UsageError
from sweeper.store import revision, schema
from sweeper.store.dialects import Dialect
from sweeper.store.sql import Session, Statement
from sweeper.store.statements import EpochNow, compile_all
from sweeper.store.statements import schema as create_statements
from sweeper.store.trouble import Cause, too_long
from sweeper.store.url import mask

LOCK = 0x53575052  #: number of the lock under which the schema is made


@cache
def statements(dialect: Dialect) -> dict[str, Statement]:
    return compile_all(dialect)


class Server:
    """One database of a server. ``artifacts`` must be given to the first store opened on it, and is remembered."""

    def __init__(self, url: str, dialect: Dialect, artifacts: str | None, *, read_only: bool) -> None:
        self.read_only = read_only
        self.artifacts = artifacts or ""
        self.read_seconds = 0.0
        self._dialect = dialect
        self._shown = mask(url)
        try:
            self._engine = create_engine(
                make_url(url), poolclass=NullPool, connect_args=dict(dialect.connecting)
            )
        except ModuleNotFoundError:
            raise MissingPackage(dialect.package, f"a store at {self._shown}") from None
        self._driver: Any = self._engine.dialect.dbapi

    def prepare(self) -> None:
        """Create or upgrade our tables if needed and allowed, or check that they are not newer; find the artifacts."""
        with self._words():
            with self._engine.connect() as connection:
                if not self.read_only:
                    self._prepare(connection)
                revision.check_readable(self._shown, _version(connection, self._shown))
            session = self._open()
            self.artifacts = schema.artifact_root(session, self.artifacts, "", remember=not self.read_only)
            session.close()
        if not self.artifacts and not self.read_only:
            raise UsageError(
                f"{self._shown} does not know yet where files of runs go: give a folder or a URL that every machine "
                "reaches as 'artifacts'"
            )

    def open_writer(self) -> Session:
        return self._open()

    def open_reader(self) -> Session:
        session = self._open()
        if self.read_seconds:
            self._limit(session)
        return session

    def moment(self, session: Session) -> object:
        return session.text(self._dialect.moment)[0][0] if self._dialect.moment else None

    def begin(self, session: Session) -> None:
        session.text("BEGIN")

    def commit(self, session: Session) -> None:
        session.text("COMMIT")

    def rollback(self, session: Session) -> bool:
        """Forget the transaction; return whether the session can still be used."""
        try:
            session.text("ROLLBACK")
        except self._driver.Error:
            with contextlib.suppress(self._driver.Error):
                session.close()
            return False
        return True

    def cause(self, error: BaseException) -> Cause | None:
        error = getattr(error, "orig", None) or error
        if isinstance(error, OSError):
            return Cause.LOST
        if not isinstance(error, self._driver.Error):
            return None
        code = self._code(error)
        if code in self._dialect.busy_errors:
            return Cause.BUSY
        if code in self._dialect.disk_errors:
            return Cause.DISK
        known = isinstance(code, int) or (isinstance(code, str) and len(code) == 5)
        unsaid = not known and isinstance(error, self._driver.OperationalError | self._driver.InterfaceError)
        return Cause.LOST if unsaid or code in self._dialect.lost_errors else None

    def relieve(self) -> bool:
        return False

    def translate(self, error: BaseException) -> BaseException:
        error = getattr(error, "orig", None) or error
        if isinstance(error, self._driver.Error) and self._code(error) in self._dialect.late_errors:
            return too_long(self.read_seconds)
        if isinstance(error, self._driver.IntegrityError):
            return UsageError(f"the store already has another row in that place ({_first_line(error)})")
        if isinstance(error, self._driver.DataError | UnicodeEncodeError):
            return UsageError(f"the database cannot keep this value ({_first_line(error)})")
        if isinstance(error, self._driver.Error | OSError):
            return StoreUnavailable(f"{self._shown}: {_first_line(error)}")
        return error

    def facts(self) -> tuple[str, float]:
        """Return what the server is, and the time on its clock. Raises StoreUnavailable."""
        with self._words(), self._engine.connect() as connection:
            product = str(connection.exec_driver_sql("SELECT version()").scalar_one()).partition(" on ")[0]
            return f"{self._dialect.name} {product}", connection.execute(select(EpochNow())).scalar_one()

    def version(self) -> str:
        """Return the version of our tables. Raises StoreForeign, StoreNewer and StoreUnavailable."""
        with self._words(), self._engine.connect() as connection:
            return revision.check(self._shown, _version(connection, self._shown))

    def close(self) -> None:
        self._engine.dispose()

    @staticmethod
    def _code(error: BaseException) -> str | int | None:
        """Return the number that a MySQL driver gives (newer ones also have a state), else the SQLSTATE."""
        first = error.args[0] if error.args else None
        return first if isinstance(first, int) else getattr(error, "sqlstate", None) or first

    def _open(self) -> Session:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        raw = connection.connection.driver_connection
        connection.detach()
        session = Session(raw, statements(self._dialect), self._dialect)
        for setting in self._dialect.settings:
            session.text(setting)
        return session

    def _limit(self, session: Session) -> None:
        """Say how long a query may take; MySQL and MariaDB have different words for it."""
        for setting in self._dialect.late_settings:
            with contextlib.suppress(self._driver.Error):
                session.text(setting.format(milliseconds=round(1000 * self.read_seconds)))
                return

    def _prepare(self, connection: Connection) -> None:
        take, give = self._dialect.schema_lock
        connection.execute(text(take), {"lock": LOCK})
        try:
            version = _version(connection, None)
            if not version:
                for statement in (*create_statements(self._dialect), *schema.first_rows()):
                    connection.exec_driver_sql(statement)
            elif revision.check(self._shown, version) < revision.HEAD:
                from sweeper.store.migrations import upgrade

                upgrade(connection, self._shown)
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text(give), {"lock": LOCK})
            connection.commit()

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, self._driver.Error) as error:
            raise self.translate(error) from None


def _version(connection: Connection, place: str | None) -> str:
    """Return the version of the schema, "" without one. With ``place`` that is an error."""
    if not inspect(connection).has_table(revision.TABLE):
        if place is not None:
            raise StoreForeign(f"{place} is not a store of sweeper yet: the first sweep makes it one")
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {revision.TABLE}")).scalar_one())


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
