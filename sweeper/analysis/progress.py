"""Best value so far, by what was paid for it: trials, working time, and cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sweeper.analysis.columns import Floats, TrialTable
from sweeper.analysis.gain import cost_metric_of
from sweeper.records import Goal

BY = ("trials", "time", "cost")


class Progress(NamedTuple):
    """The best value after each trial that ended, in the order of their ends; NaN before the first one.

    ``trials`` counts those that ended, ``time`` is seconds in which any trial ran (pauses are left out), and ``cost``
    is seconds of compute, or the sum of the sweep's cost metric, named by ``unit``.
    """

    goal: Goal
    trials: Floats
    time: Floats
    cost: Floats
    best: Floats
    unit: str

    def spent(self, by: str) -> Floats:
        """Return what was paid: by "trials", "time" or "cost"."""
        return {"trials": self.trials, "time": self.time, "cost": self.cost}[by]

    def reached(self, value: float, by: str) -> float | None:
        """Return what it took to be at least as good as ``value``; None if it never was."""
        there = np.flatnonzero(self.goal.sign * self.best <= self.goal.sign * value)
        return float(self.spent(by)[there[0]]) if len(there) else None


def progress(table: TrialTable, goal: Goal) -> Progress:
    """Follow one metric, a goal of the sweep or any that its trials recorded."""
    rows = np.flatnonzero(~np.isnan(table.ended))
    rows = rows[np.argsort(table.ended[rows], kind="stable")]
    values = _values(table, goal)[rows]
    losses = np.where(table.complete[rows] & ~np.isnan(values), goal.sign * values, np.inf)
    best = np.minimum.accumulate(losses)
    unit = cost_metric_of(table.sweep.config)
    if unit is not None and unit in table.metrics:
        paid = np.nan_to_num(table.metrics[unit][rows])
    else:
        paid, unit = np.nan_to_num(table.seconds[rows]), None
    return Progress(
        goal, np.arange(1, len(rows) + 1, dtype=float), _working(table.started[rows], table.ended[rows]),
        np.cumsum(paid), np.where(np.isinf(best), np.nan, goal.sign * best), unit or "seconds of compute",
    )  # fmt: skip


def _values(table: TrialTable, goal: Goal) -> Floats:
    for place, own in enumerate(table.goals):
        if own.name == goal.name:
            return np.asarray(table.values[:, place])
    return table.metrics.get(goal.name, np.full(len(table), np.nan))


def _working(started: Floats, ended: Floats) -> Floats:
    """Seconds up to each end in which at least one trial ran."""
    started = np.where(np.isnan(started), ended, started)
    result = np.zeros(len(ended))
    if not len(ended):
        return result
    order = np.argsort(started, kind="stable")
    begins, ends = started[order], np.maximum.accumulate(ended[order])
    first = np.r_[True, begins[1:] > ends[:-1]]
    block_begin, block_end = begins[first], np.r_[ends[:-1][first[1:]], ends[-1]]
    before = np.r_[0.0, np.cumsum(block_end - block_begin)]
    place = np.searchsorted(block_begin, ended, side="right") - 1
    return np.asarray(before[place] + np.minimum(ended, block_end[place]) - block_begin[place])
