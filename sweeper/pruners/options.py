"""Checking the options of a rule, each with a sentence."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

from sweeper.errors import UsageError, suggest


def check_names(kind: str, given: dict[str, Any], known: list[str]) -> None:
    """Raise UsageError for an option that the rule does not have."""
    for name in given:
        raise UsageError(f"early_terminate {kind} has no option {name!r}; {suggest(name, known)}")


def whole(kind: str, name: str, value: object, least: int) -> None:
    """Raise UsageError for an option that is no whole number, or below its least value."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UsageError(f"early_terminate {kind}: {name} must be a whole number of {least} or more, not {value!r}")


def at_least(kind: str, name: str, value: object, least: float) -> None:
    """Raise UsageError for an option below its least value."""
    if not (is_number(value) and value >= least):
        raise UsageError(f"early_terminate {kind}: {name} must be a number of at least {least:g}, not {value!r}")


def above(kind: str, name: str, value: object, limit: float) -> None:
    """Raise UsageError for an option that is not above a limit, or not finite."""
    if not (is_number(value) and limit < value < math.inf):
        raise UsageError(f"early_terminate {kind}: {name} must be a number above {limit:g}, not {value!r}")


def is_number(value: object) -> TypeGuard[float]:
    """Is it a number, and not NaN?"""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
