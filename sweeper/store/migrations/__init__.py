"""Steps from one schema to the next, by Alembic, with our own version table (other tools use its default one).

Each file in ``versions`` is one step. A database is upgraded inside one exclusive transaction, after a backup, and
never while a controller owns one of its sweeps.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, StaticPool, create_engine, event, select

from sweeper.errors import StoreUnavailable
from sweeper.store import revision
from sweeper.store.copying import copy
from sweeper.store.statements import EpochNow
from sweeper.store.tables import status

HERE = Path(__file__).parent


def upgrade(connection: Connection, place: str = "", versions: Path = HERE) -> None:
    """Run the steps that are missing, in the transaction the connection is in.

    Raises StoreUnavailable naming the store at ``place`` while a controller owns one of its sweeps.
    """
    if place:
        _refuse_while_running(connection, place)
    config = Config()
    config.set_main_option("script_location", str(versions))
    script = ScriptDirectory.from_config(config)
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": revision.TABLE,
            "script": script,
            "fn": lambda found, context: script._upgrade_revs("head", found),
        },
    )
    with Operations.context(context):
        context.run_migrations()


def upgrade_sqlite(raw: sqlite3.Connection, path: Path, version: str, versions: Path = HERE) -> None:
    """Back up and upgrade one SQLite file that has the schema ``version``."""
    _back_up(raw, path.with_name(f"{path.name}.{version}.backup"))
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN EXCLUSIVE"))
    with engine.begin() as connection:
        upgrade(connection, str(path), versions)


def _refuse_while_running(connection: Connection, place: str) -> None:
    if connection.execute(select(status.c.sweep_id).where(status.c.expires > EpochNow()).limit(1)).first():
        raise StoreUnavailable(
            f"{place} has an older schema and a sweep that runs: it is upgraded when that sweep has ended"
        )


def _back_up(raw: sqlite3.Connection, backup: Path) -> None:
    """Copy the database, whole or not at all; another process that upgrades the same file may have done so."""
    if not backup.exists():
        copy(raw, backup)
