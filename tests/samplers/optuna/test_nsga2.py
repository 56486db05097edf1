"""Optuna's NSGA-II."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sweeper.errors import UsageError
from sweeper.records import Goal
from sweeper.samplers.optuna import NsgaIISampler
from sweeper.space import Float, SearchSpace
from sweeper.testing.samplers import LOSS, SamplerConformance, complete, failed

SPACE = SearchSpace({"x": Float(0, 1), "y": Float(0, 1)})
GOALS = (Goal("one"), Goal("other", "maximize"))


class TestNsgaIISampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> NsgaIISampler:
        return NsgaIISampler(space, goals, seed, population_size=10)


def test_the_front_is_reached_with_two_goals() -> None:
    sampler = NsgaIISampler(SPACE, GOALS, 7, population_size=20)
    for number in range(300):
        params = sampler.ask(number)
        sampler.tell(number, params, complete(params["x"] + params["y"], params["x"] - params["y"]))
    raws = [raws for raws, _ in sampler._parents]
    assert max(one["y"] for one in raws) < 0.1  # the front is where y is 0
    assert max(one["x"] for one in raws) - min(one["x"] for one in raws) > 0.7


def test_parents_are_the_best_of_two_generations_and_never_failed() -> None:
    sampler = NsgaIISampler(SPACE, LOSS, 7, population_size=4)
    for number, loss in enumerate([5.0, 1.0, 9.0, 8.0, 2.0, 7.0, 6.0, 3.0]):
        sampler.tell(100 + number, {"x": 0.5, "y": 0.5}, failed())
        sampler.tell(number, {"x": loss / 10, "y": 0.0}, complete(loss))
    assert sorted(losses for _, losses in sampler._parents) == [(1,), (2,), (3,), (5,)]


def test_without_a_mutation_children_inherit() -> None:
    sampler = NsgaIISampler(SPACE, LOSS, 7, population_size=4, mutation_prob=0.0, crossover_prob=1.0)
    for number in range(4):
        sampler.tell(number, {"x": number / 4, "y": number / 8}, complete(float(number)))
    for number in range(4, 12):
        params = sampler.ask(number)
        assert params["x"] * 4 in (0, 1, 2, 3)
        assert params["y"] * 8 in (0, 1, 2, 3)


def test_there_must_be_a_goal() -> None:
    with pytest.raises(UsageError, match="at least one metric"):
        NsgaIISampler(SPACE, (), 1)
