"""Filters and orders over things that are few enough to look at one by one: experiments, logged models."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sweeper.store.filters import Comparison, Every, Node, Words, parse, parse_order

T = TypeVar("T")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_NOTHING: Mapping[str, Any] = {}


def _nothing(_: Any) -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True)
class ListedAs:
    """What of a thing can be named in a filter: attributes that are text or numbers, tags, params, metrics."""

    noun: str
    texts: Mapping[str, Callable[[Any], str | None]]
    numbers: Mapping[str, Callable[[Any], float | None]] = field(default_factory=dict)
    tags: Callable[[Any], Mapping[str, str]] = _nothing
    params: Callable[[Any], Mapping[str, str]] = _nothing
    metrics: Callable[[Any], Mapping[str, float]] = _nothing
    also: Mapping[str, str] = field(default_factory=dict)

    def words(self) -> Words:
        entities: dict[str, Any] = {"attribute": "attribute", "attributes": "attribute", "attr": "attribute"}
        for name, given in (("tag", self.tags), ("param", self.params), ("metric", self.metrics)):
            if given is not _nothing:
                entities |= {name: name, f"{name}s": name}
        return Words(self.noun, entities, tuple(self.numbers), tuple(self.texts), self.also)

    def value(self, thing: Any, entity: str, key: str) -> Any:
        """Return what a thing has under a name; None when it has nothing."""
        if entity == "attribute":
            return (self.numbers.get(key) or self.texts[key])(thing)
        return {"tag": self.tags, "param": self.params, "metric": self.metrics}[entity](thing).get(key)


def select_and_order(
    things: Sequence[T], known: ListedAs, where: str, order_by: Sequence[str], *, default: Sequence[str], last: str
) -> list[T]:
    """Return the things that match, in order. ``default`` is the order when none is asked; ``last`` breaks ties."""
    words = known.words()
    node = parse(where, words) if where else None
    found = [thing for thing in things if node is None or holds(node, known, thing)]
    orders = parse_order([*(order_by or default)], words)
    for order in [*parse_order([last], words), *reversed(orders)]:
        values = {id(thing): known.value(thing, order.entity, order.key) for thing in found}
        present = [thing for thing in found if not _missing(values[id(thing)])]
        absent = [thing for thing in found if _missing(values[id(thing)])]
        present.sort(key=lambda thing: values[id(thing)], reverse=order.descending)  # used at once
        found = present + absent
    return found


def holds(node: Node, known: ListedAs, thing: Any) -> bool:
    """Return whether a thing matches; a comparison with something it does not have is false."""
    if not isinstance(node, Comparison):
        parts = (holds(part, known, thing) for part in node.parts)
        return all(parts) if isinstance(node, Every) else any(parts)
    found = known.value(thing, node.entity, node.key)
    if node.operator in ("IS NULL", "IS NOT NULL"):
        return (found is None) == (node.operator == "IS NULL")
    if found is None:
        return False
    if node.operator in ("IN", "NOT IN"):
        assert isinstance(node.value, tuple)
        return (found in node.value) == (node.operator == "IN")
    if node.operator in ("LIKE", "ILIKE"):
        return _like(str(found), str(node.value), ignore_case=node.operator == "ILIKE")
    return _COMPARE[node.operator](found, node.value)


def _like(text: str, pattern: str, *, ignore_case: bool) -> bool:
    parts = {"%": ".*", "_": "."}
    regex = "".join(parts.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(regex, text, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
