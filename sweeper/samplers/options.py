"""The options of a sampler, read from the sweep file and checked: names, kinds and bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sweeper.errors import UsageError, suggest
from sweeper.records import Goal

KINDS: dict[type, str] = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its default, its kind (int, float, bool or str), its bounds (inclusive) or its choices."""

    kind: type
    default: Any
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def problem(self, value: Any) -> str:
        """Return what is wrong with ``value``, "" when nothing is. None stands for the default."""
        if value is None:
            return ""
        wanted = (int, float) if self.kind is float else (self.kind,)
        if type(value) not in wanted or value != value:
            return f"must be {KINDS[self.kind]}"
        if self.low is not None and value < self.low:
            return f"must be at least {self.low}"
        if self.high is not None and value > self.high:
            return f"must be at most {self.high}"
        if self.choices and value not in self.choices:
            return suggest(value, self.choices)
        return ""


def read_options(sampler: str, known: Mapping[str, Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every option of ``sampler`` with its value. Raises UsageError for a wrong name, kind or value."""
    for name, value in given.items():
        if name not in known:
            hint = suggest(name, known) if known else "it has no options"
            raise UsageError(f"sampler {sampler}: no option {name!r}; {hint}")
        if problem := known[name].problem(value):
            raise UsageError(f"sampler {sampler}: option {name} is {value!r}; {problem}")
    return {
        name: option.default if given.get(name) is None else option.kind(given[name])
        for name, option in known.items()
    }


def one_goal(sampler: str, goals: Sequence[Goal], instead: str = "tpe, nsga2, qmc, random or grid") -> None:
    """Raise UsageError unless there is exactly one goal."""
    if len(goals) != 1:
        names = ", ".join(goal.name for goal in goals) or "none"
        raise UsageError(f"sampler {sampler} optimises one metric, and there are {len(goals)} ({names}); use {instead}")
