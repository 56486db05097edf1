"""Optuna's random sampler."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.optuna import OptunaRandomSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestOptunaRandomSampler(SamplerConformance):
    learns = False
    spaces = ("one log float", "huge log range", "mixed", "conditions", "constraints", "one value each", "steps")

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> OptunaRandomSampler:
        return OptunaRandomSampler(space, goals, seed)
