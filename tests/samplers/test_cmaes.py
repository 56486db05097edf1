"""CMA-ES."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sweeper.records import Goal, Params
from sweeper.samplers.cmaes import CmaEsSampler
from sweeper.space import Categorical, Float, SearchSpace
from sweeper.testing.samplers import LOSS, SamplerConformance, complete, failed


class TestCmaEsSampler(SamplerConformance):
    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> CmaEsSampler:
        return CmaEsSampler(space, goals, seed)


BOWL = SearchSpace({f"x{i}": Float(-5, 5) for i in range(4)})


def bowl(params: Params) -> float:
    return sum((10**i) * (value - 1) ** 2 for i, value in enumerate(params.values()))


def test_it_descends_a_long_valley_far_below_chance() -> None:
    sampler = CmaEsSampler(BOWL, LOSS, 1)
    losses = []
    for number in range(500):
        params = sampler.ask(number)
        losses.append(bowl(params))
        sampler.tell(number, params, complete(losses[-1]))
    assert min(losses) < 1e-3


def test_results_of_many_workers_are_used_in_whatever_order_they_come() -> None:
    sampler = CmaEsSampler(BOWL, LOSS, 1)
    running = {number: sampler.ask(number) for number in range(16)}
    rng, best = Random(5), []
    for number in range(16, 1000):
        done = rng.choice(sorted(running))
        params = running.pop(done)
        best.append(bowl(params))
        sampler.tell(done, params, complete(best[-1]))
        running[number] = sampler.ask(number)
    assert min(best) < 0.1


def test_a_far_result_does_not_blow_up_the_distribution() -> None:
    space = SearchSpace({"x": Float(0, 1), "y": Float(0, 1)})
    sampler = CmaEsSampler(space, LOSS, 1)
    for number in range(240):
        params = sampler.ask(number)
        sampler.tell(number, params, complete((params["x"] - 0.2) ** 2 + (params["y"] - 0.2) ** 2))
    narrow = sampler._spread()
    for number in range(240, 246):
        sampler.tell(number, {"x": 1.0, "y": 1.0}, complete(-1.0))
    assert sampler._spread() < 10 * narrow


def test_a_collapsed_distribution_starts_again_with_twice_the_population() -> None:
    sampler = CmaEsSampler(SearchSpace({"x": Float(0, 1)}), LOSS, 1)
    size = sampler._optimizer.population_size
    number = 0
    while not sampler._starts:
        params = sampler.ask(number)
        sampler.tell(number, params, complete(abs(params["x"] - 0.3)))
        number += 1
        assert number < 2000
    assert sampler._optimizer.population_size == 2 * size


def test_a_failed_trial_is_the_worst_of_its_population() -> None:
    sampler = CmaEsSampler(SearchSpace({"x": Float(0, 1)}), LOSS, 1)
    size = sampler._optimizer.population_size
    for number in range(10 * size):
        params = sampler.ask(number)
        sampler.tell(number, params, failed() if params["x"] > 0.5 else complete(-params["x"]))
    assert sampler._optimizer.mean[0] < 0.55


def test_categories_are_left_to_chance() -> None:
    space = SearchSpace({"kind": Categorical(["a", "b"]), "x": Float(0, 1)})
    sampler = CmaEsSampler(space, LOSS, 1)
    assert {sampler.ask(number)["kind"] for number in range(20)} == {"a", "b"}
