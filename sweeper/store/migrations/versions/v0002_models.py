"""The model registry: models, versions, tags, aliases, and what changed when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"


def _short(length: int) -> TypeEngine[str]:
    return (
        sa.String(length)
        .with_variant(sa.String(length, collation="C"), "postgresql")
        .with_variant(mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")
    )


def _long() -> TypeEngine[str]:
    return (
        sa.Text()
        .with_variant(sa.Text(collation="C"), "postgresql")
        .with_variant(mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")
    )


def _keyed() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("model_id", _short(36), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    )


def upgrade() -> None:
    _models()
    _of_models()


def _models() -> None:
    op.create_table(
        "sweeper_models",
        sa.Column("id", _short(36), primary_key=True),
        sa.Column("name", _short(256), nullable=False, unique=True),
        sa.Column("description", _long(), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
    )
    op.create_table(
        "sweeper_model_versions",
        *_keyed(),
        sa.Column("id", _short(36), nullable=False, unique=True),
        sa.Column("state", _short(30), nullable=False),
        sa.Column("message", _long(), nullable=False),
        sa.Column("stage", _short(20), nullable=False),
        sa.Column("source", _long(), nullable=False),
        sa.Column("location", _long(), nullable=False),
        sa.Column("run_id", _short(250)),
        sa.Column("run_link", _long(), nullable=False),
        sa.Column("user_id", _short(500), nullable=False),
        sa.Column("description", _long(), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
        sa.Column("facts", _long(), nullable=False),
    )
    op.create_index("sweeper_model_versions_run", "sweeper_model_versions", ["run_id"])


def _of_models() -> None:
    op.create_table(
        "sweeper_model_tags",
        *_keyed(),
        sa.Column("key", _short(250), primary_key=True),
        sa.Column("value", _long(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_model_aliases",
        sa.Column("model_id", _short(36), primary_key=True),
        sa.Column("alias", _short(255), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sweeper_model_changes",
        sa.Column("model_id", _short(36), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("user_id", _short(500), nullable=False),
        sa.Column("kind", _short(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("subject", _short(255), nullable=False),
        sa.Column("old_value", _short(256), nullable=False),
        sa.Column("new_value", _short(256), nullable=False),
        sqlite_with_rowid=False,
    )
