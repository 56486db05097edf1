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
from sqlalchemy import Connection, StaticPool, create_engine

from sweeper.errors import StoreUnavailable
from sweeper.store.schema import VERSION_TABLE
from sweeper.store.statements import EpochNow
from sweeper.store.tables import status

HERE = Path(__file__).parent


def upgrade(connection: Connection, versions: Path = HERE) -> None:
    """Run the steps that are missing, in the transaction the connection is in."""
    config = Config()
    config.set_main_option("script_location", str(versions))
    script = ScriptDirectory.from_config(config)
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": VERSION_TABLE,
            "script": script,
            "fn": lambda revision, context: script._upgrade_revs("head", revision),
        },
    )
    with Operations.context(context):
        context.run_migrations()


def upgrade_sqlite(raw: sqlite3.Connection, path: Path, versions: Path = HERE) -> None:
    """Back up and upgrade one SQLite file."""
    backup = path.with_name(f"{path.name}.backup")
    backup.unlink(missing_ok=True)
    raw.execute("VACUUM INTO ?", (str(backup),))
    backup.chmod(0o600)
    raw.execute("BEGIN EXCLUSIVE")
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    try:
        with engine.connect() as connection, connection.begin():
            if connection.execute(status.select().where(status.c.expires > EpochNow()).limit(1)).first():
                raise StoreUnavailable(
                    f"{path} has an older schema and a sweep that runs: it is upgraded when that sweep has ended"
                )
            upgrade(connection, versions)
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
