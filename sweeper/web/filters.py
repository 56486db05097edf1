"""The text of a selection, the same in an address, in the API and in the page: ``lr:1e-4..1e-2;opt:adam,lion;depth:``.

Conditions are joined by ``;`` and all hold: ``name:low..high`` (either side may be missing), ``name:a,b`` (one of these
values), ``name:`` (not set). The characters ``% ; , : .`` of names and values are written as %25 and so on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.errors import UsageError
from sweeper.web.cells import Column, Floats
from sweeper.web.columns import measured, shown
from sweeper.web.grid import STATES, Grid

Bools = NDArray[np.bool_]

LONGEST, MOST_CONDITIONS = 100_000, 1000  #: characters of a filter; conditions
FACTS = ("number", "state", "start", "seconds", "cost", "dup")  #: of every trial; parameters of these names go first
TRIAL = "trial."  #: before a fact's name: the fact, whatever parameters are called
_SPECIAL = re.compile(r"[%;,:.]")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


class Span(NamedTuple):
    """Numbers from ``low`` to ``high``, both included; None: without end."""

    name: str
    low: float | None
    high: float | None


class Among(NamedTuple):
    """One of these values, as text."""

    name: str
    values: tuple[str, ...]


class Unset(NamedTuple):
    """Not set: an inactive parameter, a metric that is missing or NaN."""

    name: str


Condition = Span | Among | Unset


def parse(text: str | None) -> list[Condition]:
    """Read a filter. Raises UsageError for a part that means nothing."""
    if text and len(text) > LONGEST:
        raise UsageError(f"the filter has {len(text)} characters; at most {LONGEST} are read")
    parts = [part for part in (text or "").split(";") if part]
    if len(parts) > MOST_CONDITIONS:
        raise UsageError(f"the filter has {len(parts):,} conditions; at most {MOST_CONDITIONS:,} are read")
    return [_condition(part) for part in parts]


def format_filter(conditions: Iterable[Condition]) -> str:
    """Write conditions as :func:`parse` reads them."""
    return ";".join(map(_written, conditions))


def mask(grid: Grid, conditions: Iterable[Condition]) -> Bools:
    """Return which trials meet all conditions. One on a name that no column has is passed over, as in the page.

    Numbers are compared as the page has them, to the 7 digits that are packed: both select the same trials.
    """
    met = np.ones(len(grid), dtype=np.bool_)
    for condition in conditions:
        if (found := _column(grid, condition.name)) is not None:
            met &= _meets(condition, *found)
    return met


def ordered(grid: Grid, met: Bools, sort: str = "") -> NDArray[np.intp]:
    """Return the rows of some trials in the order of a column, ``-name``: the largest first.

    What is not set comes last, and trials of equal value by number; so do all without ``sort``. Raises UsageError for a
    name that no column has.
    """
    rows = np.flatnonzero(met)
    if not sort:
        return rows
    name = sort[1:] if sort.startswith("-") else sort
    if (found := _column(grid, name)) is None:
        known = [*(column.name for column in grid.columns), *FACTS]
        raise UsageError(f"cannot sort by {name!r}; choose from: {', '.join(known[:40])}")
    cells = _sorting(name, *found[:2])[rows]
    if sort.startswith("-"):
        cells = -cells
    return rows[np.argsort(cells, kind="stable")]


def _sorting(name: str, cells: Floats, levels: tuple[str, ...] | None) -> Floats:
    """Return what rows are sorted by: levels that are numbers by size, others as they are declared."""
    if name.removeprefix(TRIAL) == "dup":
        return np.where(cells < 0, np.nan, cells)
    if levels is None or not levels or not all(map(_NUMBER.fullmatch, levels)):
        return cells
    order = sorted(range(len(levels)), key=lambda code: float(levels[code]))
    places = np.empty(len(levels) + 1)
    places[order], places[-1] = np.arange(len(levels)), np.nan
    return np.asarray(places[np.where(np.isnan(cells), -1, cells).astype(np.intp)])


def _condition(part: str) -> Condition:
    name, colon, rest = part.partition(":")
    if not name or not colon:
        raise UsageError(
            f"the filter {part[:80]!r} has to be NAME:LOW..HIGH, NAME:VALUE,VALUE or NAME: (not set), joined by ;"
        )
    name = _plain(name)
    if not rest:
        return Unset(name)
    low, dots, high = rest.partition("..")
    if not dots:
        return Among(name, tuple(map(_plain, rest.split(","))))
    if not low and not high:
        raise UsageError(f"the filter {part[:80]!r} has no end: write a number on one side of the dots at least")
    return Span(name, _end(low, part), _end(high, part))


def _end(text: str, part: str) -> float | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise UsageError(f"the filter {part[:80]!r}: {text[:40]!r} is not a number; values with dots write them as %2E")
    return float(text)


def _written(condition: Condition) -> str:
    name = _escaped(condition.name)
    match condition:
        case Span(_, low, high):
            return f"{name}:{_number(low)}..{_number(high)}"
        case Among(_, ("",)):
            return f"{name}:,"
        case Among(_, values):
            return f"{name}:{','.join(map(_escaped, values))}"
        case _:
            return f"{name}:"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _column(grid: Grid, name: str) -> tuple[Floats, tuple[str, ...] | None, bool] | None:
    """Return the cells of a name as floats, the levels they are codes of, and whether they are rounded."""
    for column in grid.columns:
        if column.name == name:
            return _cells(column)
    name = name.removeprefix(TRIAL)
    if name == "state":
        return grid.state.astype(np.float64), STATES, False
    if name in ("number", "dup"):
        return (grid.number if name == "number" else grid.duplicates()).astype(np.float64), None, False
    found = dict(measured(grid)).get(name)
    return None if found is None else _plain_cells(found)


def _cells(column: Column) -> tuple[Floats, tuple[str, ...] | None, bool]:
    if column.kind == "categorical":
        return column.array, tuple(column.levels), False
    return _plain_cells(shown(column))


def _plain_cells(cells: NDArray[Any]) -> tuple[Floats, None, bool]:
    return cells.astype(np.float64), None, cells.dtype == np.float32


def _meets(condition: Condition, cells: Floats, levels: tuple[str, ...] | None, rounded: bool) -> Bools:
    if isinstance(condition, Unset):
        return np.isnan(cells)
    if isinstance(condition, Among):
        wanted = _codes(condition.values, levels) if levels is not None else _numbers(condition.values, rounded)
        return np.isin(cells, wanted)
    low = -math.inf if condition.low is None else condition.low
    high = math.inf if condition.high is None else condition.high
    if rounded:
        low, high = min(low, float(np.float32(low))), max(high, float(np.float32(high)))
    met: Bools = (cells >= low) & (cells <= high)
    return met


def _codes(values: Iterable[str], levels: tuple[str, ...]) -> list[float]:
    wanted = set(values)
    return [code for code, level in enumerate(levels) if level in wanted]


def _numbers(values: Iterable[str], rounded: bool) -> list[float]:
    found = [float(value) for value in values if _NUMBER.fullmatch(value)]
    return [*found, *(float(np.float32(value)) for value in found)] if rounded else found
