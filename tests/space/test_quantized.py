"""W&B's quantised ranges."""

from collections import Counter

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Float, FloatDomain, Int, IntDomain, Quantized


def test_quantised_values_stay_in_their_bounds():
    assert Quantized(1, 10, 4).grid() == [1, 4, 8]
    assert Quantized(3, 21, 8, log=True).grid() == [3, 8, 16, 21]
    assert {Quantized(3, 21, 8, log=True).decode(u / 1000) for u in range(1001)} == {3, 8, 16, 21}
    assert Quantized(0.5, 3.5, 1).grid() == [1, 2, 3]
    assert Quantized(5.5, 13, 4).grid() == [6, 8, 12]
    assert Quantized(5.5, 13, 4).encode(6) < Quantized(5.5, 13, 4).encode(8)


def test_multiples_as_bounds_are_steps_with_equal_shares():
    assert Quantized(0, 1, 0.25).domain == FloatDomain(0.0, 1.0, step=0.25)
    assert Quantized(8, 64, 8).domain == IntDomain(8, 64, step=8)
    assert Quantized(1, 64, 1, log=True).domain == IntDomain(1, 64, log=True)
    assert Quantized(0, 1, 0.25).grid() == Float(0, 1, step=0.25).grid()
    assert Quantized(8, 64, 8).grid() == Int(8, 64, step=8).grid()


def test_rounding_gives_each_multiple_what_the_range_holds_of_it():
    counts = Counter(Quantized(1, 10, 4).decode((place + 0.5) / 900) for place in range(900))
    assert counts == {1: 100, 4: 400, 8: 400}


def test_narrowing_rounds_to_the_same_multiples():
    assert Quantized(1, 100, 7).narrow(10, 20).grid() == [10, 14, 20]
    with pytest.raises(SpaceError, match="narrow it with min and max"):
        Quantized(1, 100, 7).narrow(values=[7])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Quantized(1, 2, 0), "q: is 0"),
        (lambda: Quantized(0.2, 0.8, 1), "no whole number"),
        (lambda: Quantized(0, 5, 2, log=True), "min: is 0; a log axis"),
        (lambda: Quantized(1, 5, 2).encode(3), "3 is not in 1 .. 5, multiples of 2"),
    ],
)
def test_impossible_ranges_and_values_say_what_is_wrong(make, words):
    with pytest.raises(SpaceError, match=words):
        make()


def test_descriptions_are_short():
    assert Quantized(3, 21, 8, log=True).describe() == "3 .. 21, log, multiples of 8"
