"""The signed-rank test (Wilcoxon, "Individual comparisons by ranking methods", 1945)."""

from __future__ import annotations

import math
from collections.abc import Sequence

EXACT = 60  #: differences up to which the distribution is counted out


def greater(differences: Sequence[float]) -> float:
    """Return the p-value that ``differences`` lie above zero as much as they do by chance alone.

    Zeros and NaN must be left out. Ties get their mean rank. Counted out up to 60 differences, by the normal
    distribution with a continuity correction beyond.
    """
    ranks = _doubled_ranks([abs(difference) for difference in differences])
    above = sum(rank for rank, difference in zip(ranks, differences, strict=True) if difference > 0)
    if len(ranks) <= EXACT:
        return _tail(ranks, above)
    mean = sum(ranks) / 2
    deviation = math.sqrt(sum(rank * rank for rank in ranks) / 4)
    return 0.5 * math.erfc((above - 1 - mean) / deviation / math.sqrt(2))


def _doubled_ranks(sizes: Sequence[float]) -> list[int]:
    """Return twice the rank of each size: whole numbers also for ties."""
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    ranks = [0] * len(sizes)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and sizes[order[last + 1]] == sizes[order[first]]:
            last += 1
        for place in range(first, last + 1):
            ranks[order[place]] = first + last + 2
        first = last + 1
    return ranks


def _tail(ranks: Sequence[int], least: int) -> float:
    """Return the share of all choices of signs whose positive ranks sum to ``least`` or more.

    The number of choices for each sum stands in a field of one large integer: a rank may be added or not, which is one
    shift; the fields above a place are summed by casting out.
    """
    width = len(ranks) + 1
    ways = 1
    for rank in ranks:
        ways += ways << (rank * width)
    return ((ways >> (least * width)) % ((1 << width) - 1)) / 2.0 ** len(ranks)
