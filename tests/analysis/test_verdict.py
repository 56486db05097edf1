"""Is the difference noise? From folds, from repeats, or it cannot be known."""

from __future__ import annotations

import random

import pytest

from sweeper.analysis.noise import Noise
from sweeper.analysis.verdict import Finish, Verdict, judge
from sweeper.records import Goal

ACCURACY = Goal("accuracy", "maximize")
QUIET = Noise(0.01, 12, "repeats", "0.01, from 12 repeats of the same parameters")


def finish(value: float, noise: Noise | None = None, folds: list[float] | None = None) -> Finish:
    return Finish(value, (value,), {f"fold-{i}": fold for i, fold in enumerate(folds or [])}, noise)


def one(first: Finish, second: Finish, goal: Goal = ACCURACY) -> Verdict:
    (found,) = judge([("a", first), ("b", second)], goal)
    return found


def test_a_large_difference_is_more_than_noise() -> None:
    found = one(finish(0.9, QUIET), finish(0.95, QUIET))

    assert (found.better, found.worse) == ("b", "a")
    assert found.difference == pytest.approx(0.05)
    assert found.within_noise is False
    assert found.text.startswith("b is better than a by 0.05, more than noise explains: two equal ones (noise 0.01")


def test_where_repeats_do_not_differ_every_difference_is_real() -> None:
    exact = Noise(0.0, 4, "repeats", "0, from 4 repeats of the same parameters")

    found = one(finish(0.9, exact), finish(0.95, exact))

    assert found.within_noise is False
    assert found.text == (
        "b is better than a by 0.05, and that is no noise: repeats of the same parameters did not differ at all"
    )


def test_a_small_one_is_within_noise() -> None:
    found = one(finish(0.9, QUIET), finish(0.91, None))

    assert found.within_noise is True
    assert found.bound is not None
    assert 0.025 < found.bound < 0.04
    assert "within noise" in found.text


def test_without_repeats_and_folds_it_cannot_be_known() -> None:
    found = one(finish(0.9), finish(0.95))

    assert found.within_noise is None
    assert "cannot be known" in found.text


def test_folds_of_the_same_names_are_paired() -> None:
    hard = [0.5, 0.7, 0.9, 0.6, 0.8]
    steady = one(finish(0.7, folds=hard), finish(0.72, folds=[fold + 0.02 for fold in hard]))
    shaky = one(finish(0.7, folds=hard), finish(0.72, folds=hard[::-1]))

    assert (steady.source, steady.within_noise) == ("paired folds", False)
    assert shaky.within_noise is True


def test_more_repeats_of_the_bests_narrow_the_bound() -> None:
    once = one(finish(0.9, QUIET), finish(0.95, QUIET))
    often = one(Finish(0.9, (0.9,) * 4, {}, QUIET), Finish(0.95, (0.95,) * 4, {}, QUIET))

    assert once.bound is not None
    assert often.bound == pytest.approx(once.bound / 2)


def test_equal_bests_are_said_to_be_equal() -> None:
    assert one(finish(0.9), finish(0.9)).text == "a and b are equally good"


def test_the_best_is_compared_with_each_other_that_has_a_value() -> None:
    sides = [("a", finish(3.0)), ("b", None), ("c", finish(1.0)), ("d", finish(2.0))]

    assert [(v.better, v.worse) for v in judge(sides, Goal("loss"))] == [("c", "d"), ("c", "a")]
    assert judge(sides, None) == ()


def test_equals_are_called_different_about_once_in_twenty() -> None:
    rng, wrong = random.Random(5), 0
    for _ in range(400):
        first, second = rng.gauss(0.9, 0.01), rng.gauss(0.9, 0.01)
        wrong += one(finish(first, QUIET), finish(second, QUIET)).within_noise is False
    assert wrong < 35
