"""Every fixed statement of the store, written in SQLAlchemy Core and known by name.

``compile_all`` turns them into text with positional parameters for one dialect. A parameter whose name ends in
``_in`` stands for a list of any length. For SQLite the text is kept in ``sqlite.sql`` (made by
``python -m sweeper.store.freeze``), so that neither writing nor reading has to import SQLAlchemy: that takes
0.3 s, longer than any command reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Double, Executable, Table, bindparam, case, delete, func, insert, null, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Select

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
    return {**_writes(dialect), **_loads(dialect), **_leases(), **_sweep_reads(), **_run_reads()}


def _listed(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """``column IN (...)`` with a parameter for a list: "run_id" gives "run_id_in"."""
    return column.in_([bindparam(f"{column.key}_in", type_=column.type)])


def _writes(dialect: Dialect) -> dict[str, Executable]:
    runs_set = ("state", "attempts", "worker", "applied", "started", "ended", "goal_values", "metrics", "failure")
    status_set = (
        "state", "reason", "trials", "started", "ended",
        "queued", "running", "complete", "pruned", "failed", "cancelled", "best", "seconds",
    )  # fmt: skip
    return {
        "insert_experiment": _ignore(experiments, dialect),
        "insert_meta": _ignore(meta, dialect),
        "insert_run": insert(runs).values(_binds(runs)),
        "insert_sweep": insert(sweeps).values(_binds(sweeps)),
        "insert_status": insert(status).values(_binds(status)),
        "insert_param": insert(params).values(_binds(params)),
        "insert_attempt": _ignore(attempts, dialect),
        "insert_point": _ignore(points, dialect),
        "upsert_metric": _upsert(metrics, dialect),
        "upsert_tag": _upsert(tags, dialect),
        "upsert_control": _upsert(control, dialect),
        "update_run": update(runs).where(runs.c.id == bindparam("run_id")).values(_binds(runs, runs_set)),
        "update_status": update(status)
        .where(status.c.sweep_id == bindparam("sweep"))
        .values(_binds(status, status_set)),
        "revise_sweep": update(sweeps)
        .where(sweeps.c.id == bindparam("sweep"))
        .values(_binds(sweeps, ("space", "config", "source"))),
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

    def locked(query: Select[Any]) -> Select[Any]:
        key = next(iter(query.selected_columns))
        return query.order_by(key).with_for_update() if dialect.has_row_locks else query

    run = (
        runs.c.id, runs.c.kind, runs.c.parent_id, runs.c.number, runs.c.experiment_id, runs.c.state,
        runs.c.attempts, runs.c.worker, runs.c.applied, runs.c.started, runs.c.ended, runs.c.goal_values,
        runs.c.metrics, runs.c.failure, runs.c.params,
    )  # fmt: skip
    return {
        "load_runs": locked(select(*run).where(_listed(runs.c.id))),
        "load_children": locked(select(*run).where(_listed(runs.c.parent_id))),
        "load_status": locked(
            select(
                status.c.sweep_id, status.c.state, status.c.reason, status.c.trials, status.c.started,
                status.c.ended, status.c.queued, status.c.running, status.c.complete, status.c.pruned,
                status.c.failed, status.c.cancelled, status.c.best, status.c.seconds, status.c.fence,
                status.c.holder, (status.c.expires - EpochNow()).label("left"),
            ).where(_listed(status.c.sweep_id))
        ),
        "load_sweeps": select(sweeps.c.id, sweeps.c.name, sweeps.c.experiment_id, sweeps.c.goals).where(
            _listed(sweeps.c.id)
        ),
        "load_params": select(params.c.run_id, params.c.key, params.c.value).where(_listed(params.c.run_id)),
        "load_metrics": select(
            metrics.c.run_id, metrics.c.key, metrics.c.step, metrics.c.time, metrics.c.value, metrics.c.value_kind
        ).where(_listed(metrics.c.run_id)),
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
        "sweeps_by_id": sweep.where(_listed(sweeps.c.id)),
        "sweep_names": select(sweeps.c.id, sweeps.c.name).order_by(*latest),
        "sweep_owned": select(status.c.sweep_id, owned).where(_listed(status.c.sweep_id)),
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
        runs.c.worker, runs.c.applied,
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
        "trials_numbered": trial.where(*of_sweep, _listed(runs.c.number)).order_by(runs.c.number),
        "trials_by_id": trial.where(_listed(runs.c.id), runs.c.kind == "trial"),
        "runs_ending": select(runs.c.id).where(runs.c.id.like(bindparam("tail"))).limit(50),
        "attempts": attempt.where(attempts.c.run_id == bindparam("run_id")).order_by(attempts.c.attempt),
        "runs_by_id": run.where(_listed(runs.c.id)),
        "children": run.where(runs.c.parent_id == bindparam("parent")).order_by(
            runs.c.created, runs.c.number, runs.c.id
        ),
        "params": select(params.c.run_id, params.c.key, params.c.value).where(_listed(params.c.run_id)),
        "metrics": metric.where(_listed(metrics.c.run_id)),
        "tags": select(tags.c.run_id, tags.c.key, tags.c.value).where(_listed(tags.c.run_id)),
        "points": point.where(_listed(points.c.run_id)).order_by(*in_order),
        "points_keyed": point.where(points.c.key == bindparam("metric"), _listed(points.c.run_id)).order_by(*in_order),
    }


def _binds(table: Table, names: Iterable[str] | None = None) -> dict[str, BindParameter[Any]]:
    wanted = names if names is not None else [column.key for column in table.c]
    return {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in wanted}


def _ignore(table: Table, dialect: Dialect) -> Executable:
    """INSERT that leaves a row alone that is already there."""
    if not dialect.has_on_conflict:
        return insert(table).prefix_with("IGNORE").values(_binds(table))
    if dialect.name == "sqlite":
        return sqlite.insert(table).values(_binds(table)).on_conflict_do_nothing()
    return postgresql.insert(table).values(_binds(table)).on_conflict_do_nothing()


def _upsert(table: Table, dialect: Dialect) -> Executable:
    """INSERT that replaces the row with the same primary key."""
    keys = [column.key for column in table.primary_key]
    others = [column.key for column in table.c if column.key not in keys]
    if not dialect.has_on_conflict:
        made = mysql.insert(table).values(_binds(table))
        return made.on_duplicate_key_update({name: made.inserted[name] for name in others})
    if dialect.name == "sqlite":
        lite = sqlite.insert(table).values(_binds(table))
        return lite.on_conflict_do_update(
            index_elements=keys, set_={name: lite.excluded[name] for name in others}
        )
    big = postgresql.insert(table).values(_binds(table))
    return big.on_conflict_do_update(index_elements=keys, set_={name: big.excluded[name] for name in others})
