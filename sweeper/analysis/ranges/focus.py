"""Where the good values lie most densely: the soft form of a recommended range."""

from __future__ import annotations

import numpy as np

from sweeper.analysis.axes import choice_at
from sweeper.analysis.ranges.density import median, shortest
from sweeper.analysis.ranges.evidence import Evidence, value_at
from sweeper.analysis.ranges.recommendation import Focus

HALF = 0.5  #: of the good trials


def focus(evidence: Evidence) -> Focus | None:
    """Return where half of the good trials lie; None without any."""
    lanes = [lane for lane in evidence.lanes if lane.top.any()]
    if not lanes:
        return None
    at = np.concatenate([lane.at[lane.top] for lane in lanes])
    weight = np.concatenate([lane.weight for lane in lanes])
    if evidence.choices:
        amount = len(evidence.choices)
        held = [float(weight[np.isclose(at, choice_at(i, amount))].sum()) for i in range(amount)]
        total = sum(held) or 1.0
        return Focus(shares=tuple((c, share / total) for c, share in zip(evidence.choices, held, strict=True)))
    low, high = shortest(at, weight, HALF)
    places = [value_at(evidence.axis, place) for place in (low, high, median(at, weight))]
    if evidence.axis.whole:
        places = [float(round(place)) for place in places]
    return Focus(places[0], places[1], places[2])
