"""Optuna's tpe sampler."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.optuna import TpeSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestTpeSampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> TpeSampler:
        return TpeSampler(space, goals, seed)
