"""The guard over a prior: are trials that it drew better than trials drawn evenly?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from sweeper.samplers.evidence import Evidence, Kind

EVEN = 3  #: of the first trials every third is drawn evenly, whatever the past says
LIMIT = 0.4  #: the prior stays while the test gives a p below it: better than not, rather than proven


def drawn_evenly(number: int) -> bool:
    """Is this one of the first trials that the past has no say in?"""
    return number % EVEN == EVEN - 1


class Guard:
    """Compares the first ``trials`` by rank, once all have ended, by the one-sided test of Mann and Whitney (1947).

    Among them are the configurations that a warm start begins with, ``first`` in number: they come from the past, too.
    Failed and pruned trials count as worse than complete ones. ``say`` is told when the past did not help.
    """

    def __init__(self, trials: int, first: int, say: Callable[[str], None]) -> None:
        self.trusts = True  #: the past has not been found out
        self._judged = False
        self._trials, self._first, self._say = trials, first, say
        self._losses: dict[int, float | None] = {}

    def draws(self, number: int) -> bool:
        """May the past draw this one of the first trials? Not every third, and none after ``trials`` unproven."""
        return self.trusts and not drawn_evenly(number) and (self._judged or number < self._trials)

    def tell(self, number: int, evidence: Evidence | None) -> None:
        """Learn how a trial ended; None when that tells nothing."""
        if number not in range(self._trials) or number in self._losses:
            return
        self._losses[number] = _loss(evidence)
        if len(self._losses) == self._trials:
            self._judged = True
            self._judge()

    def _judge(self) -> None:
        even = [place for place in self._losses if place >= self._first and drawn_evenly(place)]
        evenly = [loss for place in even if (loss := self._losses[place]) is not None]
        guided = [loss for place, loss in self._losses.items() if place not in even and loss is not None]
        if not evenly or not guided:
            return
        p = mann_whitney(guided, evenly)
        self.trusts = p < LIMIT
        if not self.trusts:
            self._say(
                f"The past is no help here: the {len(guided)} trials taken from it were no better than the "
                f"{len(evenly)} drawn evenly (one-sided Mann-Whitney p = {p:.2f}). The prior is switched off."
            )


def mann_whitney(guided: Sequence[float], evenly: Sequence[float]) -> float:
    """Return how likely ``guided`` would be at least so low among both by chance: exact, by counting.

    For some ten values in all: the work grows with the number of ways to choose them.
    """
    values = sorted([*guided, *evenly])
    rank = {value: values.index(value) + (values.count(value) - 1) / 2 for value in values}
    ranks = [rank[value] for value in values]
    seen = sum(rank[value] for value in guided)
    ways = [sum(chosen) for chosen in combinations(ranks, len(guided))]
    return sum(way <= seen for way in ways) / len(ways)


def _loss(evidence: Evidence | None) -> float | None:
    if evidence is None:
        return None
    return evidence.losses[0] if evidence.kind is Kind.VALUE and evidence.losses else float("inf")
