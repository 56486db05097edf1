"""CMA-ES."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.cmaes import CmaEsSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestCmaEsSampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> CmaEsSampler:
        return CmaEsSampler(space, goals, seed)
