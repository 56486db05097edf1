"""The recommended range of each parameter, from the sweeps of the past."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.analysis.columns import TrialTable
from sweeper.analysis.ranges.recommendation import Recommendation


def recommend(tables: Sequence[TrialTable], *, metric: str | None = None) -> dict[str, Recommendation]:
    """Return a recommendation for each parameter that any of the sweeps searched.

    ``tables`` are sweeps that belong together, in any order; the latest of them gives the declared ranges. ``metric``
    names the goal to judge by, by default each sweep's first.
    """
    return {}
