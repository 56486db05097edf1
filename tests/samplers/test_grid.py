"""The grid."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.grid import GridSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestGridSampler(SamplerConformance):
    finite_only = True
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> GridSampler:
        return GridSampler(space, goals, seed)
