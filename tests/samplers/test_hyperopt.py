"""Hyperopt's algorithms."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.hyperopt import HyperoptAnnealSampler, HyperoptRandomSampler, HyperoptTpeSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestHyperoptTpeSampler(SamplerConformance):
    trials = 100

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> HyperoptTpeSampler:
        return HyperoptTpeSampler(space, goals, seed)


class TestHyperoptAnnealSampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> HyperoptAnnealSampler:
        return HyperoptAnnealSampler(space, goals, seed)


class TestHyperoptRandomSampler(SamplerConformance):
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> HyperoptRandomSampler:
        return HyperoptRandomSampler(space, goals, seed)
