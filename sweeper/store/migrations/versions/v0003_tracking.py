"""What clients of the tracking protocol log: tags of experiments, datasets, logged models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sweeper.store.migrations.columns import long, short

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("sweeper_experiments", sa.Column("updated", sa.Double))
    op.create_table(
        "sweeper_experiment_tags",
        sa.Column("experiment_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", short(250), primary_key=True),
        sa.Column("value", long(), nullable=False),
        sqlite_with_rowid=False,
    )
    _of_runs()
    _logged_models()


def _of_runs() -> None:
    op.create_table(
        "sweeper_inputs",
        sa.Column("run_id", short(36), primary_key=True),
        sa.Column("name", short(500), primary_key=True),
        sa.Column("digest", short(36), primary_key=True),
        sa.Column("source_type", long(), nullable=False),
        sa.Column("source", long(), nullable=False),
        sa.Column("fields", long()),
        sa.Column("profile", long()),
        sa.Column("tags", long(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_run_models",
        sa.Column("run_id", short(36), primary_key=True),
        sa.Column("direction", short(8), primary_key=True),
        sa.Column("model_id", short(36), primary_key=True),
        sa.Column("step", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _logged_models() -> None:
    op.create_table(
        "sweeper_logged_models",
        sa.Column("id", short(36), primary_key=True),
        sa.Column("experiment_id", sa.Integer, nullable=False),
        sa.Column("name", short(500), nullable=False),
        sa.Column("model_type", short(500), nullable=False),
        sa.Column("run_id", short(36)),
        sa.Column("state", short(40), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
    )
    op.create_index(
        "sweeper_logged_models_experiment", "sweeper_logged_models", ["experiment_id", "created"]
    )
    op.create_index("sweeper_logged_models_run", "sweeper_logged_models", ["run_id"])
