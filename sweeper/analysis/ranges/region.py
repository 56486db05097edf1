"""A part of one parameter's axis: an interval, or some of the choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.axes import choice_at
from sweeper.analysis.columns import Bools, Floats
from sweeper.analysis.ranges import choices, numeric
from sweeper.analysis.ranges.evidence import Evidence, Lane

NEAR = 1e-9  #: places closer than this are one


class Region(NamedTuple):
    """``low`` to ``high`` on the axis; of choices those that ``keep`` holds, in their order."""

    low: float
    high: float
    keep: tuple[bool, ...] = ()

    def holds(self, at: Floats) -> Bools:
        """Return which places lie inside."""
        if self.keep:
            kept = [choice_at(i, len(self.keep)) for i, keep in enumerate(self.keep) if keep]
            return np.asarray(np.abs(at[:, None] - np.array(kept)[None, :]).min(axis=1) < NEAR)
        return np.asarray((at >= self.low - NEAR) & (at <= self.high + NEAR))

    @property
    def size(self) -> float:
        """The share of the axis inside."""
        return sum(self.keep) / len(self.keep) if self.keep else self.high - self.low


def whole(evidence: Evidence) -> Region:
    """Return all that the latest sweep declares."""
    low, high = evidence.span
    return Region(low, high, (True,) * len(evidence.choices))


def safe(evidence: Evidence, lanes: Sequence[Lane]) -> Region:
    """Return what the good trials of ``lanes`` leave of the declared range."""
    if evidence.choices:
        keep = choices.kept(lanes, len(evidence.choices))
        return Region(0.0, 1.0, tuple(bool(each) for each in keep))
    return Region(*numeric.interval(lanes, evidence.span))
