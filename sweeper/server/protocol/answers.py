"""Answers as proto3's JSON: compact, absent fields left out, NaN and infinities as text, times in milliseconds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

Answer = dict[str, Any]


def number(value: float) -> float | str:
    """Return a float as JSON can hold it."""
    if math.isfinite(value):
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def pairs(values: Mapping[str, str]) -> list[Answer]:
    """Return tags or params as a list of keys and values."""
    return [{"key": key, "value": value} for key, value in values.items()]


def message(**values: Any) -> Answer:
    """Return a message without its absent and empty fields."""
    return {name: value for name, value in values.items() if value is not None and value != [] and value != {}}


def body(answer: Answer) -> bytes:
    return json.dumps(answer, separators=(",", ":"), allow_nan=False).encode("ascii")
