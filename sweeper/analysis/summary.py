"""A sweep in a few facts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sweeper.analysis.best import best_row, history
from sweeper.analysis.columns import TrialTable
from sweeper.analysis.gain import Returns, Spent, Step, cost_metric_of, returns, window
from sweeper.records import RunState


class Summary(NamedTuple):
    """``seconds``: from the first start to the last end; ``worked``: of controllers in all; ``compute``: sum of trials.

    ``rate`` is ended trials per minute of work; ``retries`` counts attempts beyond the first of each trial.
    """

    counts: dict[str, int]
    total: int
    planned: int | None
    best: int | None  #: row of the best trial of a sweep with one goal
    seconds: float
    worked: float
    compute: float
    median: float  #: seconds of a complete trial; NaN without one
    rate: float
    retries: int
    last: Returns | None  #: what the last quarter of the trials brought; None for several goals


def summary(table: TrialTable, now: float) -> Summary:
    """Return the facts; trials that still run count up to ``now``."""
    sweep = table.sweep
    counts = {str(state): int((table.state == state).sum()) for state in RunState}
    started = table.started[~np.isnan(table.started)]
    running = (table.state == RunState.RUNNING) & ~np.isnan(table.started)
    ends = np.r_[table.ended[~np.isnan(table.ended)], [now] if running.any() else []]
    seconds = max(float(ends.max() - started.min()), 0.0) if len(started) and len(ends) else 0.0
    worked = sweep.seconds or seconds
    compute = float(np.nansum(table.seconds)) + float(np.maximum(now - table.started[running], 0).sum())
    took = table.seconds[(table.state == RunState.COMPLETE) & ~np.isnan(table.seconds)]
    ended = len(table) - counts["queued"] - counts["running"]
    return Summary(
        counts,
        len(table),
        sweep.trials,
        best_row(table) if len(table.goals) == 1 else None,
        seconds,
        worked,
        compute,
        float(np.median(took)) if len(took) else float("nan"),
        60 * ended / worked if worked else 0.0,
        int(np.maximum(table.attempts - 1, 0).sum()),
        last_returns(table),
    )


def last_returns(table: TrialTable, trials: int | None = None) -> Returns | None:
    """Return what the last ``trials`` that ended cost and brought; without a number the last quarter.

    None for several goals, and for a few trials.
    """
    if len(table.goals) != 1:
        return None
    found = history(table)
    steps = [Step(int(n), float(v)) for n, v in zip(found.best_number, found.best_value, strict=True)]
    name = cost_metric_of(table.sweep.config)
    costs = np.nan_to_num(table.metrics.get(name or "", np.zeros(len(table))))
    rows = np.flatnonzero(~np.isnan(table.seconds))
    spent = [Spent(int(table.number[row]), float(table.seconds[row]), float(costs[row])) for row in rows]
    most = window(len(spent)) if trials is None else trials
    return returns(table.goals[0], steps, spent[-most:], len(spent), name)
