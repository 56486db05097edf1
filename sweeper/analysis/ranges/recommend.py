"""The recommended range of each parameter, from the sweeps of the past."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.analysis.columns import TrialTable
from sweeper.analysis.ranges.candidate import FOLDS, Candidate, candidate, checked
from sweeper.analysis.ranges.evidence import collect
from sweeper.analysis.ranges.recommendation import Recommendation
from sweeper.analysis.ranges.wording import put


def recommend(tables: Sequence[TrialTable], *, metric: str | None = None) -> dict[str, Recommendation]:
    """Return a recommendation for each parameter that any of the sweeps searched.

    ``tables`` are sweeps that belong together, in any order; the latest of them gives the declared ranges. ``metric``
    names the goal to judge by, by default each sweep's first.
    """
    return {name: put(made) for name, made in judge(in_age(tables), metric).items()}


def in_age(tables: Sequence[TrialTable]) -> list[TrialTable]:
    """Return the sweeps, the oldest first."""
    return sorted(tables, key=lambda table: (table.sweep.created, table.sweep.id))


def judge(tables: Sequence[TrialTable], metric: str | None = None) -> dict[str, Candidate]:
    """Judge every parameter of ``tables``, the oldest first: alone, then together."""
    names = dict.fromkeys(name for table in reversed(tables) for name in table.searched)
    fold = {id(table): i % FOLDS for i, table in enumerate(tables)}
    made = {name: candidate(collect(name, tables, metric), fold) for name in names}
    return checked(made, tables, metric)
