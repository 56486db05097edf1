"""Optuna's random sampler."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.optuna import OptunaRandomSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestOptunaRandomSampler(SamplerConformance):
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> OptunaRandomSampler:
        return OptunaRandomSampler(space, goals, seed)
