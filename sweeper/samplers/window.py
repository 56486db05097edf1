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
from collections.abc import Iterator
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
        self._heap: list[tuple[int, int, Told]] = []

    def add(self, rank: int, told: Told) -> None:
        entry = (-rank, told.order, told)
        if len(self._heap) < self._size:
            heappush(self._heap, entry)
        else:
            heappushpop(self._heap, entry)

    def __iter__(self) -> Iterator[Told]:
        return (told for _, _, told in self._heap)


class Window:
    """The trials that a model knows.

    Up to ``size`` trials with values nothing is left out, nor up to a quarter as many bad ones; beyond that about
    so many are kept.
    """

    def __init__(self, goals: int, seed: int, size: int) -> None:
        self.told = 0  #: how many trials were told
        self.valued = 0  #: how many of them are not bad
        self._goals, self._seed = goals, seed
        self._exact = BEST if goals == 1 else max(BEST, round(size * BEST_SHARE))
        self._best: list[Told] = []
        self._new: list[Told] = []  # with several goals: those not yet compared with the best
        self._values, self._bad = Sample(size), Sample(round(size * BAD_SHARE))
        self._rows: list[Told] | None = None

    def add(self, raws: Raws, evidence: Evidence) -> None:
        """Learn one more trial."""
        told = Told(self.told, raws, evidence)
        rank = trial_seed(self._seed, self.told, -1)
        self.told += 1
        self._rows = None
        if evidence.kind is Kind.BAD:
            self._bad.add(rank, told)
            return
        self.valued += 1
        self._values.add(rank, told)
        if self._goals == 1:
            insort(self._best, told, key=Told.key)
            del self._best[self._exact :]
            return
        self._new.append(told)
        if len(self._new) >= self._exact:
            rivals = self._best + self._new
            losses = [one.evidence.losses or () for one in rivals]
            self._best = [rivals[index] for index in best_subset(losses, self._exact)]
            self._new = []

    @property
    def rows(self) -> list[Told]:
        """The trials that are kept, in the order told."""
        if self._rows is None:
            kept = {one.order: one for part in (self._values, self._bad, self._best, self._new) for one in part}
            self._rows = [kept[order] for order in sorted(kept)]
        return self._rows
