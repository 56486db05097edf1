"""Histories of metrics of a few trials of a sweep, thinned so that no extreme is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweeper.interfaces import Store
from sweeper.records import Point, RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.ranks import best_numbers

TOP = LAST = 20  #: trials shown when none are named: the best, and the latest that have begun
MOST = 200  #: trials in one answer

Floats = NDArray[np.float64]


def curves(store: SqlStore, sweep: SweepRecord, numbers: Sequence[int], metric: str, points: int) -> dict[str, Any]:
    """Return one metric of the trials ``numbers`` (none: the best and the latest), and which metrics have a history.

    A metric with no more than one point in each of them is none of these. ``metric`` "" is the first goal, or another
    one that has a history when the goal has none. Each curve has at most about ``points`` points.
    """
    trials = _chosen(store, sweep, numbers)
    ids = [trial.run_id for trial in trials]
    counted = store.read(lambda session: session.rows_in("page_metric_names", ids)) if ids else []
    names = _ordered(sweep, {key for _, key, count in counted if count > 1})
    name = metric or (names[0] if names else sweep.goals[0].name)
    histories = store.points(ids, [name]) if name in names else {}
    drawn = _drawn([(trial.number, trial.run_id) for trial in trials], histories, points)
    return {"metrics": names, "metric": name, "curves": drawn}


def all_curves(
    store: Store, sweep: SweepRecord, trials: Sequence[tuple[int, str]], points: int, most: int
) -> dict[str, list[dict[str, Any]]]:
    """Return the curves of trials (number, run id), each with about ``points`` points, by metric: ``most`` of them.

    Goals come first.
    """
    histories = store.points([run_id for _, run_id in trials]) if trials else {}
    counts = Counter((run_id, point.key) for run_id, found in histories.items() for point in found)
    names = _ordered(sweep, {key for (_, key), count in counts.items() if count > 1})[:most]
    by_name = {
        name: {run_id: [point for point in found if point.key == name] for run_id, found in histories.items()}
        for name in names
    }
    return {name: _drawn(trials, found, points) for name, found in by_name.items()}


def _ordered(sweep: SweepRecord, names: set[str]) -> list[str]:
    """Return names of metrics, goals first."""
    goals = [goal.name for goal in sweep.goals]
    return [*(name for name in goals if name in names), *sorted(names - set(goals))]


def _drawn(
    trials: Sequence[tuple[int, str]], histories: Mapping[str, Sequence[Point]], points: int
) -> list[dict[str, Any]]:
    found = []
    for number, run_id in trials:
        steps, values = by_step(histories.get(run_id, []), points)
        if steps:
            found.append({"number": number, "run_id": run_id, "steps": steps, "values": values})
    return found


def by_step(points: Sequence[Point], most: int) -> tuple[list[int], list[float]]:
    """Return one value for each step, the last one logged; of a long history the extremes of each stretch."""
    last = {point.step: point.value for point in points}
    steps = sorted(last)
    values = [last[step] for step in steps]
    kept = extremes(np.array(values, dtype=float), most)
    return [steps[at] for at in kept], [values[at] for at in kept]


def extremes(values: Floats, most: int) -> list[int]:
    """Return at most ``most`` places in order: both ends, and the smallest and largest value of equal stretches.

    NaN is neither. ``most`` is 4 at least; of no more values all are returned.
    """
    if len(values) <= most:
        return list(range(len(values)))
    small, large = (np.where(np.isnan(values), worst, values) for worst in (np.inf, -np.inf))
    kept = {0, len(values) - 1}
    for stretch in np.array_split(np.arange(len(values)), most // 2 - 1):
        kept |= {int(stretch[np.argmin(small[stretch])]), int(stretch[np.argmax(large[stretch])])}
    return sorted(kept)


def _chosen(store: SqlStore, sweep: SweepRecord, numbers: Sequence[int]) -> list[TrialRecord]:
    if numbers:
        return store.trials(sweep.id, numbers=list(numbers)[:MOST])
    total, queued = sum(sweep.counts.values()), sweep.counts.get(RunState.QUEUED, 0)
    begun = range(max(total - queued - LAST, 0), total)
    return store.trials(sweep.id, numbers=sorted({*best_numbers(store, sweep, TOP), *begun}))
