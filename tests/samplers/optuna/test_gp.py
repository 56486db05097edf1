"""Optuna's gp sampler."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.optuna import GpSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestGpSampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> GpSampler:
        return GpSampler(space, goals, seed)
