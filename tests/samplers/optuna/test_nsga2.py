"""Optuna's nsga2 sampler."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.optuna import NsgaIISampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestNsgaIISampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> NsgaIISampler:
        return NsgaIISampler(space, goals, seed)
