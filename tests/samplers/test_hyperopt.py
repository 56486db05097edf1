"""Hyperopt's algorithms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from sweeper.records import Goal
from sweeper.samplers.hyperopt import (
    HyperoptAnnealSampler,
    HyperoptRandomSampler,
    HyperoptSampler,
    HyperoptTpeSampler,
)
from sweeper.space import Categorical, Float, Int, SearchSpace
from sweeper.testing.samplers import LOSS, SamplerConformance, complete, failed, loss, pruned

SOME = ("one log float", "huge log range", "mixed", "conditions", "constraints", "one value each", "steps")


class TestHyperoptTpeSampler(SamplerConformance):
    trials = 120

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> HyperoptTpeSampler:
        return HyperoptTpeSampler(space, goals, seed)


class TestHyperoptAnnealSampler(SamplerConformance):
    trials = 100
    spaces = SOME

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> HyperoptAnnealSampler:
        return HyperoptAnnealSampler(space, goals, seed)


class TestHyperoptRandomSampler(SamplerConformance):
    learns = False
    spaces = SOME

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> HyperoptRandomSampler:
        return HyperoptRandomSampler(space, goals, seed)


SPACE = SearchSpace({
    "x": Float(0, 1), "n": Int(3, 9, step=3), "width": Int(2, 32, log=True), "kind": Categorical(["a", "b"]),
    "y": Float(0, 1, when={"kind": "b"}),
})


def docs(sampler: HyperoptSampler) -> list[dict[str, Any]]:
    prepared = sampler._prepare()
    assert prepared is not None
    return prepared[1]


def fill(sampler: HyperoptSampler, count: int) -> None:
    for number in range(count):
        params = SPACE.sample(Random(number))
        sampler.tell(number, params, complete(loss(params)))


def test_documents_name_every_label_and_inactive_ones_have_no_value() -> None:
    sampler = HyperoptTpeSampler(SPACE, LOSS, 1, n_startup_jobs=1)
    sampler.tell(0, {"x": 0.5, "n": 6, "width": 2, "kind": "a"}, complete(1.0))
    (doc,) = docs(sampler)
    assert doc["misc"]["vals"] == {"x": [0.5], "n": [1], "width": [2], "kind": [0], "y": []}
    assert doc["misc"]["idxs"] == {"x": [0], "n": [0], "width": [0], "kind": [0], "y": []}
    assert doc["result"] == {"status": "ok", "loss": 1.0}


def test_failed_and_pending_trials_have_no_loss() -> None:
    sampler = HyperoptTpeSampler(SPACE, LOSS, 1, n_startup_jobs=2)
    fill(sampler, 2)
    sampler.tell(2, SPACE.sample(Random(2)), failed())
    sampler.ask(3)
    assert [doc["result"].get("loss") is None for doc in docs(sampler)] == [False, False, True, True]


def test_a_pruned_trial_has_its_last_value_but_none_better_than_the_median() -> None:
    sampler = HyperoptTpeSampler(SPACE, LOSS, 1, n_startup_jobs=2)
    outcomes = [complete(1.0), complete(3.0), complete(2.0), pruned(0.0), pruned(2.5), pruned(None)]
    for number, outcome in enumerate(outcomes):
        sampler.tell(number, SPACE.sample(Random(number)), outcome)
    assert [doc["result"]["loss"] for doc in docs(sampler)] == [1, 3, 2, 2, 2.5, 3]


def test_the_good_set_is_as_large_as_with_the_whole_history() -> None:
    sampler = HyperoptTpeSampler(SPACE, LOSS, 1, window=100)
    fill(sampler, 3000)
    algorithm, shown = sampler._prepare() or (None, [])
    assert 100 <= len(shown) <= 125
    assert math.ceil(algorithm.keywords["gamma"] * math.sqrt(len(shown))) == math.ceil(0.25 * math.sqrt(3000))


def test_annealing_draws_as_near_as_with_the_whole_history() -> None:
    sampler = HyperoptAnnealSampler(SPACE, LOSS, 1, window=100)
    fill(sampler, 1000)
    algorithm, shown = sampler._prepare() or (None, [])
    assert algorithm.keywords["shrink_coef"] * len(shown) == pytest.approx(0.1 * 1000)


def test_both_ends_of_whole_numbers_are_proposed_as_often_as_the_middle() -> None:
    sampler = HyperoptRandomSampler(SearchSpace({"n": Int(1, 4), "x": Float(0, 1)}), LOSS, 1)
    counts = Counter(sampler.ask(number)["n"] for number in range(800))
    assert sorted(counts) == [1, 2, 3, 4]
    assert all(150 < count < 250 for count in counts.values())


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    sampler = HyperoptTpeSampler(SPACE, LOSS, 1)
    fill(sampler, 25)
    sampler.ask(25)
    assert capfd.readouterr() == ("", "")
