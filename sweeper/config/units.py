"""Durations and sizes as people write them: ``90s``, ``1.5h``, ``1h30m``; ``2GB``, ``512MiB``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
BYTES = {
    "B": 1,
    **{letter + end: 1000**power for power, letter in enumerate("KMGT", 1) for end in ("", "B")},
    **{letter + end: 1024**power for power, letter in enumerate("KMGT", 1) for end in ("i", "iB")},
}

_PART = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*([A-Za-z]+)")


def parse_duration(value: object) -> float:
    """Return seconds. A bare number is seconds. Raises ValueError with a sentence."""
    return _measure(value, SECONDS, "a duration above zero, such as 90s, 10m, 1.5h, 2d or a number of seconds")


def parse_memory(value: object) -> int:
    """Return bytes. A bare number is bytes; GB counts in thousands, GiB in 1024s. Raises ValueError."""
    return round(_measure(value, BYTES, "an amount of memory above zero, such as 512MB, 2GiB or a number of bytes"))


def _measure(value: object, units: Mapping[str, float], allowed: str) -> float:
    refused = ValueError(f"must be {allowed}, got {value!r}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        total = float(value)
    elif isinstance(value, str):
        total = _sum_of_parts(value, units, refused)
    else:
        raise refused
    if not (math.isfinite(total) and total > 0):
        raise refused
    return total


def _sum_of_parts(text: str, units: Mapping[str, float], refused: ValueError) -> float:
    folded = {unit.casefold(): size for unit, size in units.items()}
    total, position, text = 0.0, 0, text.strip()
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or part[2].casefold() not in folded:
            raise refused
        total += float(part[1]) * folded[part[2].casefold()]
        position = part.end()
    return total
