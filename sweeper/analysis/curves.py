"""The metric histories of the best trials."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sweeper.analysis.best import top_rows
from sweeper.analysis.columns import Floats, TrialTable
from sweeper.interfaces import Store
from sweeper.records import Goal, Point

TOP = 10
MOST_POINTS = 400


class MetricCurve(NamedTuple):
    number: int
    value: float  #: what the trial ended with
    step: Floats
    reported: Floats


class Curves(NamedTuple):
    """The curves of the best trials, the best first; only of trials that reported at two steps or more."""

    goal: Goal
    curves: tuple[MetricCurve, ...]


def curves(store: Store, table: TrialTable, goal: int = 0, top: int = TOP) -> Curves:
    """Read the histories of one goal for the ``top`` best trials."""
    rows = top_rows(table, top, goal)
    name = table.goals[goal].name
    points = store.points([table.run_id[row] for row in rows], [name]) if len(rows) else {}
    found = []
    for row in rows:
        step, value = _by_step(points.get(table.run_id[row], []))
        if len(step) > 1:
            found.append(MetricCurve(int(table.number[row]), float(table.values[row, goal]), step, value))
    return Curves(table.goals[goal], tuple(found))


def _by_step(points: list[Point]) -> tuple[Floats, Floats]:
    """One value for each step, the last one logged; of a long curve the extremes of each stretch."""
    last = {point.step: point.value for point in points if np.isfinite(point.value)}
    step = np.array(sorted(last), dtype=float)
    value = np.array([last[int(key)] for key in step], dtype=float)
    if len(step) <= MOST_POINTS:
        return step, value
    kept = {0, len(step) - 1}
    for stretch in np.array_split(np.arange(len(step)), MOST_POINTS // 2):
        kept |= {int(stretch[np.argmin(value[stretch])]), int(stretch[np.argmax(value[stretch])])}
    places = np.array(sorted(kept))
    return step[places], value[places]
