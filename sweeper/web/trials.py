"""The trials of a sweep as rows: filtered and sorted by columns, then read exactly, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sweeper.analysis.gain import cost_metric_of
from sweeper.records import SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.filters import mask, ordered, parse
from sweeper.web.grid import Grid
from sweeper.web.live import live_of
from sweeper.web.shapes import trial_shape

PAGE = 2500  #: trials read at a time


class Chosen(NamedTuple):
    """Trials in their order: numbers, and for each the first one with the same parameters (-1: itself)."""

    numbers: list[int]
    dups: list[int]
    params: list[str]
    metrics: list[str]


def chosen(store: SqlStore, sweep: SweepRecord, text: str, sort: str) -> Chosen:
    """Return the trials that a filter leaves, in the order of a column; ``value``: the best first.

    Raises UsageError for a filter or a column that means nothing.
    """
    conditions = parse(text)
    with live_of(store).grid(sweep.id) as grid:
        rows = ordered(grid, mask(grid, conditions), _column(grid, sweep, sort))
        metrics = [*grid.goals, *(name for name in grid.metrics if name not in grid.goals)]
        return Chosen(grid.number[rows].tolist(), grid.duplicates()[rows].tolist(), list(grid.params), metrics)


def trials_page(
    store: SqlStore, sweep: SweepRecord, text: str, sort: str, *, limit: int, offset: int
) -> dict[str, Any]:
    """Return some of the trials that a filter leaves, with all their digits, and how many there are."""
    found = chosen(store, sweep, text, sort)
    part = slice(offset, offset + limit)
    dups = dict(zip(found.numbers[part], found.dups[part], strict=True))
    metric = cost_metric_of(sweep.config)
    rows = []
    for trial in records(store, sweep, found.numbers[part]):
        took = None if trial.started is None or trial.ended is None else max(trial.ended - trial.started, 0.0)
        first = dups[trial.number]
        cost = trial.metrics.get(metric) if metric else None
        extra = {"seconds": took, "cost": cost, "dup_of": first if first >= 0 else None, "worker": trial.worker}
        rows.append(trial_shape(trial, sweep.goals) | extra)
    return {"total": len(found.numbers), "trials": rows}


def records(store: SqlStore, sweep: SweepRecord, numbers: Sequence[int]) -> Iterator[TrialRecord]:
    """Yield trials in the order of ``numbers``."""
    for start in range(0, len(numbers), PAGE):
        part = numbers[start : start + PAGE]
        found = {trial.number: trial for trial in store.trials(sweep.id, numbers=part)}
        yield from (found[number] for number in part if number in found)


def _column(grid: Grid, sweep: SweepRecord, sort: str) -> str:
    name = sort.removeprefix("-")
    if name != "value" or any(column.name == name for column in grid.columns):
        return sort
    goal = sweep.goals[0]
    backwards = (goal.direction == "maximize") != sort.startswith("-")
    return f"-{goal.name}" if backwards else goal.name
