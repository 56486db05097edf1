"""Do the good trials lie elsewhere than the others, and in the same place in each sweep?

The Kolmogorov-Smirnov test (two-sample, asymptotic, with the correction of Stephens, 1970) of the good trials of a
sweep against its other trials: what the sampler preferred is in both. Few sweeps vote one by one; pooled points would
count one data set as often as it has trials.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.columns import Floats
from sweeper.analysis.ranges.evidence import Lane

VOTE = 0.2  #: p-value below which one sweep votes for shrinking
SHARE = 0.5  #: of the sweeps must vote so, and
CHANCE = 0.05  #: so many votes must be less likely than this if the parameter did not matter


class Vote(NamedTuple):
    """``votes`` of ``voters`` sweeps see their good trials elsewhere than their others; ``passed`` is the gate."""

    votes: int
    voters: int

    @property
    def passed(self) -> bool:
        return self.votes >= SHARE * self.voters and self.chance < CHANCE

    @property
    def chance(self) -> float:
        """How likely so many votes, or more, are where no sweep sees anything: the tail of a binomial distribution."""
        n, p = self.voters, VOTE
        return float(sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(self.votes, n + 1)))


def vote(lanes: Sequence[Lane]) -> Vote:
    """Ask each sweep."""
    p = [p_value(lane.at[lane.top], lane.at[~lane.top]) for lane in lanes if lane.top.any()]
    return Vote(sum(value < VOTE for value in p), len(p))


def p_value(one: Floats, other: Floats) -> float:
    """Return the two-sample Kolmogorov-Smirnov p-value; 1 where a sample is empty."""
    if not len(one) or not len(other):
        return 1.0
    one, other = np.sort(one), np.sort(other)
    places = np.concatenate((one, other))
    gap = np.searchsorted(one, places, side="right") / len(one)
    gap -= np.searchsorted(other, places, side="right") / len(other)
    size = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    scaled = (size + 0.12 + 0.11 / size) * float(np.abs(gap).max())
    if scaled < 0.2:
        return 1.0
    terms = [2 * (-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101)]
    return float(min(max(sum(terms), 0.0), 1.0))
