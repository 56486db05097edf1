"""The tables, written once for SQLite, PostgreSQL and MySQL. Text compares bytewise on each of them.

``sweeps`` holds what a sweep is (written once), ``status`` how it stands (small, changes with every batch).
A trial is a row of ``runs`` with a number, so a sweep's trials are one range of one index. JSON columns hold
text of :mod:`json`, where NaN and infinities are ``NaN`` and ``Infinity``. Times are seconds since the epoch.
A float beside a ``value_kind`` column is read through :mod:`sweeper.store.floats`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

ID = 36
KEY = 250
NAME = 500

metadata = MetaData()


def short(length: int) -> TypeEngine[str]:
    """Text of at most ``length`` characters that can be part of a key."""
    return String(length).with_variant(String(length, collation="C"), "postgresql").with_variant(
        mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


def long() -> TypeEngine[str]:
    """Text of any length."""
    return Text().with_variant(Text(collation="C"), "postgresql").with_variant(
        mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


meta = Table(
    "sweeper_meta",
    metadata,
    Column("key", short(KEY), primary_key=True),
    Column("value", long(), nullable=False),
    sqlite_with_rowid=False,
)

experiments = Table(
    "sweeper_experiments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", short(NAME), nullable=False, unique=True),
    Column("created", Double, nullable=False),
    Column("deleted", SmallInteger, nullable=False),
    Column("updated", Double),
)

runs = Table(
    "sweeper_runs",
    metadata,
    Column("id", short(ID), primary_key=True),
    Column("kind", short(8), nullable=False),
    Column("name", short(NAME), nullable=False),
    Column("parent_id", short(ID)),
    Column("number", Integer),
    Column("experiment_id", Integer, nullable=False),
    Column("state", short(12), nullable=False),
    Column("created", Double, nullable=False),
    Column("started", Double),
    Column("ended", Double),
    Column("user_id", short(NAME), nullable=False),
    Column("artifact_uri", long()),
    Column("deleted", SmallInteger, nullable=False),
    Column("seed", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("worker", short(NAME), nullable=False),
    Column("applied", BigInteger, nullable=False),
    Column("params", long()),
    Column("goal_values", long()),
    Column("metrics", long()),
    Column("failure", long()),
)
Index("sweeper_runs_parent", runs.c.parent_id, runs.c.number, unique=True)
Index("sweeper_runs_experiment", runs.c.experiment_id, runs.c.created)
Index("sweeper_runs_created", runs.c.created, runs.c.id)

sweeps = Table(
    "sweeper_sweeps",
    metadata,
    Column("id", short(ID), primary_key=True),
    Column("name", short(NAME), nullable=False),
    Column("created", Double, nullable=False),
    Column("experiment_id", Integer, nullable=False),
    Column("method", short(KEY), nullable=False),
    Column("goals", long(), nullable=False),
    Column("space", long(), nullable=False),
    Column("config", long(), nullable=False),
    Column("source", long(), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("artifact_uri", long(), nullable=False),
)
Index("sweeper_sweeps_name", sweeps.c.name, sweeps.c.created)

status = Table(
    "sweeper_status",
    metadata,
    Column("sweep_id", short(ID), primary_key=True),
    Column("state", short(12), nullable=False),
    Column("reason", long(), nullable=False),
    Column("trials", BigInteger),
    Column("started", Double),
    Column("ended", Double),
    Column("queued", Integer, nullable=False),
    Column("running", Integer, nullable=False),
    Column("complete", Integer, nullable=False),
    Column("pruned", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("best", long()),
    Column("seconds", Double, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("holder", long()),
    Column("expires", Double),
    sqlite_with_rowid=False,
)

attempts = Table(
    "sweeper_attempts",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("worker", short(NAME), nullable=False),
    Column("started", Double),
    Column("ended", Double),
    Column("state", short(12), nullable=False),
    Column("failure", long()),
    Column("output", long(), nullable=False),
    Column("peak_memory", BigInteger),
    Column("applied", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

params = Table(
    "sweeper_params",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("key", short(KEY), primary_key=True),
    Column("value", long(), nullable=False),
    Column("number", Double),
    sqlite_with_rowid=False,
)

metrics = Table(
    "sweeper_metrics",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("key", short(KEY), primary_key=True),
    Column("step", BigInteger, nullable=False),
    Column("time", Double, nullable=False),
    Column("value", Double, nullable=False),
    Column("value_kind", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

points = Table(
    "sweeper_points",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("key", short(KEY), primary_key=True),
    Column("time", Double, primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("value_kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("value", Double, primary_key=True),
    Column("attempt", Integer, nullable=False),
    sqlite_with_rowid=False,
)

tags = Table(
    "sweeper_tags",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("key", short(KEY), primary_key=True),
    Column("value", long(), nullable=False),
    sqlite_with_rowid=False,
)

control = Table(
    "sweeper_control",
    metadata,
    Column("sweep_id", short(ID), primary_key=True),
    Column("wanted", short(12), nullable=False),
    Column("wanted_by", short(NAME), nullable=False),
    Column("time", Double, nullable=False),
    sqlite_with_rowid=False,
)
