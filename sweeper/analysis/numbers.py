"""Numbers and durations as a person reads them."""

from __future__ import annotations

import json
import math
from typing import Any

LARGEST = 1.79e308  #: from here on rounding may overflow


def number(value: float | None) -> str:
    """Return four significant digits; whole digits below a billion are never rounded away. ``-`` for None."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else _short(f"{value:.4g}")
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if 1000 <= abs(value) < 1e9:
        return f"{value:.0f}"
    return _short(f"{value:.4g}" if abs(value) < LARGEST else repr(value))


def _short(text: str) -> str:
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


def value_text(value: Any) -> str:
    """Return the value of a parameter on one line, as YAML would write it."""
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return number(value)
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def duration(seconds: float | None) -> str:
    """Return a time span in its two largest units: ``0.42 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
    if seconds is None or not math.isfinite(seconds):
        return "-"
    if seconds < 10:
        return f"{max(0.0, seconds):.2g} s"
    whole = round(seconds)
    for unit, size, lesser, part in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {unit}" + (f" {rest} {lesser}" if rest else "")
    return f"{whole} s"


def forecast_text(seconds: float, late: float | None) -> str:
    """``about 38 min left, 95 % before 51 min``; "" when it is a matter of seconds that no longer count."""
    if round(seconds) <= 0:
        return ""
    middle, bound = duration(round(seconds)), "" if late is None else duration(round(late))
    return f"about {middle} left" + (f", 95 % before {bound}" if bound not in ("", middle) else "")


def count(amount: int, noun: str) -> str:
    """Return ``1 trial``, ``2 trials``, ``10,000 trials``."""
    return f"{amount:,} {noun}" + ("" if amount == 1 else "s")
