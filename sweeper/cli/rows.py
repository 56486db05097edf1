"""Trials as rows with named cells: what ``trials`` filters, sorts, shows and saves."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sweeper.errors import NotFound, SpaceError, UsageError
from sweeper.records import Goal, TrialRecord

NAN = float("nan")
QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")


@dataclass(frozen=True, slots=True)
class Row:
    """One trial; ``cells`` has each parameter and metric under its name, and under ``params.`` or ``metrics.``."""

    trial: TrialRecord
    cells: Mapping[str, Any]


def rows_of(trials: Sequence[TrialRecord], goals: Sequence[Goal]) -> list[Row]:
    return [Row(trial, _cells(trial, goals)) for trial in trials]


def seconds_of(trial: TrialRecord) -> float | None:
    """How long a trial ran, or None while it has not ended."""
    return None if trial.started is None or trial.ended is None else trial.ended - trial.started


def select(rows: Sequence[Row], where: str | None) -> list[Row]:
    """Return the rows for which the condition holds. A cell that a row lacks compares as not equal to anything.

    The grammar is that of a sweep file's constraints, e.g. ``accuracy > 0.9 and kernel == 'rbf'``; a single ``=``
    and AND, OR, NOT are understood too. Raises UsageError saying what is not understood.
    """
    if where is None or not rows:
        return list(rows)
    from sweeper.space import parse_constraint

    names = _names(rows)
    try:
        condition = parse_constraint(_spelled(where), names)
    except SpaceError as error:
        raise UsageError(f"--where: {str(error).removeprefix('constraint ')}") from None
    lacking = dict.fromkeys(condition.names, NAN)
    return [row for row in rows if condition.holds({**lacking, **row.cells})]


def ordered(rows: Sequence[Row], by: str | None, goals: Sequence[Goal]) -> list[Row]:
    """Return the rows sorted: a goal's metric or ``value`` the best first, anything else ascending.

    ``-NAME`` turns the order round. Rows without that cell come last.
    """
    if by is None:
        return list(rows)
    name = by.removeprefix("-")
    if rows and name not in (names := _names(rows)):
        raise NotFound("column", name, names)
    directions = {goal.name: goal.direction for goal in goals} | {"value": goals[0].direction if goals else "minimize"}
    backwards = (directions.get(name.removeprefix("metrics.")) == "maximize") != by.startswith("-")
    there = [row for row in rows if not _missing(row.cells.get(name))]
    there.sort(key=lambda row: _rank(row.cells[name]), reverse=backwards)
    return there + [row for row in rows if _missing(row.cells.get(name))]


def _cells(trial: TrialRecord, goals: Sequence[Goal]) -> dict[str, Any]:
    cells: dict[str, Any] = {f"metrics.{name}": value for name, value in trial.metrics.items()}
    cells |= {f"params.{name}": value for name, value in trial.params.items()}
    cells |= {**trial.metrics, **trial.params}
    for goal, value in zip(goals, trial.values or (), strict=False):
        cells[f"metrics.{goal.name}"] = cells.setdefault(goal.name, value)
    cells |= {"number": trial.number, "state": str(trial.state), "attempts": trial.attempts}
    cells["seconds"] = seconds_of(trial)
    cells["failure"] = str(trial.failure.kind) if trial.failure else None
    if len(goals) == 1:
        cells["value"] = trial.values[0] if trial.values else NAN
    return {name: NAN if value is None and name == "seconds" else value for name, value in cells.items()}


def _names(rows: Sequence[Row]) -> list[str]:
    names = dict.fromkeys(name for row in rows for name in row.cells)
    return sorted(names, key=lambda name: (name.startswith(("params.", "metrics.")), name))


def _spelled(where: str) -> str:
    """SQL's and MLflow's spelling as the grammar has it; quoted text is left alone."""
    parts = QUOTED.split(where)
    for i in range(0, len(parts), 2):
        text = re.sub(r"(?<![<>=!])=(?!=)", "==", parts[i])
        parts[i] = re.sub(r"\b(AND|OR|NOT|IN)\b", lambda match: match[0].lower(), text).replace("<>", "!=")
    return "".join(parts)


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers before text, text before anything else."""
    if isinstance(value, int | float):
        return (0, value)
    return (1, value) if isinstance(value, str) else (2, repr(value))
