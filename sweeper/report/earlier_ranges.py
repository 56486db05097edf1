"""What the sweep and those before it say about ranges: for the report, where there are such sweeps."""

from __future__ import annotations

from typing import NamedTuple

from sweeper.analysis import TrialTable
from sweeper.analysis.past import past_tables
from sweeper.analysis.ranges.groups import identify
from sweeper.analysis.ranges.survey import ParameterRange, survey
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

ENOUGH = 4000  #: trials that are read: the report must not wait


class EarlierRanges(NamedTuple):
    """``sweeps`` were looked at, the latest first: this one, and earlier ones of the same data and code."""

    sweeps: tuple[SweepRecord, ...]
    parameters: tuple[ParameterRange, ...]


def earlier_ranges(store: Store, trials: TrialTable) -> EarlierRanges | None:
    """Return what a sweep and those before it say; None without one before it that it can be compared with."""
    same = identify(trials.sweep)
    tables = [trials]
    for other in past_tables(store, trials.sweep):
        if identify(other.sweep) == same and sum(map(len, tables)) + len(other) <= ENOUGH:
            tables.append(other)
    if len(tables) < 2:
        return None
    return EarlierRanges(tuple(each.sweep for each in tables), tuple(survey(tables)))
