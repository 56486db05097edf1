"""The tables of the model registry, for every database. Importing this adds them to the metadata of all tables.

A model has an id of its own, so a new name is one changed row. ``version`` 0 in tags and changes is the model itself.
A deleted version keeps its row: its number is never given again. ``facts`` is JSON: where the version comes from and
the checksum of each of its files.
"""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, SmallInteger, Table

from sweeper.store.tables import ID, KEY, NAME, long, metadata, short

MODEL_NAME = 256
ALIAS = 255

models = Table(
    "sweeper_models",
    metadata,
    Column("id", short(ID), primary_key=True),
    Column("name", short(MODEL_NAME), nullable=False, unique=True),
    Column("description", long(), nullable=False),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
)

versions = Table(
    "sweeper_model_versions",
    metadata,
    Column("model_id", short(ID), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("id", short(ID), nullable=False, unique=True),
    Column("state", short(30), nullable=False),
    Column("message", long(), nullable=False),
    Column("stage", short(20), nullable=False),
    Column("source", long(), nullable=False),
    Column("location", long(), nullable=False),
    Column("run_id", short(KEY)),
    Column("run_link", long(), nullable=False),
    Column("user_id", short(NAME), nullable=False),
    Column("description", long(), nullable=False),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("deleted", SmallInteger, nullable=False),
    Column("facts", long(), nullable=False),
)
Index("sweeper_model_versions_run", versions.c.run_id)

model_tags = Table(
    "sweeper_model_tags",
    metadata,
    Column("model_id", short(ID), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("key", short(KEY), primary_key=True),
    Column("value", long(), nullable=False),
    sqlite_with_rowid=False,
)

aliases = Table(
    "sweeper_model_aliases",
    metadata,
    Column("model_id", short(ID), primary_key=True),
    Column("alias", short(ALIAS), primary_key=True),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)

changes = Table(
    "sweeper_model_changes",
    metadata,
    Column("model_id", short(ID), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", Double, nullable=False),
    Column("user_id", short(NAME), nullable=False),
    Column("kind", short(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("subject", short(ALIAS), nullable=False),
    Column("old_value", short(MODEL_NAME), nullable=False),
    Column("new_value", short(MODEL_NAME), nullable=False),
    sqlite_with_rowid=False,
)
