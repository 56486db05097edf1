"""What a user may log or return, turned into plain numbers and texts or refused in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sweeper.errors import SweeperError, UsageError
from sweeper.records import Failure, FailureClass, Goal, Outcome, RunState
from sweeper.store.names import check_key, metric_value, param_text, shown, step_value


class InvalidValue(UsageError):
    """A value that is not a metric."""


class CommandFailed(SweeperError):
    """A command ended badly: ``failure`` has its class, exit code or signal, and its last lines."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.message)


def number(value: Any, name: str) -> float:
    """Return ``value`` as the float of a metric, by the rules of the store. Raises InvalidValue."""
    if type(value) is float:
        return value
    try:
        return metric_value(name, value)
    except UsageError as error:
        raise InvalidValue(str(error)) from None


def step_number(value: Any, name: str) -> int:
    """Return a step as an int of 64 bits, by the rules of the store. Raises InvalidValue."""
    try:
        return step_value(name, value)
    except UsageError as error:
        raise InvalidValue(str(error)) from None


def printable(content: str) -> str:
    """Return text that every database keeps: NUL characters and lone surrogates as escapes."""
    return content.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def text(value: Any) -> str:
    """Return a parameter or tag as text, as MLflow does: ``str(value)``; lists and dicts as JSON where they can be."""
    if type(value) in (list, dict):
        try:
            return param_text("", value)
        except (TypeError, ValueError, RecursionError, UsageError):
            pass
    return value if isinstance(value, str) else str(value)


def sentence(error: BaseException) -> str:
    """Return the class and the text of an exception; never raises."""
    try:
        said = str(error)
    except Exception as broken:
        said = f"(its text cannot be had: {type(broken).__name__})"
    name = type(error).__name__
    return f"{name}: {said}"[:2000] if said else name


def outcome(returned: Any, goals: Sequence[Goal]) -> Outcome:
    """Return how a trial ended whose objective returned ``returned``.

    A plain number is the value of a single goal; a mapping holds metrics by name and must hold every goal; a
    sequence holds one number per goal. Anything else, and a goal that is NaN or infinite, fails the trial
    with class ``invalid-value``; metrics that could be read are kept.
    """
    metrics: dict[str, float] = {}
    wrong: list[str] = []
    try:
        for name, value in _named(returned, goals).items():
            try:
                metrics[check_key(name, "metric")] = number(value, name)
            except UsageError as error:
                wrong.append(str(error))
        if not wrong:
            return Outcome(RunState.COMPLETE, values=tuple(_goal(metrics, goal) for goal in goals), metrics=metrics)
    except InvalidValue as error:
        wrong.append(str(error))
    return Outcome(RunState.FAILED, failure=Failure(FailureClass.INVALID_VALUE, "; ".join(wrong)), metrics=metrics)


def _named(returned: Any, goals: Sequence[Goal]) -> Mapping[str, Any]:
    if isinstance(returned, Mapping):
        return returned
    if len(goals) == 1 and not isinstance(returned, (tuple, list)):
        if returned is None:
            raise InvalidValue(f"the objective returned None; return {goals[0].name!r} as a number or in a dict")
        return {goals[0].name: returned}
    if isinstance(returned, (tuple, list)) and len(returned) == len(goals):
        return {goal.name: value for goal, value in zip(goals, returned, strict=True)}
    names = ", ".join(repr(goal.name) for goal in goals)
    raise InvalidValue(f"the objective returned {shown(returned)}; return a dict with {names}")


def _goal(metrics: Mapping[str, float], goal: Goal) -> float:
    if goal.name not in metrics:
        found = ", ".join(repr(name) for name in list(metrics)[:8]) or "nothing"
        raise InvalidValue(f"the objective returned no {goal.name!r}, the metric of this sweep; it returned {found}")
    value = metrics[goal.name]
    if not math.isfinite(value):
        raise InvalidValue(f"metric {goal.name!r} is {value}; the goal of a sweep must be finite")
    return value
