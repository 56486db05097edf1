"""Everything that a report shows, computed once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sweeper.analysis import TrialTable, table
from sweeper.analysis.best import Front, History, best_row, front, history, top_rows
from sweeper.analysis.choice import nearest
from sweeper.analysis.curves import Curves, curves
from sweeper.analysis.failures import FailureGroup, failure_groups
from sweeper.analysis.importance import Importance
from sweeper.analysis.parallel import ParallelCoordinates, parallel_coordinates
from sweeper.analysis.past import importances
from sweeper.analysis.regions import CAUSES, Region, failing_region
from sweeper.analysis.slices import Slice, slices
from sweeper.analysis.summary import Summary, summary
from sweeper.analysis.timeline import Timeline, timeline
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.report.earlier_ranges import EarlierRanges, earlier_ranges

MOST_PARAMETERS = 12  #: in slices and parallel coordinates
TOP_TRIALS = 10


@dataclass(frozen=True)
class Findings:
    """``best`` is the row of the trial that stands at the top, ``reason`` says why that one when it is not plain.

    ``names`` are the searched parameters, the most important first; slices and parallel coordinates show ``shown`` of
    them. ``regions`` says where in the space a cause strikes, by the numbers of its trials. ``tags`` are those of the
    sweep's run.
    """

    table: TrialTable
    now: float
    summary: Summary
    best: int | None
    reason: str
    top: tuple[int, ...]
    importances: tuple[Importance, ...]
    names: tuple[str, ...]
    shown: tuple[str, ...]
    histories: tuple[History, ...]
    slices: tuple[Slice, ...]
    parallel: ParallelCoordinates
    curves: Curves
    front: Front | None
    timeline: Timeline
    failures: tuple[FailureGroup, ...]
    regions: Mapping[tuple[int, ...], Region]
    tags: Mapping[str, str]
    ranges: EarlierRanges | None = None

    @property
    def sweep(self) -> SweepRecord:
        return self.table.sweep


def gather(store: Store, sweep: SweepRecord, method: str = "fanova") -> Findings:
    """Read a sweep and compute what its report shows. ``method`` is that of the importance."""
    trials = table(store, sweep)
    now = time.time()
    places = range(len(sweep.goals))
    judged = importances(store, trials, method=method)
    names = _by_importance(trials, judged[0])
    shown = names[:MOST_PARAMETERS]
    several = len(sweep.goals) > 1
    causes = failure_groups(trials)
    trade_off = front(trials) if several else None
    best, reason = (best_row(trials), "") if trade_off is None else _compromise(trials, trade_off)
    return Findings(
        table=trials,
        now=now,
        summary=summary(trials, now),
        best=best,
        reason=reason,
        top=tuple(int(row) for row in top_rows(trials, TOP_TRIALS)),
        importances=tuple(judged),
        names=names,
        shown=shown,
        histories=tuple(history(trials, goal) for goal in places),
        slices=tuple(slices(trials, shown)),
        parallel=parallel_coordinates(trials, shown),
        curves=curves(store, trials),
        front=trade_off,
        timeline=timeline(trials, now),
        failures=tuple(causes),
        regions={cause.numbers: place for cause in causes[:CAUSES] if (place := failing_region(trials, cause.numbers))},
        tags=store.run(sweep.id).tags,
        ranges=earlier_ranges(store, trials),
    )


def _by_importance(trials: TrialTable, found: Importance) -> tuple[str, ...]:
    """Searched parameters in the order of importance, then those that nothing is known of."""
    known = [parameter.name for parameter in found.parameters]
    names = dict.fromkeys([*known, *trials.searched])
    return tuple(name for name in names if trials.active[name].any())


def _compromise(trials: TrialTable, found: Front) -> tuple[int | None, str]:
    """The trial of the Pareto front nearest to the best of every goal, as ``sweeper best`` chooses it."""
    if not len(found.front):
        return None, ""
    losses = np.array([goal.sign for goal in found.goals]) * found.values[found.front]
    place = found.front[nearest(losses.tolist(), [1.0] * len(found.goals))]
    row = int(np.flatnonzero(trials.number == found.number[place])[0])
    if len(found.front) == 1:
        return row, "the best in every goal"
    return row, f"the one of {len(found.front)} trials on the Pareto front that is nearest to the best of every goal"
