"""Quasi-random search."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.records import Goal
from sweeper.samplers.qmc import QmcSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestQmcSampler(SamplerConformance):
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> QmcSampler:
        return QmcSampler(space, goals, seed)


class TestHalton(TestQmcSampler):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> QmcSampler:
        return QmcSampler(space, goals, seed, qmc_type="halton")
