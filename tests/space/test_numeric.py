"""Floats and integers between bounds."""

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Float, FloatDomain, Int, IntDomain


def test_domains_are_what_samplers_can_search():
    assert Float(0, 1).domain == FloatDomain(0.0, 1.0)
    assert Float(1e-5, 0.1, log=True).domain == FloatDomain(1e-5, 0.1, log=True)
    assert Float(0, 1, step=0.25).domain == FloatDomain(0.0, 1.0, step=0.25)
    assert Float(1, 9, step=2, log=True).domain == FloatDomain(0.0, 1.0)
    assert Int(2, 32).domain == IntDomain(2, 32)
    assert Int(2, 32, log=True).domain == IntDomain(2, 32, log=True)
    assert Int(0, 10, step=5).domain == IntDomain(0, 10, step=5)
    assert Int(2, 32, step=2, log=True).domain == FloatDomain(0.0, 1.0)


def test_a_step_that_does_not_divide_the_range_ends_below_the_maximum():
    assert Float(0, 1, step=0.3).grid() == [0.0, 0.3, 0.6, 0.9]
    assert Float(0, 1, step=0.3).domain == FloatDomain(0.0, 0.9, step=0.3)
    assert Int(1, 10, step=4).grid() == [1, 5, 9]
    assert Int(1, 10, step=4).domain == IntDomain(1, 9, step=4)


def test_steps_are_the_decimals_a_person_expects():
    assert Float(0, 1, step=0.1).grid() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert Float(0, 1, step=0.1).decode(0.30000000000000004) == 0.3
    assert Float(0, 1, step=0.1).contains(0.1 + 0.2)


def test_membership_looks_at_type_bounds_and_steps():
    assert Float(0, 1).contains(1)
    assert not Float(0, 1).contains(True)
    assert not Float(0, 1).contains("0.5")
    assert not Float(0, 1).contains(float("nan"))
    assert not Float(0, 1, step=0.25).contains(0.3)
    assert Int(0, 10).contains(3.0)
    assert not Int(0, 10).contains(3.5)
    assert not Int(0, 10, step=5).contains(3)
    assert not Int(0, 10).contains(11)


def test_a_value_outside_cannot_be_encoded():
    with pytest.raises(SpaceError, match=r"2 is not in 0 \.\. 1"):
        Float(0, 1).encode(2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Float(1, 0), "max: is 0, below min 1"),
        (lambda: Float(0, 1, log=True), "min: is 0; a log axis needs min above 0"),
        (lambda: Int(0, 4, log=True), "min: is 0; a log axis"),
        (lambda: Float(0, 1, step=0), "step: is 0.0; it must be above 0"),
        (lambda: Float(0, 1, step=1e-300), "step: .* too small"),
        (lambda: Float("a", 1), "min: is 'a'; it must be a finite number"),
        (lambda: Float(0, float("inf")), "max: is inf; it must be a finite number"),
        (lambda: Float(-1.7e308, 1.7e308), "too far"),
        (lambda: Int(0.5, 2), "min: is 0.5; it must be a whole number"),
        (lambda: Int(1, 5, step=-1), "step: is -1"),
    ],
)
def test_an_impossible_range_says_what_is_wrong(make, words):
    with pytest.raises(SpaceError, match=words):
        make()


def test_a_continuous_range_has_no_grid_and_a_huge_one_is_not_listed():
    with pytest.raises(SpaceError, match=r"0 \.\. 1 has no grid: give it a step"):
        Float(0, 1).grid()
    with pytest.raises(SpaceError, match="too many for a grid"):
        Int(0, 10**9).grid()
    assert Int(0, 10**9).size() == 10**9 + 1
    assert Float(2, 2).grid() == [2.0]


def test_narrowing_snaps_inwards_to_the_steps():
    assert Float(0, 1, step=0.25).narrow(0.1, 0.8).grid() == [0.25, 0.5, 0.75]
    assert Int(0, 100, step=10).narrow(15, 42).grid() == [20, 30, 40]
    assert Float(1e-5, 1, log=True).narrow(low=1e-3) == Float(1e-3, 1, log=True)
    assert Int(1, 9).narrow(2.2, 7.9) == Int(3, 7)


def test_narrowing_may_also_move_a_bound_outwards_and_keeps_the_steps():
    assert Int(10, 20, step=5).narrow(low=3).grid() == [5, 10, 15, 20]
    assert Float(0, 1, step=0.25).narrow(high=1.6).grid()[-1] == 1.5
    assert Float(0.5, 1, step=0.25).narrow(low=-0.3).grid()[0] == -0.25


def test_narrowing_to_nothing_is_an_error():
    with pytest.raises(SpaceError, match=r"nothing of 0 \.\. 100, step 10, integers is left in 11 \.\. 19"):
        Int(0, 100, step=10).narrow(11, 19)
    with pytest.raises(SpaceError, match="narrow it with min and max"):
        Int(0, 100).narrow(values=[1, 2])


def test_descriptions_are_short():
    assert Float(0.001, 1, log=True).describe() == "0.001 .. 1, log"
    assert Float(0, 1, step=0.1).describe() == "0 .. 1, step 0.1"
    conditional = Int(2, 32, log=True, when={"kernel": ["a", "b"]})
    assert conditional.describe() == "2 .. 32, log, integers, when kernel = a or b"
