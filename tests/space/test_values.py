"""Plain values, and arithmetic of steps as a person does it."""

import numpy as np
import pytest

from sweeper.errors import SpaceError
from sweeper.space.values import fresh, index, integer, ladder, plain, real, rungs, same, short


def test_values_become_what_a_file_can_hold():
    assert plain((1, [2.5, (None, True)])) == [1, [2.5, [None, True]]]
    assert [type(plain(value)) for value in (np.float32(0.5), np.int64(3), np.bool_(True), np.str_("a"))] == [
        float, int, bool, str,
    ]  # fmt: skip


@pytest.mark.parametrize("value", [float("nan"), object(), {1: 2}, {"a": {3}}, np.zeros(2), b"bytes"])
def test_what_no_file_can_hold_is_refused(value):
    with pytest.raises(SpaceError):
        plain(value)


def test_equality_keeps_bools_apart_from_numbers():
    assert same(1, 1.0)
    assert not same(1, True)
    assert not same([0], [False])
    assert same({"a": [1, None]}, {"a": [1.0, None]})
    assert not same({"a": 1}, {"b": 1})
    assert not same("1", 1)
    assert not same([], {})
    assert not same([True], [1])
    assert index([0, False, "x"], False) == 1
    assert index([0, 1], True) is None


def test_lists_are_copied_so_that_trials_do_not_share_them():
    shared = [[1]]
    fresh(shared)[0].append(2)
    assert shared == [[1]]


def test_steps_add_up_in_decimals():
    assert ladder(0.0, 0.1, 3) == 0.3
    assert [ladder(-0.3, 0.1, rung) for rung in range(4)] == [-0.3, -0.2, -0.1, 0.0]
    assert rungs(0.0, 0.3, 0.1) == 3
    assert rungs(0.0, 1.0, 0.3) == 3


@pytest.mark.parametrize("value", ["3", None, True, float("inf"), float("nan"), [1]])
def test_a_bound_is_a_finite_number(value):
    with pytest.raises(SpaceError, match=r"low: is .* finite number"):
        real(value, "low")


def test_whole_numbers_may_be_written_as_floats_but_not_beyond_a_float():
    assert integer(3.0, "low") == 3
    with pytest.raises(SpaceError, match="whole number"):
        integer(2.5, "low")
    with pytest.raises(SpaceError, match=r"2\*\*53"):
        integer(2**53 + 1, "low")


def test_numbers_for_people_have_four_digits():
    assert [short(value) for value in (0.1 + 0.2, 1234567.0, 3, "text")] == ["0.3", "1.235e+06", "3", "text"]
