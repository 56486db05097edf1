"""Values lie where a person looks for them, and ticks are round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.axes import Axis, linear_ticks, log_ticks, place, value_axis
from sweeper.analysis.columns import TrialTable
from sweeper.records import Goal
from tests.analysis.conftest import made, trial

finite = st.floats(-1e300, 1e300, allow_nan=False)
positive = st.floats(1e-300, 1e300, allow_nan=False)


@given(finite, finite)
def test_ticks_are_few_and_within(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for axis in (Axis("x", low, high), Axis("x", low, high, whole=True)):
        ticks = axis.ticks()
        assert len(ticks) <= 13
        assert all(-1e-6 <= tick.at <= 1 + 1e-6 for tick in ticks)
        assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)


@given(positive, positive)
def test_logarithmic_ticks_are_few_and_within(one: float, other: float) -> None:
    low, high = sorted((one, other))
    ticks = Axis("x", low, high, log=True).ticks()
    assert 1 <= len(ticks) <= 13
    assert all(-1e-6 <= tick.at <= 1 + 1e-6 for tick in ticks)


@given(finite, finite, st.booleans())
def test_the_ends_of_an_axis_are_at_0_and_1(one: float, other: float, log: bool) -> None:
    low, high = sorted((abs(one) + 1e-300, abs(other) + 1e-300) if log else (one, other))
    at = Axis("x", low, high, log).at(np.array([low, high]))
    assert at == pytest.approx([0.0, 1.0] if low < high and at[0] != 0.5 else [0.5, 0.5], abs=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (20, 400, [100, 200, 300, 400]),
        (-1.0, 1.0, [-1, -0.5, 0, 0.5, 1]),
        (0.913, 0.951, [0.92, 0.93, 0.94, 0.95]),
        (5.0, 5.0, [5.0]),
    ],
)
def test_linear_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert linear_ticks(low, high) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1e-5, 1e-1, [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]),
        (1e-12, 1.0, [1e-12, 1e-9, 1e-6, 1e-3, 1.0]),
        (2, 32, [3, 10, 30]),
        (0.5, 4, [0.5, 1, 2]),
    ],
)
def test_logarithmic_ticks_are_powers_of_ten_where_there_are_some(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(low, high) == pytest.approx(ticks)


def test_labels_have_four_digits_at_most() -> None:
    assert [tick.label for tick in Axis("lr", 1e-5, 0.1, log=True).ticks()] == [
        "1e-5",
        "0.0001",
        "0.001",
        "0.01",
        "0.1",
    ]


def laid(space: dict[str, object], values: list[object], name: str = "p") -> tuple[Axis, list[float]]:
    table: TrialTable = made(space, [trial(i, {name: value}, 1.0) for i, value in enumerate(values)])
    axis, at = place(table, name, table.complete)
    return axis, list(at)


def test_a_number_lies_on_its_declared_range_on_its_own_scale() -> None:
    axis, at = laid({"p": {"min": 0.01, "max": 100.0, "distribution": "log_uniform_values"}}, [1.0, 0.01])

    assert (axis.low, axis.high, axis.log) == (0.01, 100.0, True)
    assert at == pytest.approx([0.5, 0.0])


def test_integers_get_whole_ticks() -> None:
    axis, _ = laid({"p": {"min": 2, "max": 5}}, [2])

    assert [tick.label for tick in axis.ticks()] == ["2", "3", "4", "5"]


def test_a_prior_without_ends_gets_the_range_that_was_seen() -> None:
    axis, at = laid({"p": {"distribution": "normal", "mu": 0, "sigma": 1}}, [-1.0, 0.5, 2.0])

    assert (axis.low, axis.high) == (-1.0, 2.0)
    assert at == pytest.approx([0, 0.5, 1])


def test_choices_of_numbers_are_in_numeric_order() -> None:
    axis, at = laid({"p": {"values": [128, 16, 64]}}, [128, 16, 64])

    assert axis.labels == ("16", "64", "128")
    assert at == pytest.approx([5 / 6, 1 / 6, 3 / 6])


def test_choices_of_any_kind_have_a_place_and_a_label() -> None:
    axis, at = laid({"p": {"values": ["a", None, True, [1, 2], {"k": 1}]}}, [None, {"k": 1}, [1, 2]])

    assert axis.labels == ("a", "null", "true", "[1, 2]", '{"k": 1}')
    assert at == pytest.approx([0.3, 0.9, 0.7])


def test_what_is_not_set_has_no_place() -> None:
    table = made({"p": {"min": 0.0, "max": 1.0}}, [trial(0, {}, 1.0), trial(1, {"p": 0.25}, 1.0)])

    _, at = place(table, "p", table.complete)

    assert np.isnan(at[0])
    assert at[1] == 0.25


def test_many_choices_share_a_bounded_number_of_labels() -> None:
    axis = Axis("p", 0, 1, labels=tuple(map(str, range(500))))

    assert len(axis.ticks()) <= 18


def test_a_few_bad_values_do_not_squeeze_the_others() -> None:
    values = np.r_[np.linspace(-1.0, 1.0, 99), 4e7]

    axis, outside = value_axis(Goal("loss"), values)

    assert (axis.low, axis.high, outside) == (-1.0, 1.0, 1)


def test_ordinary_spreads_are_shown_whole() -> None:
    rng = np.random.default_rng(0)
    for values in (rng.normal(size=60), rng.random(60), rng.exponential(size=60) + 5, np.array([1.0, 2.0])):
        assert value_axis(Goal("loss"), values).outside == 0


def test_a_tenth_of_hopeless_trials_leaves_room_for_the_others() -> None:
    values = np.r_[np.linspace(0.9, 0.99, 27), 0.1, 0.12, 0.15]

    axis, outside = value_axis(Goal("accuracy", "maximize"), values)

    assert (axis.low, axis.high, outside) == (0.9, 0.99, 3)


def test_the_best_value_is_always_on_the_axis() -> None:
    values = np.r_[np.zeros(99), 500.0]

    assert value_axis(Goal("score", "maximize"), values).axis.high == 500.0
    assert value_axis(Goal("score", "maximize"), values).outside == 0


def test_losses_over_decades_get_a_logarithmic_axis_and_scores_do_not() -> None:
    values = np.geomspace(1e-6, 10, 50)

    assert value_axis(Goal("loss"), values).axis.log
    assert not value_axis(Goal("score", "maximize"), values).axis.log


def test_infinite_values_are_beyond_the_axis() -> None:
    axis, outside = value_axis(Goal("loss"), np.array([1.0, 2.0, np.inf, np.nan]))

    assert (axis.low, axis.high, outside) == (1.0, 2.0, 1)
    assert value_axis(Goal("loss"), np.array([np.inf])).outside == 1
