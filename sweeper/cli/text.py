"""Words for people: numbers and durations as the report has them, ages, and text that cannot do harm."""

from __future__ import annotations

from typing import Any

from sweeper.analysis import numbers
from sweeper.analysis.inert import block, inert
from sweeper.analysis.numbers import duration, forecast_text, number

__all__ = [
    "ago",
    "block",
    "clock",
    "duration",
    "forecast_text",
    "inert",
    "number",
    "params_text",
    "plural",
    "tail",
    "value_text",
    "values_text",
]

TAIL = 8  #: so many characters of an id are shown


def tail(run_id: str) -> str:
    """The end of an id: a UUIDv7 begins with the clock, so neighbours differ only there."""
    return run_id[-TAIL:]


def value_text(value: Any) -> str:
    """A parameter's value on one line, as YAML would write it."""
    return inert(numbers.value_text(value))


def params_text(params: dict[str, Any]) -> str:
    """Parameters on one line: ``depth=4 kind=rbf``."""
    return " ".join(f"{inert(name)}={value_text(value)}" for name, value in params.items())


def values_text(values: tuple[float, ...] | list[float] | float | None) -> str:
    """The value of a trial: one number, or one per goal."""
    if values is None:
        return "-"
    if isinstance(values, int | float):
        return number(values)
    return ", ".join(number(value) for value in values) or "-"


def clock(seconds: float) -> str:
    """A running clock: ``0:07``, ``12:30``, ``1:02:03``."""
    hours, rest = divmod(int(max(0.0, seconds)), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def ago(then: float | None, now: float) -> str:
    """How long ago: ``now``, ``5 min ago``, ``3 h ago``, ``12 d ago``."""
    if then is None:
        return "-"
    seconds = now - then
    if seconds < 5:
        return "now"
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "now"


def plural(count: int, noun: str) -> str:
    """``1 trial``, ``2 trials``."""
    return f"{count} {noun}" + ("" if count == 1 else "s")
