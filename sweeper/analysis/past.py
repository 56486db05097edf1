"""Which sweeps of a store say something about the parameters of another one, and importance with their help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.analysis.columns import TrialTable, table
from sweeper.analysis.identity import objective_of
from sweeper.analysis.importance import Importance, importance
from sweeper.analysis.ranges.copies import independent
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord

MOST = 5  #: past sweeps that are read: more cost time and change little
LOOKED_AT = 200  #: latest sweeps of a store that are considered
ENOUGH = 10  #: complete trials of a past sweep


def importances(store: Store, trials: TrialTable, *, method: str = "fanova", alone: bool = False) -> list[Importance]:
    """Judge the parameters of a sweep, once for each goal, with what earlier sweeps say; ``alone`` without those.

    The report, the command line and :class:`sweeper.Result` all call this.
    """
    past: list[TrialTable] = []
    if not alone:
        once, _ = independent([trials, *past_tables(store, trials.sweep)])  # no earlier run of the same seed
        past = [other for other in once if other.sweep.id != trials.sweep.id]
    return [importance(trials, goal=goal, method=method, past=past) for goal in range(len(trials.goals))]


def past_tables(store: Store, sweep: SweepRecord, most: int = MOST) -> list[TrialTable]:
    """Read the sweeps of :func:`past_sweeps`."""
    return [table(store, other) for other in past_sweeps(store, sweep, most)]


def past_sweeps(store: Store, sweep: SweepRecord, most: int = MOST) -> list[SweepRecord]:
    """Return the latest sweeps before ``sweep`` that ran the same objective for the same goal, the latest first.

    Data and code may be others: that a parameter matters is what carries over.
    """
    earlier = (other for other in store.sweeps(limit=LOOKED_AT) if other.created < sweep.created)
    return [other for other in earlier if other.id != sweep.id and _speaks_of(other, sweep)][:most]


def _speaks_of(other: SweepRecord, sweep: SweepRecord) -> bool:
    goal, mine = other.goals[0], sweep.goals[0]
    return (
        (goal.name, goal.direction) == (mine.name, mine.direction)
        and other.tags.get("sweeper.kind") != "rerun"
        and other.counts.get(RunState.COMPLETE, 0) >= ENOUGH
        and objective_of(other.config, other.name) == objective_of(sweep.config, sweep.name)
        and bool(_names(other.space) & _names(sweep.space))
    )


def _names(space: Mapping[str, Any]) -> set[str]:
    return set(space.get("parameters", space))
