"""The values of a sweep file: each type with the sentence for what does not fit it, and its JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Integral, Real
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sweeper.config.units import parse_duration, parse_memory
from sweeper.config.wording import shown


def whole(least: int) -> Callable[[object], int]:
    """Return a check for whole numbers from ``least`` on."""
    allowed = {0: " of 0 or more", 1: " of 1 or more"}.get(least, "")

    def check(value: object) -> int:
        number = None
        if isinstance(value, Integral | float) and not isinstance(value, bool) and float(value).is_integer():
            number = int(value)
        if number is None or number < least:
            raise ValueError(f"must be a whole number{allowed}, got {shown(value)}{_quoted(value)}")
        return number

    return check


count = whole(0)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"must be a number, got {shown(value)}{_quoted(value)}")
    return float(value)


def _amount(value: object) -> float:
    number = _number(value)
    if number < 0:
        raise ValueError(f"must be a number of 0 or more, got {value!r}")
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        hint = "" if isinstance(value, dict | list) else "; put it in quotes"
        raise ValueError(f"must be text, got {shown(value)}{hint}")
    if not value.strip():
        raise ValueError("is empty; give it a value or remove the key")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, got {shown(value)}")
    return value


def _mapping(value: object) -> object:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping (key: value), got {shown(value)}")
    if odd := [key for key in value if not isinstance(key, str)]:
        raise ValueError(f"the key {odd[0]!r} is not text; put it in quotes")
    return value


def _quoted(value: object) -> str:
    return "; remove the quotes" if isinstance(value, str) and value.strip().lstrip("-").isdigit() else ""


def _schema(**keywords: Any) -> WithJsonSchema:
    return WithJsonSchema(keywords)


Text = Annotated[str, BeforeValidator(_text), _schema(type="string", minLength=1)]
Flag = Annotated[bool, BeforeValidator(_flag), _schema(type="boolean")]
Number = Annotated[float, BeforeValidator(_number), _schema(type="number")]
Amount = Annotated[float, BeforeValidator(_amount), _schema(type="number", minimum=0)]
Whole = Annotated[int, BeforeValidator(whole(-(2**63))), _schema(type="integer")]
Count = Annotated[int, BeforeValidator(count), _schema(type="integer", minimum=0)]
Positive = Annotated[int, BeforeValidator(whole(1)), _schema(type="integer", minimum=1)]
Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    _schema(
        description="90s, 10m, 1.5h, 2d; a bare number is seconds",
        anyOf=[{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^[\d.]"}],
    ),
]
Memory = Annotated[
    int,
    BeforeValidator(parse_memory),
    _schema(
        description="512MB, 2GiB; a bare number is bytes",
        anyOf=[{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^[\d.]"}],
    ),
]
Anything = Annotated[dict[str, Any], BeforeValidator(_mapping)]
TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
