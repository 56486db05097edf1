"""The model registry: models, versions, tags, aliases, and what changed when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sweeper.store.migrations.columns import long, short

revision = "0002"
down_revision = "0001"


def _keyed() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("model_id", short(36), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    )


def upgrade() -> None:
    _models()
    _of_models()


def _models() -> None:
    op.create_table(
        "sweeper_models",
        sa.Column("id", short(36), primary_key=True),
        sa.Column("name", short(256), nullable=False, unique=True),
        sa.Column("description", long(), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
    )
    op.create_table(
        "sweeper_model_versions",
        *_keyed(),
        sa.Column("id", short(36), nullable=False, unique=True),
        sa.Column("state", short(30), nullable=False),
        sa.Column("message", long(), nullable=False),
        sa.Column("stage", short(20), nullable=False),
        sa.Column("source", long(), nullable=False),
        sa.Column("location", long(), nullable=False),
        sa.Column("run_id", short(250)),
        sa.Column("run_link", long(), nullable=False),
        sa.Column("user_id", short(500), nullable=False),
        sa.Column("description", long(), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
        sa.Column("facts", long(), nullable=False),
    )
    op.create_index("sweeper_model_versions_run", "sweeper_model_versions", ["run_id"])


def _of_models() -> None:
    op.create_table(
        "sweeper_model_tags",
        *_keyed(),
        sa.Column("key", short(250), primary_key=True),
        sa.Column("value", long(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_model_aliases",
        sa.Column("model_id", short(36), primary_key=True),
        sa.Column("alias", short(255), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_model_changes",
        sa.Column("model_id", short(36), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("user_id", short(500), nullable=False),
        sa.Column("kind", short(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("subject", short(255), nullable=False),
        sa.Column("old_value", short(256), nullable=False),
        sa.Column("new_value", short(256), nullable=False),
        sqlite_with_rowid=False,
    )
