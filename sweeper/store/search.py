"""Filters and orders as SQL with bound values, the same on every database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, exists, func, literal, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from sweeper.errors import UsageError
from sweeper.records import RunState, SweepState
from sweeper.store import floats
from sweeper.store.comparing import COMPARE, among, missing_last, on_column, on_text, turned
from sweeper.store.dialects import Dialect
from sweeper.store.filters import Comparison, Every, Node, Order, parse, parse_order
from sweeper.store.statements import EpochNow, engine_dialect
from sweeper.store.tables import metrics, params, runs, status, sweeps, tags
from sweeper.store.tracking_statements import DatasetContext
from sweeper.store.tracking_tables import inputs

#: MLflow's words for our states.
RUN_STATUS = {
    "queued": "SCHEDULED", "running": "RUNNING", "complete": "FINISHED",
    "pruned": "KILLED", "failed": "FAILED", "cancelled": "KILLED",
}  # fmt: skip
SWEEP_STATUS = {
    "running": "RUNNING", "paused": "RUNNING", "interrupted": "SCHEDULED", "stopped": "FINISHED",
    "finished": "FINISHED", "cancelled": "KILLED", "failed": "FAILED",
}  # fmt: skip
WORDS = {
    "state": sorted({*map(str, RunState), *map(str, SweepState)}),
    "status": sorted({*RUN_STATUS.values(), *SWEEP_STATUS.values()}),
    "kind": ["sweep", "trial", "run"],
}
#: tags of MLflow that are columns here
TAG_COLUMNS: dict[str, ColumnElement[Any]] = {"mlflow.parentRunId": runs.c.parent_id, "mlflow.runName": runs.c.name}

_SPECIAL = {floats.INFINITE: float("inf"), floats.NEGATIVE_INFINITE: float("-inf")}


def compile_search(
    dialect: Dialect,
    where: str | None,
    order_by: Sequence[str],
    *,
    experiments: Sequence[int] | None,
    kinds: Sequence[str] | None,
    limit: int | None,
    offset: int,
    deleted: bool | None = False,
    latest: Sequence[str] = (),
) -> tuple[str, list[Any]]:
    """Return SQL text and values of the query for the ids of matching runs. Raises UsageError.

    ``deleted``: only deleted runs, only others, or (None) all. ``latest`` is the order of equals.
    """
    query = select(runs.c.id).select_from(runs)
    if deleted is not None:
        query = query.where(runs.c.deleted == int(deleted))
    node = parse(where) if where else None
    if experiments is not None:
        # + 0 takes no index: the children of one parent are fewer than the runs of an experiment
        column = runs.c.experiment_id + 0 if node is not None and _has_parent(node) else runs.c.experiment_id
        query = query.where(among(column, experiments))
    if kinds is not None:
        query = query.where(among(runs.c.kind, kinds))
    if node is not None:
        query = query.where(condition(node))
    named = [f"{order.entity}.`{order.key}`" for order in parse_order(order_by)]
    ties = [order for order in parse_order(latest) if f"{order.entity}.`{order.key}`" not in named]
    query = _ordered(query, [*parse_order(order_by), *ties])
    if limit is not None or offset:
        query = query.limit(2**31 - 1 if limit is None else limit).offset(offset)
    compiled = query.compile(dialect=engine_dialect(dialect))
    bound = compiled.params  # made anew at each look
    return str(compiled), [bound[name] for name in compiled.positiontup or ()]


def _has_parent(node: Node) -> bool:
    """Return whether a filter only takes children of one run."""
    if not isinstance(node, Comparison):
        return isinstance(node, Every) and any(map(_has_parent, node.parts))
    return node.operator == "=" and node.key in ("mlflow.parentRunId", "parent_id")


def condition(node: Node) -> ColumnElement[bool]:
    """Return the SQL of a filter."""
    if isinstance(node, Comparison):
        return _comparison(node)
    parts = [condition(part) for part in node.parts]
    return and_(*parts) if isinstance(node, Every) else or_(*parts)


def _comparison(node: Comparison) -> ColumnElement[bool]:
    if node.entity == "attribute":
        _check_words(node)
        return on_column(_attribute(node.key), node)
    if node.entity == "tag" and node.key in TAG_COLUMNS:
        return on_column(TAG_COLUMNS[node.key], node)
    if node.entity == "dataset":
        return _on_datasets(node)
    table = {"metric": metrics, "param": params, "tag": tags}[node.entity]
    here = and_(table.c.run_id == runs.c.id, table.c.key == node.key)
    if node.operator == "IS NULL":
        return not_(exists().where(here))
    if node.operator == "IS NOT NULL":
        return exists().where(here)
    if node.entity == "metric":
        return exists().where(here, _on_metric(node))
    if isinstance(node.value, float):
        return exists().where(here, COMPARE[node.operator](params.c.number, node.value))
    return exists().where(here, on_text(table.c.value, node))


def _on_datasets(node: Comparison) -> ColumnElement[bool]:
    """True when one of a run's datasets fits."""
    column = DatasetContext(inputs.c.tags) if node.key == "context" else inputs.c[node.key]
    having = and_(inputs.c.run_id == runs.c.id, column.is_not(None))
    if node.operator == "IS NULL":
        return not_(exists().where(having))
    return exists().where(having) if node.operator == "IS NOT NULL" else exists().where(having, on_text(column, node))


