"""Every fixed statement of the store, written in SQLAlchemy Core and known by name.

``compile_all`` turns them into text with positional parameters for one dialect. A parameter whose name ends in
``_in`` stands for a list of any length. For SQLite the text is kept in ``sqlite.sql`` (made by
``python -m sweeper.store.freeze``), so that neither writing nor reading has to import SQLAlchemy: that takes
0.3 s, longer than any command reads.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double, Executable, bindparam, case, delete, func, insert, null, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.functions import FunctionElement

from sweeper.store import model_statements, page_statements, tracking_statements
from sweeper.store.clauses import binds, ignore, listed, locked, upsert
from sweeper.store.dialects import Dialect
from sweeper.store.sql import Statement
from sweeper.store.tables import (
    attempts,
    control,
    experiments,
    meta,
    metadata,
    metrics,
    params,
    points,
    runs,
    status,
    sweeps,
    tags,
)


class EpochNow(FunctionElement[float]):
    """The database's clock in seconds since the epoch (not the start of the transaction)."""

    type = Double()
    inherit_cache = True


@compiles(EpochNow, "sqlite")
def _sqlite_now(element: Any, compiler: Any, **options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(EpochNow, "postgresql")
def _postgresql_now(element: Any, compiler: Any, **options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"


@compiles(EpochNow, "mysql", "mariadb")
def _mysql_now(element: Any, compiler: Any, **options: Any) -> str:
    return "CAST(unix_timestamp(sysdate(6)) AS DOUBLE)"


def engine_dialect(dialect: Dialect) -> Engine:
    """Return SQLAlchemy's dialect with positional parameters."""
    drivers: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql.psycopg, "mysql": mysql.pymysql}
    made: Engine = drivers[dialect.name].dialect(paramstyle="qmark" if dialect.placeholder == "?" else "format")
    return made


def compile_one(statement: Executable, engine: Engine, placeholder: str) -> Statement:
    """Return a statement as text and the names of its parameters in their order; constants stand in the text."""
    compiled = statement.compile(dialect=engine)  # type: ignore[attr-defined]  # Executable lacks ClauseElement's
    pieces = str(compiled).replace("\n", "").split(placeholder)
    text, parameters = pieces[0], []
    for name, piece in zip(compiled.positiontup or (), pieces[1:], strict=True):
        constant = compiled.params[name]
        if constant is None:
            parameters.append(name)
        text += (placeholder if constant is None else _literal(constant)) + piece
    return Statement(text, tuple(parameters))


def _literal(value: int | str) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"


def compile_all(dialect: Dialect) -> dict[str, Statement]:
    """Return all statements for a dialect, by name."""
    engine = engine_dialect(dialect)
    return {name: compile_one(statement, engine, dialect.placeholder) for name, statement in core(dialect).items()}


def schema(dialect: Dialect) -> list[str]:
    """Return the statements that create the newest schema."""
    engine = engine_dialect(dialect)
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=engine)).strip())
        made += [
            str(CreateIndex(index).compile(dialect=engine))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    return made


def core(dialect: Dialect) -> dict[str, Executable]:
    """Return all statements by name."""
    own = {**_writes(dialect), **_loads(dialect), **_leases(), **_sweep_reads(), **_run_reads()}
    return {**own, **model_statements.core(dialect), **tracking_statements.core(dialect), **page_statements.core()}


def _writes(dialect: Dialect) -> dict[str, Executable]:
    runs_set = ("state", "attempts", "worker", "applied", "started", "ended", "goal_values", "metrics", "failure")
    status_set = (
        "state", "reason", "trials", "started", "ended",
        "queued", "running", "complete", "pruned", "failed", "cancelled", "best", "seconds",
    )  # fmt: skip
    return {
        "insert_experiment": ignore(experiments, dialect),
        "insert_meta": ignore(meta, dialect),
        "insert_run": insert(runs).values(binds(runs)),
        "insert_sweep": insert(sweeps).values(binds(sweeps)),
        "insert_status": insert(status).values(binds(status)),
        "insert_param": insert(params).values(binds(params)),
        "insert_attempt": ignore(attempts, dialect),
        "insert_point": ignore(points, dialect),
        "upsert_metric": upsert(metrics, dialect),
        "upsert_tag": upsert(tags, dialect),
        "upsert_control": upsert(control, dialect),
        "update_run": update(runs).where(runs.c.id == bindparam("run_id")).values(binds(runs, runs_set)),
        "rename_run": update(runs).where(runs.c.id == bindparam("run_id")).values(binds(runs, ("name",))),
        "move_run": update(runs).where(runs.c.id == bindparam("run_id")).values(binds(runs, ("parent_id",))),
        "update_status": update(status)
        .where(status.c.sweep_id == bindparam("sweep"))
        .values(binds(status, status_set)),
        "revise_sweep": update(sweeps)
        .where(sweeps.c.id == bindparam("sweep"))
        .values(binds(sweeps, ("space", "config", "source"))),
        "delete_tag": delete(tags).where(
            tags.c.run_id == bindparam("run_id"), tags.c.key == bindparam("tag")
        ),
        "delete_points": delete(points).where(
            points.c.run_id == bindparam("run_id"),
            points.c.key == bindparam("metric"),
            points.c.attempt < bindparam("attempt"),
            points.c.step >= bindparam("step"),
        ),
        "delete_metric": delete(metrics).where(
            metrics.c.run_id == bindparam("run_id"), metrics.c.key == bindparam("metric")
        ),
    }


def _loads(dialect: Dialect) -> dict[str, Executable]:
    """What the writer looks at, inside its transaction, before it changes anything."""

    run = (
        runs.c.id, runs.c.kind, runs.c.parent_id, runs.c.number, runs.c.experiment_id, runs.c.state,
        runs.c.attempts, runs.c.worker, runs.c.applied, runs.c.started, runs.c.ended, runs.c.goal_values,
        runs.c.metrics, runs.c.failure, runs.c.params, runs.c.deleted,
    )  # fmt: skip
    return {
        "load_runs": locked(select(*run).where(listed(runs.c.id)), dialect),
        "load_children": locked(select(*run).where(listed(runs.c.parent_id)), dialect),
        "load_status": locked(
            select(
                status.c.sweep_id, status.c.state, status.c.reason, status.c.trials, status.c.started,
                status.c.ended, status.c.queued, status.c.running, status.c.complete, status.c.pruned,
                status.c.failed, status.c.cancelled, status.c.best, status.c.seconds, status.c.fence,
                status.c.holder, (status.c.expires - EpochNow()).label("left"),
            ).where(listed(status.c.sweep_id)),
            dialect,
        ),
        "load_sweeps": select(sweeps.c.id, sweeps.c.name, sweeps.c.experiment_id, sweeps.c.goals).where(
            listed(sweeps.c.id)
        ),
        "load_params": select(params.c.run_id, params.c.key, params.c.value).where(listed(params.c.run_id)),
        "load_metrics": select(
            metrics.c.run_id, metrics.c.key, metrics.c.step, metrics.c.time, metrics.c.value, metrics.c.value_kind
        ).where(listed(metrics.c.run_id)),
        "first_step_after": select(func.min(points.c.step)).where(
            points.c.run_id == bindparam("run_id"),
            points.c.key == bindparam("metric"),
            points.c.attempt > bindparam("attempt"),
        ),
        "latest_point": select(points.c.step, points.c.time, points.c.value, points.c.value_kind)
        .where(points.c.run_id == bindparam("run_id"), points.c.key == bindparam("metric"))
        .order_by(points.c.step.desc(), points.c.time.desc(), points.c.value.desc(), points.c.value_kind.desc())
        .limit(1),
        "next_experiment": select(func.coalesce(func.max(experiments.c.id), -1) + 1),
    }


def _leases() -> dict[str, Executable]:
    mine = (status.c.sweep_id == bindparam("sweep"), status.c.fence == bindparam("token"))
    return {
        "acquire_lease": update(status)
        .where(status.c.sweep_id == bindparam("sweep"))
        .values(
            fence=status.c.fence + 1,
            holder=bindparam("holder"),
            expires=EpochNow() + bindparam("seconds", type_=Double),
        ),
        "renew_lease": update(status)
        .where(*mine)
        .values(expires=EpochNow() + bindparam("seconds", type_=Double)),
        "release_lease": update(status).where(*mine).values(holder=null(), expires=null()),
        "read_lease": select(
            status.c.holder, (status.c.expires - EpochNow()).label("left"), status.c.fence
        ).where(status.c.sweep_id == bindparam("sweep")),
    }


def _sweep_reads() -> dict[str, Executable]:
    sweep = (
        select(
            sweeps.c.id, sweeps.c.name, status.c.state, sweeps.c.method, sweeps.c.goals, sweeps.c.space,
            sweeps.c.config, sweeps.c.source, sweeps.c.seed, status.c.trials, sweeps.c.experiment_id,
            experiments.c.name, status.c.queued, status.c.running, status.c.complete, status.c.pruned,
            status.c.failed, status.c.cancelled, status.c.best, sweeps.c.created, status.c.started,
            status.c.ended, status.c.reason, status.c.seconds, sweeps.c.artifact_uri,
            case((status.c.expires > EpochNow(), 1), else_=0).label("owned"),
        )
        .join(status, status.c.sweep_id == sweeps.c.id)
        .join(experiments, experiments.c.id == sweeps.c.experiment_id)
    )  # fmt: skip
    latest = (sweeps.c.created.desc(), sweeps.c.id.desc())
    count = bindparam("count", type_=runs.c.number.type)
    owned = case((status.c.expires > EpochNow(), 1), else_=0)
    return {
        "sweeps": sweep.order_by(*latest).limit(count),
        "sweeps_named": sweep.where(sweeps.c.name == bindparam("name")).order_by(*latest).limit(count),
        "sweeps_by_id": sweep.where(listed(sweeps.c.id)),
        "sweep_names": select(sweeps.c.id, sweeps.c.name).order_by(*latest),
        "sweep_owned": select(status.c.sweep_id, owned).where(listed(status.c.sweep_id)),
        "standings": select(
            status.c.sweep_id, status.c.state, status.c.reason, status.c.trials, status.c.ended, status.c.queued,
            status.c.running, status.c.complete, status.c.pruned, status.c.failed, status.c.cancelled,
            status.c.seconds, owned,
        ),
        "sweep_uri": select(sweeps.c.artifact_uri).where(sweeps.c.id == bindparam("sweep")),
        "control": select(control.c.wanted, control.c.wanted_by, control.c.time).where(
            control.c.sweep_id == bindparam("sweep")
        ),
        "read_meta": select(meta.c.value).where(meta.c.key == bindparam("name")),
        "experiment_names": select(experiments.c.name).where(experiments.c.deleted == 0).order_by(experiments.c.name),
        "experiment_id": select(experiments.c.id).where(experiments.c.name == bindparam("name")),
    }


def _run_reads() -> dict[str, Executable]:
    trial = select(
        runs.c.id, runs.c.parent_id, runs.c.number, runs.c.state, runs.c.params, runs.c.goal_values,
        runs.c.metrics, runs.c.attempts, runs.c.failure, runs.c.created, runs.c.started, runs.c.ended,
        runs.c.worker, runs.c.applied, runs.c.seed,
    )  # fmt: skip
    sheet = select(
        runs.c.number, runs.c.id, runs.c.state, runs.c.started, runs.c.ended, runs.c.params, runs.c.goal_values,
        runs.c.metrics,
    )  # fmt: skip
    run = select(
        runs.c.id, runs.c.name, runs.c.kind, runs.c.state, runs.c.parent_id, runs.c.experiment_id,
        runs.c.started, runs.c.ended, runs.c.user_id, runs.c.artifact_uri, runs.c.deleted,
    )  # fmt: skip
    attempt = select(
        attempts.c.attempt, attempts.c.worker, attempts.c.started, attempts.c.ended, attempts.c.state,
        attempts.c.failure, attempts.c.output, attempts.c.peak_memory, attempts.c.applied,
    )  # fmt: skip
    point = select(points.c.run_id, points.c.key, points.c.value_kind, points.c.value, points.c.step, points.c.time)
    metric = select(metrics.c.run_id, metrics.c.key, metrics.c.value_kind, metrics.c.value)
    of_sweep = (runs.c.parent_id == bindparam("sweep"), runs.c.number.is_not(None))
    in_order = (points.c.run_id, points.c.time, points.c.step)
    return {
        "trials": trial.where(*of_sweep).order_by(runs.c.number),
        "trials_numbered": trial.where(of_sweep[0], listed(runs.c.number)).order_by(runs.c.number),
        "trials_stated": trial.where(*of_sweep, listed(runs.c.state)).order_by(runs.c.number),
        "sheet_from": sheet.where(
            of_sweep[0], runs.c.number >= bindparam("first", type_=runs.c.number.type)
        ).order_by(runs.c.number),
        "sheet_at": sheet.where(of_sweep[0], listed(runs.c.number)),
        "trials_by_id": trial.where(listed(runs.c.id), runs.c.kind == "trial"),
        "runs_ending": select(runs.c.id).where(runs.c.id.like(bindparam("tail"))).limit(50),
        "attempts": attempt.where(attempts.c.run_id == bindparam("run_id")).order_by(attempts.c.attempt),
        "runs_by_id": run.where(listed(runs.c.id)),
        "children": run.where(runs.c.parent_id == bindparam("parent")).order_by(
            runs.c.created, runs.c.number, runs.c.id
        ),
        "params": select(params.c.run_id, params.c.key, params.c.value).where(listed(params.c.run_id)),
        "metrics": metric.where(listed(metrics.c.run_id)),
        "tags": select(tags.c.run_id, tags.c.key, tags.c.value).where(listed(tags.c.run_id)),
        "points": point.where(listed(points.c.run_id)).order_by(*in_order),
        "points_keyed": point.where(points.c.key == bindparam("metric"), listed(points.c.run_id)).order_by(*in_order),
    }
