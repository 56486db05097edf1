"""A bounded history: what a model keeps of the trials told so far.

A model that reads its whole history slows down with every trial. This one stays small, and such that a model of good
against bad points is the same in expectation as with the whole history:

* the best trials exactly: with one goal enough for the good set of the Tree-structured Parzen Estimator, which never
  takes more than 25 (Bergstra et al., 2011, as Hyperopt and Optuna implement it);
* of all of them an even random sample, in the order told: a trial draws a random rank when it is told, and the
  lowest ranks stay. Bad points have a sample of their own, so that many failures cannot crowd out the values.

What is kept depends on the seed and on what was told, in that order, and on nothing else.
"""

from __future__ import annotations

from bisect import insort
from heapq import heappush, heappushpop
from typing import NamedTuple

from sweeper.samplers.evidence import Evidence, Kind
from sweeper.samplers.pareto import best_subset
from sweeper.samplers.points import Raws
from sweeper.samplers.seeds import trial_seed

BEST = 25  #: how many of the best are kept exactly, with one goal
BEST_SHARE = 0.1  #: with several goals: what share of ``size``
BAD_SHARE = 0.25  #: how many bad points are kept besides, as a share of ``size``


class Told(NamedTuple):
    """A trial as it was told; ``order`` counts up from 0."""

    order: int
    raws: Raws
    evidence: Evidence

    def key(self) -> tuple[int, float, float, int]:
        """Return what sorts the better first, with one goal: complete by loss, then pruned by step and loss."""
        losses = self.evidence.losses
        if self.evidence.kind is Kind.VALUE and losses:
            return (0, 0, losses[0], self.order)
        return (1, -self.evidence.step, losses[0], self.order) if losses else (2, 0, 0, self.order)


class Sample:
    """An even sample of all that was added: the ``size`` lowest random ranks."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[int, int]] = []
        self._members: set[int] = set()

    def add(self, rank: int, order: int) -> int | None:
        """Add one; return the order of what has to leave for it, if any."""
        self._members.add(order)
        if len(self._heap) < self._size:
            heappush(self._heap, (-rank, order))
            return None
        _, leaving = heappushpop(self._heap, (-rank, order))
        self._members.remove(leaving)
        return leaving

    def __contains__(self, order: int) -> bool:
        return order in self._members


class Window:
    """The trials that a model knows.

    Up to ``size`` trials with values nothing is left out, nor up to a quarter as many bad ones; beyond that about
    so many are kept.
    """

    def __init__(self, goals: int, seed: int, size: int) -> None:
        self.told = 0  #: how many trials were told
        self.valued = 0  #: how many of them are not bad
        self.kept: dict[int, Told] = {}  #: the trials that are kept, by their order, in their order
        self._goals, self._seed = goals, seed
        self._exact = BEST if goals == 1 else max(BEST, round(size * BEST_SHARE))
        self._best: list[Told] = []
        self._new: list[Told] = []  # with several goals: those not yet compared with the best
        self._values, self._bad = Sample(size), Sample(round(size * BAD_SHARE))

    @property
    def rows(self) -> list[Told]:
        """The trials that are kept, in the order told."""
        return list(self.kept.values())

    def add(self, raws: Raws, evidence: Evidence) -> list[int]:
        """Learn one more trial; return the orders of those that are kept no longer."""
        told = Told(self.told, raws, evidence)
        self.kept[told.order] = told
        self.told += 1
        bad = evidence.kind is Kind.BAD
        leaving = [(self._bad if bad else self._values).add(trial_seed(self._seed, told.order, -1), told.order)]
        if not bad:
            self.valued += 1
            leaving += self._rank(told) if self._goals == 1 else self._compare(told)
        gone = [order for order in dict.fromkeys(leaving) if order is not None and not self._keeps(order)]
        for order in gone:
            del self.kept[order]
        return gone

    def best(self, count: int) -> list[Told]:
        """Return the ``count`` best trials, or as many as are known exactly; with several goals in no order."""
        if self._goals == 1:
            return self._best[:count]
        return _best_of(self._best + self._new, count)

    def _rank(self, told: Told) -> list[int | None]:
        insort(self._best, told, key=Told.key)
        gone = self._best[self._exact :]
        del self._best[self._exact :]
        return [one.order for one in gone]

    def _compare(self, told: Told) -> list[int | None]:
        self._new.append(told)
        if len(self._new) < self._exact:
            return []
        rivals = self._best + self._new
        self._best, self._new = _best_of(rivals, self._exact), []
        return [one.order for one in rivals]

    def _keeps(self, order: int) -> bool:
        if order in self._values or order in self._bad:
            return True
        return any(one.order == order for one in self._best) or any(one.order == order for one in self._new)


def _best_of(rivals: list[Told], count: int) -> list[Told]:
    return [rivals[index] for index in best_subset([one.evidence.losses or () for one in rivals], count)]
