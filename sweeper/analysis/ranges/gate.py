"""Do values depend on the parameter? Each sweep votes, by two tests in which the sampler's habits cancel out.

The Kolmogorov-Smirnov test (two-sample, asymptotic, with the correction of Stephens, 1970) asks whether the good trials
lie elsewhere than the others; the test of Kruskal and Wallis (1952) whether ranks differ between four parts of what was
tried, each with as many trials. The first sees a good region however narrow, the second also what a sampler that learns
leaves of it: few bad trials. Sweeps vote one by one; pooled trials would count one data set as often as it has trials.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.columns import Floats
from sweeper.analysis.ranges.evidence import Lane

VOTE = 0.2  #: p-value below which one sweep votes for shrinking
PARTS, FEWEST = 4, 12  #: of the axis; trials for the test over them
SHARE = 0.5  #: of the sweeps must vote so, and
CHANCE = 0.05  #: so many votes must be less likely than this if the parameter did not matter


class Vote(NamedTuple):
    """In ``votes`` of ``voters`` sweeps values depend on the parameter; ``passed`` is the gate."""

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
    p = [dependence(lane) for lane in lanes if lane.top.any()]
    return Vote(sum(value < VOTE for value in p), len(p))


def dependence(lane: Lane) -> float:
    """Return the p-value of both tests together (Bonferroni)."""
    both = min(p_value(lane.at[lane.top], lane.at[~lane.top]), kruskal_wallis(lane.at, lane.rank))
    return min(1.0, 2 * both)


def kruskal_wallis(at: Floats, rank: Floats) -> float:
    """Return the p-value that ranks are alike in at most four parts of the axis, by the chi-squared approximation."""
    places = np.unique(at)
    if len(at) < FEWEST or len(places) < 2:
        return 1.0
    edges = (places[1:] + places[:-1]) / 2 if len(places) <= PARTS else np.quantile(at, np.arange(1, PARTS) / PARTS)
    part = np.searchsorted(edges, at, side="left")
    sizes = np.bincount(part, minlength=PARTS)
    sums = np.bincount(part, rank, minlength=PARTS)
    there = sizes > 0
    spread = float(rank.var(ddof=1))
    if there.sum() < 2 or spread <= 0:
        return 1.0
    means = sums[there] / sizes[there]
    statistic = float((sizes[there] * (means - rank.mean()) ** 2).sum()) / spread
    return _chi_squared(statistic, int(there.sum()) - 1)


def _chi_squared(x: float, freedom: int) -> float:
    """The upper tail, for 1 to 3 degrees of freedom."""
    if freedom == 2:
        return math.exp(-x / 2)
    tail = math.erfc(math.sqrt(x / 2))
    return tail if freedom == 1 else tail + math.sqrt(2 * x / math.pi) * math.exp(-x / 2)


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
