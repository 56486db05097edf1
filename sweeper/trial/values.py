"""What a user may log or return, turned into plain numbers and texts or refused in a sentence."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any

from sweeper.errors import UsageError
from sweeper.records import Failure, FailureClass, Goal, Outcome, RunState

_SHOWN = 80


class InvalidValue(UsageError):
    """A value that is not a metric."""


def number(value: Any, name: str) -> float:
    """Return ``value`` as a float: Python and NumPy numbers, Decimal, bools and one-element arrays; NaN allowed.

    Raises InvalidValue for text, None, complex numbers, arrays of another size and ints beyond a float.
    """
    if type(value) is float:
        return value
    if not isinstance(value, (str, bytes, bytearray, complex)) and value is not None:
        try:
            if isinstance(value, numbers.Number) or hasattr(value, "__float__") or getattr(value, "size", 0) == 1:
                return float(value.item() if hasattr(value, "item") else value)
        except (TypeError, ValueError):
            pass
        except OverflowError as error:
            raise InvalidValue(f"metric {name!r} is {shown(value)}, too large for a float") from error
    raise InvalidValue(f"metric {name!r} must be a number, not {shown(value)} ({type(value).__name__})")


def text(value: Any) -> str:
    """Return a parameter or tag as text, as MLflow does: ``str(value)``."""
    return value if isinstance(value, str) else str(value)


def shown(value: Any) -> str:
    """Return a short ``repr`` for a message; never raises."""
    try:
        short = repr(value)
    except Exception as error:
        short = f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    return short if len(short) <= _SHOWN else short[: _SHOWN - 3] + "..."


def outcome(returned: Any, goals: Sequence[Goal]) -> Outcome:
    """Return how a trial ended whose objective returned ``returned``.

    A plain number is the value of a single goal; a mapping holds metrics by name and must hold every goal; a
    sequence holds one number per goal. Anything else, and a goal that is NaN or infinite, fails the trial
    with class ``invalid-value``; metrics that could be read are kept.
    """
    metrics: dict[str, float] = {}
    try:
        for name, value in _named(returned, goals).items():
            metrics[name] = number(value, name)
        values = tuple(_goal(metrics, goal, returned) for goal in goals)
    except InvalidValue as error:
        failure = Failure(FailureClass.INVALID_VALUE, str(error))
        return Outcome(RunState.FAILED, failure=failure, metrics=metrics)
    return Outcome(RunState.COMPLETE, values=values, metrics=metrics)


def _named(returned: Any, goals: Sequence[Goal]) -> Mapping[str, Any]:
    if isinstance(returned, Mapping):
        if wrong := [key for key in returned if not isinstance(key, str)]:
            raise InvalidValue(f"the objective returned a mapping with the key {shown(wrong[0])}; names are text")
        return returned
    if len(goals) == 1 and not isinstance(returned, (tuple, list)):
        if returned is None:
            raise InvalidValue(f"the objective returned None; return {goals[0].name!r} as a number or in a dict")
        return {goals[0].name: returned}
    if isinstance(returned, (tuple, list)) and len(returned) == len(goals):
        return {goal.name: value for goal, value in zip(goals, returned, strict=True)}
    names = ", ".join(repr(goal.name) for goal in goals)
    raise InvalidValue(f"the objective returned {shown(returned)}; return a dict with {names}")


def _goal(metrics: Mapping[str, float], goal: Goal, returned: Any) -> float:
    if goal.name not in metrics:
        found = ", ".join(repr(name) for name in list(metrics)[:8]) or "nothing"
        raise InvalidValue(f"the objective returned no {goal.name!r}, the metric of this sweep; it returned {found}")
    value = metrics[goal.name]
    if not math.isfinite(value):
        raise InvalidValue(f"metric {goal.name!r} is {value}; the goal of a sweep must be finite")
    return value
