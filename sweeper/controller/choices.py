"""What a sweep decided before it began, and why, as its run keeps it and as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping

REASON = "sweeper.method.reason"  #: why ``method: auto`` chose its sampler
WARM_START = "sweeper.warm_start"  #: what was taken of past sweeps
NOTES = "sweeper.warm_start.notes"  #: what else a person should know of them, a line each
GUARD = "sweeper.warm_start.guard"  #: that the past misled, once that is known


def method_text(method: str, tags: Mapping[str, str]) -> str:
    """Return "tpe (auto: why)" for a sweep's method and its run's tags."""
    return method + (f" (auto: {why})" if (why := tags.get(REASON)) else "")


def warm_facts(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a run's tags say of its warm start, and of its guard where that spoke: names and values."""
    return [(name, tags[key]) for name, key in (("warm start", WARM_START), ("prior off", GUARD)) if key in tags]
