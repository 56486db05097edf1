"""A sweep in a few facts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sweeper.analysis.best import best_row, history
from sweeper.analysis.columns import TrialTable
from sweeper.records import RunState


class LastQuarter(NamedTuple):
    """What the last quarter of the trials brought: the best before them and at the end."""

    trials: int
    before: float
    after: float
    seconds: float  #: of compute

    @property
    def improved(self) -> bool:
        return not math.isclose(self.before, self.after, rel_tol=1e-9)


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
    last_quarter: LastQuarter | None


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
        _last_quarter(table),
    )


def _last_quarter(table: TrialTable) -> LastQuarter | None:
    """None below 8 complete trials, and with several goals."""
    rows = np.flatnonzero(table.complete)
    if len(rows) < 8 or len(table.goals) != 1:
        return None
    found = history(table)
    first = rows[-(len(rows) // 4)]
    before = found.best_value[found.best_number < table.number[first]]
    if not len(before):
        return None
    seconds = float(np.nansum(table.seconds[first:]))
    return LastQuarter(len(rows) // 4, float(before[-1]), float(found.best_value[-1]), seconds)
