"""Distributions behind a latent uniform number: what is drawn follows them."""

import math
import random
from collections import Counter

import pytest
from scipy import stats

from sweeper.errors import SpaceError
from sweeper.space import Beta, Float, LogNormal, Normal, SearchSpace

DRAWS = 4000


def draws(parameter):
    space, rng = SearchSpace({"x": parameter}), random.Random(5)
    return [space.sample(rng)["x"] for _ in range(DRAWS)]


@pytest.mark.parametrize(
    ("parameter", "law"),
    [
        (Normal(2, 3), stats.norm(2, 3)),
        (LogNormal(-1, 0.5), stats.lognorm(0.5, scale=math.exp(-1))),
        (Beta(2, 5), stats.beta(2, 5)),
        (Normal(0, 1, low=-1, high=0.5), stats.truncnorm(-1, 0.5)),
        (Float(1e-4, 1, log=True), stats.loguniform(1e-4, 1)),
    ],
)
def test_draws_follow_the_distribution(parameter, law):
    assert stats.kstest(draws(parameter), law.cdf).pvalue > 0.05


def test_steps_round_to_multiples_and_to_integers_when_the_step_is_one():
    assert {type(value) for value in draws(Normal(0, 3, step=2))} == {int}
    assert all(value % 2 == 0 for value in draws(Normal(0, 3, step=2)))
    assert {round(value * 4) / 4 - value for value in draws(LogNormal(0, 1, step=0.25))} == {0.0}
    counts = Counter(draws(Normal(0, 1, step=1)))
    expected = stats.norm.cdf(0.5) - stats.norm.cdf(-0.5)
    assert counts[0] / DRAWS == pytest.approx(expected, abs=0.03)


def test_only_what_has_two_ends_and_a_step_has_a_grid():
    assert Beta(2, 2, step=0.25).grid() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert Normal(0, 1, low=-2, high=2, step=1).grid() == [-2, -1, 0, 1, 2]
    for parameter in (Normal(0, 1, step=1), Normal(0, 1, low=-2, high=2), LogNormal()):
        with pytest.raises(SpaceError, match="has no grid"):
            parameter.grid()


def test_narrowing_cuts_the_distribution_off():
    assert Normal(0, 1).narrow(-1, 1) == Normal(0, 1, low=-1, high=1)
    assert all(1 <= value <= 2 for value in draws(LogNormal(0, 1).narrow(1, 2)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Normal(0, 0), "sigma: is 0; it must be above 0"),
        (lambda: Beta(-1, 2), "a: is -1"),
        (lambda: LogNormal(0, 1000), "overflows a float"),
        (lambda: Normal(0, 1, low=3, high=2), "max: is 2, below min 3"),
        (lambda: Normal(0, 1, low=20), "practically nothing"),
        (lambda: Normal(0, 1, low=0.1, high=0.9, step=1), "no whole number"),
        (lambda: Normal(0, 1, step=0), "step: is 0"),
    ],
)
def test_impossible_distributions_say_what_is_wrong(make, words):
    with pytest.raises(SpaceError, match=words):
        make()


def test_descriptions_are_short():
    assert Normal(0, 2).describe() == "normal, mean 0, deviation 2"
    assert Normal(0, 2, low=0, step=1).describe() == "normal, mean 0, deviation 2, cut to 0 .. inf, multiples of 1"
    assert LogNormal().log
    assert not Normal().log
