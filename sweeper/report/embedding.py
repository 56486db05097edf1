"""What a report holds for the scripts of its page: what a server would answer, shaped by the same functions."""

from __future__ import annotations

import base64
import gzip
from typing import Any, NamedTuple

import numpy as np

from sweeper.analysis import TrialTable
from sweeper.analysis.best import top_rows
from sweeper.analysis.gain import cost_metric_of
from sweeper.interfaces import Store
from sweeper.records import RunState, TrialRecord
from sweeper.report.findings import Findings
from sweeper.store.sheets import Sheet
from sweeper.store.store import SqlStore
from sweeper.web import curves, failures, importance
from sweeper.web.columns import pack
from sweeper.web.grid import Grid
from sweeper.web.inlining import harmless
from sweeper.web.plain import to_json
from sweeper.web.registered import registered
from sweeper.web.sweep import Around, shape

POINTS, MOST_METRICS = 100, 6  #: of one curve; that have curves
LEADERS = 5  #: trials whose curves are there for each further goal
DIGITS = 7  #: of a value of a curve
LEVEL = 6  #: of gzip

Data = dict[str, Any]


class Embedded(NamedTuple):
    """``facts`` is JSON that can stand in a script element, ``columns`` the trials: base64 of gzip."""

    facts: str
    columns: str


def embedded(store: Store, found: Findings, best_file: str = "") -> Embedded:
    """Return what the page needs. ``best_file`` is where a sweep file with the best parameters will be."""
    grid = grid_of(found.table)
    packed = gzip.compress(pack(grid, ids=False), LEVEL, mtime=0)
    facts = to_json(answers(store, found, grid, best_file))
    return Embedded(harmless(facts), base64.b64encode(packed).decode())


def answers(store: Store, found: Findings, grid: Grid, best_file: str) -> Data:
    """Return what the page of a live sweep asks for, besides the trials."""
    sweep, table = found.sweep, found.table
    around = Around(
        summary=found.summary,
        front=_front(store, found),
        cost={"seconds": found.summary.compute, "metric": cost_metric_of(sweep.config), "value": _cost(grid)},
        registered=registered(store).get(sweep.id, ()) if isinstance(store, SqlStore) else (),
        best_file=best_file,
    )
    first, more = _curve_trials(found)
    drawn = curves.all_curves(store, sweep, [(int(table.number[row]), table.run_id[row]) for row in more],
                              POINTS, MOST_METRICS)  # fmt: skip
    return {
        "sweep": shape(sweep, around, found.now),
        "importance": [importance.shape(each) for each in found.importances],
        "failures": _failures(found),
        "curves": {name: [_rounded(curve) for curve in each] for name, each in drawn.items()},
        "curves_metric": next(iter(drawn), sweep.goals[0].name),
        "curves_first": first,
    }


def grid_of(table: TrialTable) -> Grid:
    """Return trials that have been read for a report as the columns that pages show."""
    grid = Grid(table.sweep)
    names = [goal.name for goal in table.goals]
    others = {name: column.tolist() for name, column in table.metrics.items() if name not in names}
    grid.add(
        Sheet(
            number=table.number.tolist(),
            run_id=table.run_id,
            state=table.state.tolist(),
            started=table.started.tolist(),
            ended=table.ended.tolist(),
            params=table.assigned,
            values=table.values.T.tolist(),
            metrics=[_present(others, row) for row in range(len(table))] if others else [None] * len(table),
        )
    )
    return grid


def _present(columns: dict[str, list[float]], row: int) -> dict[str, float]:
    return {name: value for name, column in columns.items() if (value := column[row]) == value}


def _front(store: Store, found: Findings) -> list[TrialRecord]:
    if found.front is None or not len(found.front.front):
        return []
    numbers = found.front.number[found.front.front].tolist()
    records = {trial.number: trial for trial in store.trials(found.sweep.id, numbers=numbers)}
    return [records[number] for number in numbers if number in records]


def _cost(grid: Grid) -> float | None:
    if grid.cost_metric is None:
        return None
    return 0.0 if grid.cost is None else float(grid.cost[np.isfinite(grid.cost)].sum())


def _curve_trials(found: Findings) -> tuple[list[int], list[int]]:
    """Return the numbers of trials whose curves are drawn at first, and the rows of all that have some here."""
    table = found.table
    begun = np.flatnonzero(table.state != RunState.QUEUED)[-curves.LAST :]
    first = {*top_rows(table, curves.TOP).tolist(), *begun.tolist()}
    leaders = {int(row) for goal in range(len(table.goals)) for row in top_rows(table, LEADERS, goal)}
    return sorted(int(table.number[row]) for row in first), sorted(first | leaders)


def _failures(found: Findings) -> list[Data]:
    table = found.table
    row_of = {int(number): row for row, number in enumerate(table.number)}
    ended = {number: None if np.isnan(table.ended[row]) else float(table.ended[row]) for number, row in row_of.items()}
    return [
        failures.shape(cause, found.regions.get(cause.numbers), ended, table.run_id[row_of[cause.numbers[0]]])
        for cause in found.failures
    ]


def _rounded(curve: Data) -> Data:
    return {**curve, "values": [float(f"{value:.{DIGITS}g}") for value in curve["values"]]}