def _on_metric(node: Comparison) -> ColumnElement[bool]:
    """NaN differs from every number and equals none; an infinity compares as itself."""
    if isinstance(node.value, tuple):
        values = [float(value) for value in node.value]
        held = and_(_finite(), among(metrics.c.value, values))
        return held if node.operator == "IN" else not_(held)
    assert isinstance(node.value, float)
    compare = COMPARE[node.operator]
    finite = and_(_finite(), compare(metrics.c.value, node.value))
    kinds = [kind for kind, special in _SPECIAL.items() if compare(special, node.value)]
    if node.operator == "!=":
        kinds.append(floats.NAN)
    return or_(finite, among(metrics.c.value_kind, kinds)) if kinds else finite


def _finite() -> ColumnElement[bool]:
    return among(metrics.c.value_kind, [floats.FINITE, floats.NEGATIVE_ZERO])


def _attribute(key: str) -> ColumnElement[Any]:
    state = case(
        (
            and_(
                runs.c.kind == "sweep",
                among(runs.c.state, ["running", "paused"]),
                not_(exists().where(status.c.sweep_id == runs.c.id, status.c.expires > EpochNow())),
            ),
            "interrupted",
        ),
        else_=runs.c.state,
    )
    beside_sweep = func.replace(sweeps.c.artifact_uri, sweeps.c.id, runs.c.id)
    own_folder = select(beside_sweep).where(sweeps.c.id == runs.c.parent_id)
    columns: dict[str, ColumnElement[Any]] = {
        "run_id": runs.c.id,
        "run_name": runs.c.name,
        "user_id": runs.c.user_id,
        "kind": runs.c.kind,
        "parent_id": runs.c.parent_id,
        "experiment_id": cast(runs.c.experiment_id, String(20)),
        "number": runs.c.number,
        "attempts": runs.c.attempts,
        "state": state,
        "status": case(
            (runs.c.kind == "sweep", case(SWEEP_STATUS, value=state)), else_=case(RUN_STATUS, value=state)
        ),
        "artifact_uri": func.coalesce(runs.c.artifact_uri, own_folder.scalar_subquery()),
        "start_time": runs.c.started * literal(1000.0),
        "end_time": runs.c.ended * literal(1000.0),
        "created": runs.c.created * literal(1000.0),
        "duration": runs.c.ended - runs.c.started,
    }
    return columns[key]


def _check_words(node: Comparison) -> None:
    words = WORDS.get(node.key)
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    if words and node.operator in ("=", "!=", "IN", "NOT IN"):
        for value in values:
            if value not in words:
                raise UsageError(f"filter: {value!r} is not a {node.key}; choose from: {', '.join(words)}")


def _ordered(query: Select[Any], orders: Sequence[Order]) -> Select[Any]:
    for order in orders:
        if order.entity == "attribute" or order.key in TAG_COLUMNS:
            column = _attribute(order.key) if order.entity == "attribute" else TAG_COLUMNS[order.key]
            query = query.order_by(missing_last(column), turned(column, order))
            continue
        table = {"metric": metrics, "param": params, "tag": tags}[order.entity].alias()
        query = query.outerjoin(table, and_(table.c.run_id == runs.c.id, table.c.key == order.key))
        if order.entity == "metric":
            last = case((table.c.value_kind.is_(None), 2), (table.c.value_kind == floats.NAN, 1), else_=0)
            query = query.order_by(last, turned(table.c.value, order))
        elif order.entity == "param":
            query = query.order_by(missing_last(table.c.value), missing_last(table.c.number))
            query = query.order_by(turned(table.c.number, order), turned(table.c.value, order))
        else:
            query = query.order_by(missing_last(table.c.value), turned(table.c.value, order))
    return query.order_by(runs.c.created.desc(), runs.c.id.desc())
