"""How databases differ, as named facts stated once; everything else is the same SQL on all of them."""

from __future__ import annotations

from dataclasses import dataclass

CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a kind of database can do. ``name`` is SQLAlchemy's."""

    name: str
    placeholder: str  #: of the driver: "?" or "%s"
    has_on_conflict: bool  #: INSERT ... ON CONFLICT; otherwise INSERT IGNORE and ON DUPLICATE KEY UPDATE
    has_row_locks: bool  #: SELECT ... FOR UPDATE; otherwise one transaction writes at a time
    package: str = ""  #: what to install for its driver
    busy_errors: frozenset[str | int] = frozenset()  #: SQLSTATE or number: another transaction is in the way
    lost_errors: frozenset[str | int] = frozenset()  #: the connection broke, or the server is stopping or starting
    disk_errors: frozenset[str | int] = frozenset()  #: its disk is full or broken
    late_errors: frozenset[str | int] = frozenset()  #: a query took longer than it may
    late_settings: tuple[str, ...] = ()  #: how that is said, in milliseconds; the first that the server knows
    connecting: tuple[tuple[str, int], ...] = ()  #: arguments of the driver: how soon a dead connection is noticed
    settings: tuple[str, ...] = ()  #: said to each new connection
    quote: str = '"'  #: around a name
    snapshot: tuple[str, ...] = ("BEGIN",)  #: begins a transaction in which every query sees the same moment
    moment: str = ""  #: asks for what is another value after every commit, where the database tells
    schema_lock: tuple[str, str] = ("", "")  #: take and give back the lock under which the schema is made


SQLITE = Dialect("sqlite", "?", has_on_conflict=True, has_row_locks=False)

POSTGRESQL = Dialect(
    "postgresql",
    "%s",
    has_on_conflict=True,
    has_row_locks=True,
    package="psycopg[binary]",
    busy_errors=frozenset(("40001", "40P01", "55P03")),
    lost_errors=frozenset(
        ("57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006", "53300", "25006", "25P03")
    ),
    disk_errors=frozenset(("53100", "58030")),
    late_errors=frozenset(("57014",)),
    late_settings=("SET statement_timeout = {milliseconds}",),
    connecting=(
        ("connect_timeout", CONNECT_SECONDS), ("keepalives_idle", 10), ("keepalives_interval", 5),
        ("keepalives_count", 3), ("tcp_user_timeout", 30_000),
    ),
    snapshot=("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",),
    settings=("SET lock_timeout = '10s'", "SET idle_in_transaction_session_timeout = '60s'"),
    moment="SELECT CAST(txid_current_snapshot() AS text)",
    schema_lock=("SELECT pg_advisory_lock(:lock)", "SELECT pg_advisory_unlock(:lock)"),
)

MYSQL = Dialect(
    "mysql",
    "%s",
    has_on_conflict=False,
    has_row_locks=True,
    package="pymysql",
    busy_errors=frozenset((1205, 1213)),
    lost_errors=frozenset((0, 1040, 1053, 1927, 2002, 2003, 2006, 2013, 2014, 2055)),
    disk_errors=frozenset((1021, 1114)),
    late_errors=frozenset((1969, 3024)),
    late_settings=(
        "SET SESSION max_execution_time = {milliseconds}",
        "SET SESSION max_statement_time = {milliseconds} / 1000",
    ),
    quote="`",
    snapshot=("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT"),
    connecting=(("connect_timeout", CONNECT_SECONDS), ("read_timeout", 120), ("write_timeout", 60)),
    settings=(
        "SET SESSION innodb_lock_wait_timeout = 10",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'",
    ),
    schema_lock=("SELECT get_lock(concat('sweeper_', :lock), 60)", "SELECT release_lock(concat('sweeper_', :lock))"),
)
