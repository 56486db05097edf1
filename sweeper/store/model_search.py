"""Filters over registered models and versions, in MLflow's grammar, as SQL with bound values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, exists, literal, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from sweeper.errors import UsageError, suggest
from sweeper.store.comparing import missing_last, on_column, on_text, turned
from sweeper.store.dialects import Dialect
from sweeper.store.filters import Comparison, Entity, Every, Node, Words, parse, parse_order
from sweeper.store.model_tables import model_tags, models, versions
from sweeper.store.statements import engine_dialect

PROMPT = "mlflow.prompt.is_prompt"  #: every client asks for models where it is not 'true': also those without it

_ENTITIES: dict[str, Entity] = {
    "tag": "tag", "tags": "tag", "attribute": "attribute", "attributes": "attribute", "attr": "attribute",
}  # fmt: skip
_TIMES = {"timestamp": "last_updated_timestamp", "creation_time": "creation_timestamp", "created": "creation_timestamp"}
MODELS = Words(
    "a registered model", _ENTITIES, ("creation_timestamp", "last_updated_timestamp"), ("name", "description"), _TIMES
)
VERSIONS = Words(
    "a model version",
    _ENTITIES,
    ("creation_timestamp", "last_updated_timestamp", "version_number"),
    ("name", "run_id", "source_path", "stage", "state", "user_id", "description"),
    {**_TIMES, "version": "version_number", "source": "source_path", "current_stage": "stage", "status": "state"},
)


def search_models(
    dialect: Dialect, where: str | None, order_by: Sequence[str], limit: int | None, offset: int
) -> tuple[str, list[Any]]:
    """Return SQL text and values of the query for the ids of matching models; by name unless ordered otherwise."""
    columns: dict[str, ColumnElement[Any]] = {
        "name": models.c.name,
        "description": models.c.description,
        "creation_timestamp": models.c.created * literal(1000.0),
        "last_updated_timestamp": models.c.updated * literal(1000.0),
    }
    here = and_(model_tags.c.model_id == models.c.id, model_tags.c.version == 0)
    query = _filtered(select(models.c.id), where, MODELS, columns, here)
    query = _ordered(query, order_by, MODELS, columns).order_by(models.c.name)
    return _compiled(query, dialect, limit, offset)


def search_versions(
    dialect: Dialect, where: str | None, order_by: Sequence[str], limit: int | None, offset: int
) -> tuple[str, list[Any]]:
    """Return SQL text and values of the query for the ids of matching versions; the latest changed first."""
    columns: dict[str, ColumnElement[Any]] = {
        "name": models.c.name,
        "run_id": versions.c.run_id,
        "source_path": versions.c.source,
        "stage": versions.c.stage,
        "state": versions.c.state,
        "user_id": versions.c.user_id,
        "description": versions.c.description,
        "version_number": versions.c.version,
        "creation_timestamp": versions.c.created * literal(1000.0),
        "last_updated_timestamp": versions.c.updated * literal(1000.0),
    }
    here = and_(model_tags.c.model_id == versions.c.model_id, model_tags.c.version == versions.c.version)
    base = select(versions.c.id).join(models, models.c.id == versions.c.model_id).where(versions.c.deleted == 0)
    query = _filtered(base, where, VERSIONS, columns, here)
    query = _ordered(query, order_by, VERSIONS, columns)
    if not order_by:
        query = query.order_by(versions.c.updated.desc())
    query = query.order_by(models.c.name, versions.c.version.desc())
    return _compiled(query, dialect, limit, offset)


def _filtered(
    query: Select[Any],
    where: str | None,
    words: Words,
    columns: Mapping[str, ColumnElement[Any]],
    here: ColumnElement[bool],
) -> Select[Any]:
    node = parse(where, words) if where else None
    return query if node is None else query.where(_condition(node, columns, here))


def _condition(node: Node, columns: Mapping[str, ColumnElement[Any]], here: ColumnElement[bool]) -> ColumnElement[bool]:
    if not isinstance(node, Comparison):
        parts = [_condition(part, columns, here) for part in node.parts]
        return and_(*parts) if isinstance(node, Every) else or_(*parts)
    if node.entity == "attribute":
        return on_column(columns[node.key], node)
    there = exists().where(here, model_tags.c.key == node.key)
    if node.operator == "IS NULL":
        return not_(there)
    if node.operator == "IS NOT NULL":
        return there
    found = exists().where(here, model_tags.c.key == node.key, on_text(model_tags.c.value, node))
    return or_(found, not_(there)) if (node.key, node.operator) == (PROMPT, "!=") else found


def _ordered(
    query: Select[Any], order_by: Sequence[str], words: Words, columns: Mapping[str, ColumnElement[Any]]
) -> Select[Any]:
    for order in parse_order(order_by, words):
        column = columns.get(order.key) if order.entity == "attribute" else None
        if column is None:
            raise UsageError(f"order {order.key!r}: {words.noun} is ordered by {suggest(order.key, sorted(columns))}")
        query = query.order_by(missing_last(column), turned(column, order))
    return query


def _compiled(query: Select[Any], dialect: Dialect, limit: int | None, offset: int) -> tuple[str, list[Any]]:
    if limit is not None or offset:
        query = query.limit(2**31 - 1 if limit is None else limit).offset(offset)
    compiled = query.compile(dialect=engine_dialect(dialect))
    bound = compiled.params  # made anew at each look
    return str(compiled), [bound[name] for name in compiled.positiontup or ()]
