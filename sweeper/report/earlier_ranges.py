"""What the sweep and those before it say about ranges: for the report, where there are such sweeps."""

from __future__ import annotations

from typing import NamedTuple

from sweeper.analysis import TrialTable, table
from sweeper.analysis.ranges.copies import independent
from sweeper.analysis.ranges.groups import identify
from sweeper.analysis.ranges.survey import ParameterRange, survey
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord

MOST, LOOKED_AT = 5, 200  #: earlier sweeps that are read, and that are considered
ENOUGH = 4000  #: trials in all: the report must not wait
FEWEST = 10  #: complete trials of an earlier sweep


class EarlierRanges(NamedTuple):
    """``sweeps`` were looked at, the latest first: this one, and earlier ones of the same data and code."""

    sweeps: tuple[SweepRecord, ...]
    parameters: tuple[ParameterRange, ...]


def earlier_ranges(store: Store, trials: TrialTable) -> EarlierRanges | None:
    """Return what a sweep and those before it say; None without one before it that it can be compared with."""
    sweep, tables, total = trials.sweep, [trials], len(trials)
    for other in store.sweeps(limit=LOOKED_AT) if total < ENOUGH else ():
        size = sum(other.counts.values())
        earlier = other.created < sweep.created and other.counts.get(RunState.COMPLETE, 0) >= FEWEST
        if earlier and total + size <= ENOUGH and len(tables) <= MOST and identify(other) == identify(sweep):
            tables.append(table(store, other))
            total += size
    tables, _ = independent(tables)
    if len(tables) < 2:
        return None
    return EarlierRanges(tuple(each.sweep for each in tables), tuple(survey(tables)))
