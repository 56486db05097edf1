"""How databases differ, as named facts stated once; everything else is the same SQL on all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a kind of database can do. ``name`` is SQLAlchemy's."""

    name: str
    placeholder: str  #: of the driver: "?" or "%s"
    has_on_conflict: bool  #: INSERT ... ON CONFLICT; otherwise INSERT IGNORE and ON DUPLICATE KEY UPDATE
    has_row_locks: bool  #: SELECT ... FOR UPDATE; otherwise one transaction writes at a time
    package: str = ""  #: what to install for its driver
    passing_errors: frozenset[str | int] = frozenset()  #: SQLSTATE or number: may succeed when tried again
    settings: tuple[str, ...] = ()  #: said to each new connection
    schema_lock: tuple[str, str] = ("", "")  #: take and give back the lock under which the schema is made


SQLITE = Dialect("sqlite", "?", has_on_conflict=True, has_row_locks=False)

POSTGRESQL = Dialect(
    "postgresql",
    "%s",
    has_on_conflict=True,
    has_row_locks=True,
    package="psycopg[binary]",
    passing_errors=frozenset(
        ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006", "53300")
    ),
    schema_lock=("SELECT pg_advisory_lock(:lock)", "SELECT pg_advisory_unlock(:lock)"),
)

MYSQL = Dialect(
    "mysql",
    "%s",
    has_on_conflict=False,
    has_row_locks=True,
    package="pymysql",
    passing_errors=frozenset((1205, 1213, 1040, 1053, 2002, 2003, 2006, 2013, 2014, 2055, 0)),
    settings=(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'",
    ),
    schema_lock=("SELECT get_lock(concat('sweeper_', :lock), 60)", "SELECT release_lock(concat('sweeper_', :lock))"),
)
