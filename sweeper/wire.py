"""Events as JSON, both ways: ``["PointsLogged", {...}]``. NaN and infinities travel as JSON's common extension.

A decoder is compiled once per class from its type hints, so a record comes back equal to what was sent.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sweeper import events
from sweeper.events import Event
from sweeper.records import Point

CLASSES: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}

Decoder = Callable[[Any], Any]


def encode(event: Event) -> list[Any]:
    """Return ``event`` as plain JSON values."""
    if type(event) is events.PointsLogged:
        rows = [(p.key, p.value, p.step, p.time) for p in event.points]
        return ["PointsLogged", {"run_id": event.run_id, "points": rows, "attempt": event.attempt}]
    return [type(event).__name__, plain(event)]


def decode(data: list[Any]) -> Event:
    """Return the event that :func:`encode` wrote. Raises ValueError for anything else."""
    try:
        name, content = data
        event: Event = _decoder(CLASSES[name])(content)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"not an event of this version: {str(data)[:200]}") from error
    return event


def restore(kind: Any, data: Any) -> Any:
    """Return the value of type ``kind`` (a class or a type hint) whose plain form travelled as ``data``.

    Raises ValueError for anything else.
    """
    try:
        return _decoder(kind)(data)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"not a {kind}: {str(data)[:200]}") from error


def dumps(value: Any) -> bytes:
    """Return compact JSON in UTF-8; lone surrogates survive as escapes."""
    return json.dumps(value, separators=(",", ":"), default=plain).encode("ascii")


def plain(value: Any) -> Any:
    """Return a record, or lists and dicts of them, as plain JSON values."""
    if isinstance(value, Point):
        return (value.key, value.value, value.step, value.time)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value


@cache
def _decoder(kind: Any) -> Decoder:
    """Return the function that turns JSON values into ``kind``."""
    if kind is Point:
        return lambda row: Point(row[0], float(row[1]), row[2], row[3])
    if is_dataclass(kind) and isinstance(kind, type):
        return _record_decoder(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union_decoder(arguments)
    if origin is tuple and arguments[1:] != (...,):
        parts = [_decoder(argument) for argument in arguments]
        return lambda row: tuple(part(value) for part, value in zip(parts, row, strict=True))
    if origin in (tuple, list, Sequence):
        item, gather = _decoder(arguments[0]), tuple if origin is tuple else list
        return lambda rows: gather(item(row) for row in rows)
    if origin in (dict, Mapping):
        held = _decoder(arguments[1])
        return lambda rows: {key: held(row) for key, row in rows.items()}
    if kind is float:
        return float
    return lambda value: value


def _record_decoder(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(kind)}

    def decode_record(content: Any) -> Any:
        return kind(**{name: decoders[name](value) for name, value in content.items()})

    return decode_record


def _union_decoder(arguments: tuple[Any, ...]) -> Decoder:
    choices = [kind for kind in arguments if kind is not type(None)]
    optional = len(choices) < len(arguments)
    decoders = [_decoder(kind) for kind in choices]

    def decode_union(value: Any) -> Any:
        if value is None and optional:
            return None
        for decoder in decoders[:-1]:
            try:
                return decoder(value)
            except ValueError:
                continue
        return decoders[-1](value)

    return decode_union
