"""The fixed statements of experiments, inputs and logged models, by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Executable, String, bindparam, delete, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from sweeper.store.clauses import binds, listed, upsert
from sweeper.store.dialects import Dialect
from sweeper.store.tables import experiments, metrics, points, runs
from sweeper.store.tracking_tables import experiment_tags, inputs, logged_models, run_models


class DatasetContext(FunctionElement[str]):
    """The tag ``mlflow.data.context`` out of the JSON text of a dataset's tags; NULL when it has none."""

    type = String()
    inherit_cache = True


@compiles(DatasetContext, "sqlite")
def _sqlite_context(element: Any, compiler: Any, **options: Any) -> str:
    return f"""json_extract({compiler.process(element.clauses)}, '$."mlflow.data.context"')"""


@compiles(DatasetContext, "postgresql")
def _postgresql_context(element: Any, compiler: Any, **options: Any) -> str:
    return f"(CAST({compiler.process(element.clauses)} AS json) ->> 'mlflow.data.context')"


@compiles(DatasetContext, "mysql", "mariadb")
def _mysql_context(element: Any, compiler: Any, **options: Any) -> str:
    found = f"""json_extract({compiler.process(element.clauses)}, '$."mlflow.data.context"')"""
    return f"json_unquote({found}) COLLATE utf8mb4_bin"


def core(dialect: Dialect) -> dict[str, Executable]:
    """Return all statements by name."""
    return {**_writes(dialect), **_reads()}


def _writes(dialect: Dialect) -> dict[str, Executable]:
    experiment = experiments.c.id == bindparam("experiment")
    return {
        "update_experiment": update(experiments)
        .where(experiment)
        .values(binds(experiments, ("name", "deleted", "updated"))),
        "upsert_experiment_tag": upsert(experiment_tags, dialect),
        "delete_experiment_tag": delete(experiment_tags).where(
            experiment_tags.c.experiment_id == bindparam("experiment"), experiment_tags.c.key == bindparam("tag")
        ),
        "mark_run": update(runs).where(runs.c.id == bindparam("run_id")).values(binds(runs, ("deleted",))),
        "mark_runs_of_experiment": update(runs)
        .where(runs.c.experiment_id == bindparam("experiment"), runs.c.deleted == bindparam("before"))
        .values(binds(runs, ("deleted",))),
        "upsert_input": upsert(inputs, dialect),
        "upsert_run_model": upsert(run_models, dialect),
        "upsert_logged_model": upsert(logged_models, dialect),
    }


def _reads() -> dict[str, Executable]:
    experiment = select(
        experiments.c.id, experiments.c.name, experiments.c.created, experiments.c.updated, experiments.c.deleted
    )
    history = (
        select(points.c.value_kind, points.c.value, points.c.step, points.c.time)
        .where(points.c.run_id == bindparam("run_id"), points.c.key == bindparam("metric"))
        .order_by(points.c.time, points.c.step, points.c.value_kind, points.c.value)
    )
    model = select(
        logged_models.c.id, logged_models.c.experiment_id, logged_models.c.name, logged_models.c.model_type,
        logged_models.c.run_id, logged_models.c.state, logged_models.c.created, logged_models.c.updated,
        logged_models.c.deleted,
    )  # fmt: skip
    return {
        "experiments": experiment.order_by(experiments.c.id),
        "experiment_by_id": experiment.where(experiments.c.id == bindparam("experiment")),
        "experiment_named": experiment.where(experiments.c.name == bindparam("name")),
        "experiment_tags": select(
            experiment_tags.c.experiment_id, experiment_tags.c.key, experiment_tags.c.value
        ).where(listed(experiment_tags.c.experiment_id)),
        "latest_values": select(
            metrics.c.run_id, metrics.c.key, metrics.c.value_kind, metrics.c.value, metrics.c.step, metrics.c.time
        ).where(listed(metrics.c.run_id)),
        "history": history.limit(bindparam("count", type_=runs.c.number.type)),
        "inputs": select(
            inputs.c.run_id, inputs.c.name, inputs.c.digest, inputs.c.source_type, inputs.c.source, inputs.c.fields,
            inputs.c.profile, inputs.c.tags,
        ).where(listed(inputs.c.run_id)),
        "datasets": select(runs.c.experiment_id, inputs.c.name, inputs.c.digest, inputs.c.tags)
        .join(runs, runs.c.id == inputs.c.run_id)
        .where(listed(runs.c.experiment_id)),
        "run_models": select(
            run_models.c.run_id, run_models.c.direction, run_models.c.model_id, run_models.c.step
        ).where(listed(run_models.c.run_id)),
        "logged_models_by_id": model.where(listed(logged_models.c.id)),
        "logged_models_of": model.where(listed(logged_models.c.experiment_id), logged_models.c.deleted == 0).order_by(
            logged_models.c.created.desc(), logged_models.c.id
        ),
        "logged_models_of_run": model.where(
            logged_models.c.run_id == bindparam("run_id"), logged_models.c.deleted == 0
        ).order_by(logged_models.c.created),
    }  # fmt: skip
