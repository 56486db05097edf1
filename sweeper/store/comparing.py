"""Comparisons and orders of filters on columns as SQL, for runs and for models alike."""

from __future__ import annotations

import operator as operators
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, func, not_
from sqlalchemy.sql.elements import ColumnElement

from sweeper.store.filters import Comparison, Order

COMPARE = {
    "=": operators.eq, "!=": operators.ne, ">": operators.gt,
    ">=": operators.ge, "<": operators.lt, "<=": operators.le,
}  # fmt: skip


def on_column(column: ColumnElement[Any], node: Comparison) -> ColumnElement[bool]:
    if node.operator == "IS NULL":
        return column.is_(None)
    if node.operator == "IS NOT NULL":
        return column.is_not(None)
    if isinstance(node.value, float):
        found: ColumnElement[bool] = COMPARE[node.operator](column, node.value)
        return found
    return on_text(column, node)


def on_text(column: ColumnElement[Any], node: Comparison) -> ColumnElement[bool]:
    if isinstance(node.value, tuple):
        held = among(column, node.value)
        return held if node.operator == "IN" else not_(held)
    text = str(node.value)
    if node.operator == "LIKE":
        return column.like(text.replace("/", "//"), escape="/")
    if node.operator == "ILIKE":
        return func.lower(column).like(func.lower(text.replace("/", "//")), escape="/")
    found: ColumnElement[bool] = COMPARE[node.operator](column, text)
    return found


def missing_last(column: ColumnElement[Any]) -> ColumnElement[int]:
    return case((column.is_(None), 1), else_=0)


def turned(column: ColumnElement[Any], order: Order) -> ColumnElement[Any]:
    return column.desc() if order.descending else column.asc()


def among(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    return column.in_([bindparam(None, value, type_=column.type, unique=True) for value in values])
