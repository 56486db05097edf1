"""What clients of the tracking protocol log: tags of experiments, datasets, logged models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"


def _short(length: int) -> TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql").with_variant(
        mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


def _long() -> TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql").with_variant(
        mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


def upgrade() -> None:
    op.add_column("sweeper_experiments", sa.Column("updated", sa.Double))
    op.create_table(
        "sweeper_experiment_tags",
        sa.Column("experiment_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", _short(250), primary_key=True),
        sa.Column("value", _long(), nullable=False),
        sqlite_with_rowid=False,
    )
    _of_runs()
    _logged_models()


def _of_runs() -> None:
    op.create_table(
        "sweeper_inputs",
        sa.Column("run_id", _short(36), primary_key=True),
        sa.Column("name", _short(500), primary_key=True),
        sa.Column("digest", _short(36), primary_key=True),
        sa.Column("source_type", _long(), nullable=False),
        sa.Column("source", _long(), nullable=False),
        sa.Column("fields", _long()),
        sa.Column("profile", _long()),
        sa.Column("tags", _long(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_run_models",
        sa.Column("run_id", _short(36), primary_key=True),
        sa.Column("direction", _short(8), primary_key=True),
        sa.Column("model_id", _short(36), primary_key=True),
        sa.Column("step", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _logged_models() -> None:
    op.create_table(
        "sweeper_logged_models",
        sa.Column("id", _short(36), primary_key=True),
        sa.Column("experiment_id", sa.Integer, nullable=False),
        sa.Column("name", _short(500), nullable=False),
        sa.Column("model_type", _short(500), nullable=False),
        sa.Column("run_id", _short(36)),
        sa.Column("state", _short(40), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
    )
    op.create_index(
        "sweeper_logged_models_experiment", "sweeper_logged_models", ["experiment_id", "created"]
    )
    op.create_index("sweeper_logged_models_run", "sweeper_logged_models", ["run_id"])
