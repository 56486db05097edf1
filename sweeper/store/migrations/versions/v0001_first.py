"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sweeper.store.migrations.columns import long, short

revision = "0001"
down_revision = None


def _keyed() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("run_id", short(36), primary_key=True), sa.Column("key", short(250), primary_key=True)


def upgrade() -> None:
    _whole_store()
    _runs()
    _sweeps()
    _of_runs()


def _whole_store() -> None:
    op.create_table(
        "sweeper_meta",
        sa.Column("key", short(250), primary_key=True),
        sa.Column("value", long(), nullable=False),
        sqlite_with_rowid=False,
    )
    experiments = op.create_table(
        "sweeper_experiments",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", short(500), nullable=False, unique=True),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
    )
    op.bulk_insert(experiments, [{"id": 0, "name": "Default", "created": 0.0, "deleted": 0}])


def _runs() -> None:
    op.create_table(
        "sweeper_runs",
        sa.Column("id", short(36), primary_key=True),
        sa.Column("kind", short(8), nullable=False),
        sa.Column("name", short(500), nullable=False),
        sa.Column("parent_id", short(36)),
        sa.Column("number", sa.Integer),
        sa.Column("experiment_id", sa.Integer, nullable=False),
        sa.Column("state", short(12), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("started", sa.Double),
        sa.Column("ended", sa.Double),
        sa.Column("user_id", short(500), nullable=False),
        sa.Column("artifact_uri", long()),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
        sa.Column("seed", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", short(500), nullable=False),
        sa.Column("applied", sa.BigInteger, nullable=False),
        sa.Column("params", long()),
        sa.Column("goal_values", long()),
        sa.Column("metrics", long()),
        sa.Column("failure", long()),
    )
    op.create_index("sweeper_runs_parent", "sweeper_runs", ["parent_id", "number"], unique=True)
    op.create_index("sweeper_runs_experiment", "sweeper_runs", ["experiment_id", "created"])


def _sweeps() -> None:
    op.create_table(
        "sweeper_sweeps",
        sa.Column("id", short(36), primary_key=True),
        sa.Column("name", short(500), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("experiment_id", sa.Integer, nullable=False),
        sa.Column("method", short(250), nullable=False),
        sa.Column("goals", long(), nullable=False),
        sa.Column("space", long(), nullable=False),
        sa.Column("config", long(), nullable=False),
        sa.Column("source", long(), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("artifact_uri", long(), nullable=False),
    )
    op.create_index("sweeper_sweeps_name", "sweeper_sweeps", ["name", "created"])
    counts = ("queued", "running", "complete", "pruned", "failed", "cancelled")
    op.create_table(
        "sweeper_status",
        sa.Column("sweep_id", short(36), primary_key=True),
        sa.Column("state", short(12), nullable=False),
        sa.Column("reason", long(), nullable=False),
        sa.Column("trials", sa.BigInteger),
        sa.Column("started", sa.Double),
        sa.Column("ended", sa.Double),
        *(sa.Column(state, sa.Integer, nullable=False) for state in counts),
        sa.Column("best", long()),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("holder", long()),
        sa.Column("expires", sa.Double),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_control",
        sa.Column("sweep_id", short(36), primary_key=True),
        sa.Column("wanted", short(12), nullable=False),
        sa.Column("wanted_by", short(500), nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sqlite_with_rowid=False,
    )


def _of_runs() -> None:
    op.create_table(
        "sweeper_attempts",
        sa.Column("run_id", short(36), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("worker", short(500), nullable=False),
        sa.Column("started", sa.Double),
        sa.Column("ended", sa.Double),
        sa.Column("state", short(12), nullable=False),
        sa.Column("failure", long()),
        sa.Column("output", long(), nullable=False),
        sa.Column("peak_memory", sa.BigInteger),
        sa.Column("applied", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_params",
        *_keyed(),
        sa.Column("value", long(), nullable=False),
        sa.Column("number", sa.Double),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_tags",
        *_keyed(),
        sa.Column("value", long(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_metrics",
        *_keyed(),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("value_kind", sa.SmallInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_points",
        *_keyed(),
        sa.Column("time", sa.Double, primary_key=True),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("value_kind", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Double, primary_key=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
