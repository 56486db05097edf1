"""What Home shows of the rows that are in sight: how the best came about, why trials failed, what it took."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from sweeper.analysis.failures import alike
from sweeper.analysis.gain import cost_metric_of
from sweeper.records import Point, RunState, SweepRecord
from sweeper.store import queries
from sweeper.store.rows import failure
from sweeper.store.sql import Session
from sweeper.store.store import SqlStore
from sweeper.web.front import front
from sweeper.web.kept import Kept
from sweeper.web.ranks import values_of
from sweeper.web.shapes import front_shape

WIDE = 64  #: values of one line
EXACT = 5000  #: complete trials up to which the line is made of their values, and not of what the controller noted
SLACK = 0.01  #: of the trials may be new before those of a sweep that runs are added up again
FAILURES = 500  #: latest failed trials that are grouped


class Totals(NamedTuple):
    """What all trials of a sweep took: ``seconds`` of compute, ``value`` in its cost metric, how many were repeats."""

    seconds: float
    value: float | None
    dups: int

    def cost(self, metric: str | None) -> dict[str, Any]:
        return {"seconds": self.seconds, "metric": metric, "value": self.value}


_TOTALS: Kept[Totals] = Kept()
_SPARKS: Kept[dict[str, Any]] = Kept()


def sparks(store: SqlStore, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return for each sweep (by id; unknown ones are left out) ``best``, ``failure``, ``cost``, ``dups``, ``front``."""
    sweeps = store.read(lambda session: queries.sweeps_by_id(session, ids))
    return {sweep.id: _SPARKS.get(sweep, partial(_spark, store, sweep)) for sweep in sweeps}


def totals(store: SqlStore, sweep: SweepRecord) -> Totals:
    """Return what all trials took; of a large sweep that runs, what they took a little while ago."""
    return _TOTALS.get(sweep, lambda: store.read(lambda session: _totals(session, sweep)), SLACK)


def known_totals(sweep: SweepRecord) -> Totals | None:
    """Return what all trials took if somebody has asked since the sweep last changed."""
    return _TOTALS.known(sweep, SLACK)


def _spark(store: SqlStore, sweep: SweepRecord) -> dict[str, Any]:
    found = totals(store, sweep)
    return {
        "best": _best_so_far(store, sweep),
        "failure": store.read(lambda session: _top_failure(session, sweep)),
        "cost": found.cost(cost_metric_of(sweep.config)),
        "dups": found.dups,
        "front": None if len(sweep.goals) == 1 else [front_shape(trial) for trial in front(store, sweep)],
    }


def _totals(session: Session, sweep: SweepRecord) -> Totals:
    seconds = session.rows("page_totals", sweep.id)[0][3]
    count, different = session.rows("page_distinct", sweep.id)[0]
    metric, value = cost_metric_of(sweep.config), None
    if metric is not None:
        texts = [text for (text,) in session.rows("page_metrics", sweep.id)]
        spent = [metrics.get(metric, 0.0) for metrics in json.loads(f"[{','.join(texts)}]")]
        value = sum(each for each in spent if math.isfinite(each))
    return Totals(max(float(seconds or 0.0), 0.0), value, int(count) - int(different))


def _best_so_far(store: SqlStore, sweep: SweepRecord) -> list[float]:
    """The best value of the first goal after each of at most ``WIDE`` trial numbers, evenly spread."""
    total, goal = sum(sweep.counts.values()), sweep.goals[0]
    points: list[Point] = []
    if sweep.counts.get(RunState.COMPLETE, 0) > EXACT:
        name = f"best_{goal.name}"
        points = store.points([sweep.id], [name])[sweep.id]
    if points:
        number = np.array([point.step for point in points])
        value = np.array([point.value for point in points], dtype=float)
    else:
        number, value = values_of(store, sweep).number, values_of(store, sweep).value[:, 0]
    order = np.argsort(number, kind="stable")
    order = order[np.isfinite(value[order])]
    best = goal.sign * np.minimum.accumulate(goal.sign * value[order])
    wide = min(total, WIDE)
    ends = np.arange(1, wide + 1) * total // max(wide, 1) - 1
    last = np.searchsorted(number[order], ends, side="right") - 1
    return [float(each) for each in best[last[last >= 0]]]


def _top_failure(session: Session, sweep: SweepRecord) -> str | None:
    if not sweep.counts.get(RunState.FAILED):
        return None
    rows = session.rows("page_failures", sweep.id, str(RunState.FAILED), FAILURES)
    causes = alike((number, failure(json.loads(text))) for number, text in rows if text)
    if not causes:
        return None
    of = f" of the last {FAILURES}" if len(rows) == FAILURES else ""
    return f"{causes[0].size} x {causes[0].kind}: {causes[0].message[:200]}{of}"
