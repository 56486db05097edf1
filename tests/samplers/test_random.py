"""Random search."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.random import RandomSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestRandomSampler(SamplerConformance):
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> RandomSampler:
        return RandomSampler(space, goals, seed)
