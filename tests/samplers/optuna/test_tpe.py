"""Optuna's own Tree-structured Parzen Estimator; that it proposes what ``tpe`` does is tested there."""

from __future__ import annotations

import random
from collections.abc import Sequence

import optuna
import pytest

from sweeper.records import Goal
from sweeper.samplers.optuna import OptunaTpeSampler
from sweeper.space import SearchSpace
from sweeper.testing.samplers import CONTINUOUS, LOSS, SamplerConformance, complete, loss


class TestOptunaTpeSampler(SamplerConformance):
    trials = 60
    spaces = ("mixed", "conditions", "all categorical")

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> OptunaTpeSampler:
        return OptunaTpeSampler(space, goals, seed)


def fill(sampler: OptunaTpeSampler, count: int) -> None:
    for number in range(count):
        params = CONTINUOUS["mixed"].sample(random.Random(number))
        sampler.tell(number, params, complete(loss(params)))


def test_a_long_history_shows_optuna_no_more_than_the_window() -> None:
    sampler = OptunaTpeSampler(CONTINUOUS["mixed"], LOSS, 7, window=100)
    fill(sampler, 1000)
    assert 100 <= len(sampler._trials()) <= 125


def test_nothing_is_printed_and_the_users_logging_is_left_alone(capfd: pytest.CaptureFixture[str]) -> None:
    level = optuna.logging.get_verbosity()
    sampler = OptunaTpeSampler(CONTINUOUS["mixed"], LOSS, 7)
    fill(sampler, 20)
    sampler.ask(20)
    assert capfd.readouterr() == ("", "")
    assert optuna.logging.get_verbosity() == level
