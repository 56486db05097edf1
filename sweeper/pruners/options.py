"""Checking the options of a rule, each with a sentence."""

from __future__ import annotations

from typing import Any

from sweeper.errors import UsageError, suggest


def check_names(kind: str, given: dict[str, Any], known: list[str]) -> None:
    """Raise UsageError for an option that the rule does not have."""
    for name in given:
        raise UsageError(f"early_terminate {kind} has no option {name!r}; {suggest(name, known)}")


def at_least(kind: str, name: str, value: object, least: float) -> None:
    """Raise UsageError for an option below its least value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= least:
        raise UsageError(f"early_terminate {kind}: {name} must be a number of at least {least:g}, not {value!r}")


def above(kind: str, name: str, value: object, limit: float) -> None:
    """Raise UsageError for an option that is not above a limit."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > limit:
        raise UsageError(f"early_terminate {kind}: {name} must be a number above {limit:g}, not {value!r}")
