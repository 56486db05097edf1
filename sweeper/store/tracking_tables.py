"""The tables of what MLflow's clients log beside params, metrics and tags. Importing this adds them to the metadata.

Params, metrics and tags of a logged model stand in the tables of runs, under its id.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, SmallInteger, Table

from sweeper.store.tables import ID, KEY, NAME, long, metadata, short

DIGEST = 36

experiment_tags = Table(
    "sweeper_experiment_tags",
    metadata,
    Column("experiment_id", Integer, primary_key=True, autoincrement=False),
    Column("key", short(KEY), primary_key=True),
    Column("value", long(), nullable=False),
    sqlite_with_rowid=False,
)

inputs = Table(
    "sweeper_inputs",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("name", short(NAME), primary_key=True),
    Column("digest", short(DIGEST), primary_key=True),
    Column("source_type", long(), nullable=False),
    Column("source", long(), nullable=False),
    Column("fields", long()),
    Column("profile", long()),
    Column("tags", long(), nullable=False),
    sqlite_with_rowid=False,
)

run_models = Table(
    "sweeper_run_models",
    metadata,
    Column("run_id", short(ID), primary_key=True),
    Column("direction", short(8), primary_key=True),
    Column("model_id", short(ID), primary_key=True),
    Column("step", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

logged_models = Table(
    "sweeper_logged_models",
    metadata,
    Column("id", short(ID), primary_key=True),
    Column("experiment_id", Integer, nullable=False),
    Column("name", short(NAME), nullable=False),
    Column("model_type", short(NAME), nullable=False),
    Column("run_id", short(ID)),
    Column("state", short(40), nullable=False),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("deleted", SmallInteger, nullable=False),
)
Index("sweeper_logged_models_experiment", logged_models.c.experiment_id, logged_models.c.created)
Index("sweeper_logged_models_run", logged_models.c.run_id)
