"""Clauses that statements share: lists of any length, parameters by column, inserts that meet a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Executable, Table, bindparam, insert
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import Select

from sweeper.store.dialects import Dialect


def listed(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """``column IN (...)`` with a parameter for a list: "run_id" gives "run_id_in"."""
    return column.in_([bindparam(f"{column.key}_in", type_=column.type)])


def locked(query: Select[Any], dialect: Dialect) -> Select[Any]:
    """The rows in the order of their keys, locked until the transaction ends, where the database locks rows."""
    key = next(iter(query.selected_columns))
    return query.order_by(key).with_for_update() if dialect.has_row_locks else query


def binds(table: Table, names: Iterable[str] | None = None) -> dict[str, BindParameter[Any]]:
    wanted = names if names is not None else [column.key for column in table.c]
    return {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in wanted}


def ignore(table: Table, dialect: Dialect) -> Executable:
    """INSERT that leaves a row alone that is already there."""
    if not dialect.has_on_conflict:
        return insert(table).prefix_with("IGNORE").values(binds(table))
    if dialect.name == "sqlite":
        return sqlite.insert(table).values(binds(table)).on_conflict_do_nothing()
    return postgresql.insert(table).values(binds(table)).on_conflict_do_nothing()


def upsert(table: Table, dialect: Dialect) -> Executable:
    """INSERT that replaces the row with the same primary key."""
    keys = [column.key for column in table.primary_key]
    others = [column.key for column in table.c if column.key not in keys]
    if not dialect.has_on_conflict:
        made = mysql.insert(table).values(binds(table))
        return made.on_duplicate_key_update({name: made.inserted[name] for name in others})
    if dialect.name == "sqlite":
        lite = sqlite.insert(table).values(binds(table))
        return lite.on_conflict_do_update(index_elements=keys, set_={name: lite.excluded[name] for name in others})
    big = postgresql.insert(table).values(binds(table))
    return big.on_conflict_do_update(index_elements=keys, set_={name: big.excluded[name] for name in others})
