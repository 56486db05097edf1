"""Quasi-random search."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sweeper.records import Goal
from sweeper.samplers import qmc
from sweeper.samplers.qmc import QmcSampler
from sweeper.space import Constant, Float, SearchSpace
from sweeper.testing.samplers import SamplerConformance


class TestQmcSampler(SamplerConformance):
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> QmcSampler:
        return QmcSampler(space, goals, seed)


class TestHalton(TestQmcSampler):
    spaces = ("mixed", "conditions", "constraints", "steps")

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> QmcSampler:
        return QmcSampler(space, goals, seed, qmc_type="halton")


def test_sobol_covers_a_line_evenly() -> None:
    sampler = QmcSampler(SearchSpace({"x": Float(0, 1)}), (), 7)
    cells = {int(sampler.ask(number)["x"] * 64) for number in range(64)}
    assert len(cells) == 64


def test_points_that_break_a_constraint_are_left_out_of_the_sequence() -> None:
    free = QmcSampler(SearchSpace({"x": Float(0, 1)}), (), 7)
    bound = QmcSampler(SearchSpace({"x": Float(0, 1)}, ["x <= 0.5"]), (), 7)
    expected = [params for params in map(free.ask, range(100)) if params["x"] <= 0.5]
    assert list(map(bound.ask, range(len(expected)))) == expected


def test_a_number_has_its_point_whatever_was_asked_before() -> None:
    space = SearchSpace({"x": Float(0, 1), "y": Float(0, 1)})
    forwards = [QmcSampler(space, (), 7).ask(number) for number in (0, 255, 256, 1000)]
    sampler = QmcSampler(space, (), 7)
    assert [sampler.ask(number) for number in (1000, 256, 255, 0)] == forwards[::-1]


def test_chance_takes_over_when_the_sequence_hardly_ever_meets_the_constraints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(qmc, "GAP", 20)
    space = SearchSpace({"x": Float(0, 1)}, ["x <= 0.001"])
    assert QmcSampler(space, (), 7).ask(0)["x"] <= 0.001


def test_constants_alone_need_no_sequence() -> None:
    assert QmcSampler(SearchSpace({"k": Constant(1)}), (), 7).ask(0) == {"k": 1}
