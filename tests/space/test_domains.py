"""What a sampler searches, and its unit interval."""

from collections import Counter

import pytest

from sweeper.space import ChoiceDomain, FloatDomain, IntDomain

EVEN = [(place + 0.5) / 10_000 for place in range(10_000)]


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        (IntDomain(3, 7), [3, 4, 5, 6, 7]),
        (IntDomain(-4, 5, step=3), [-4, -1, 2, 5]),
        (ChoiceDomain(4), [0, 1, 2, 3]),
        (FloatDomain(0.0, 1.0, step=0.25), [0.0, 0.25, 0.5, 0.75, 1.0]),
    ],
)
def test_steps_and_choices_are_equally_likely_the_ends_too(domain, values):
    counts = Counter(domain.at(u) for u in EVEN)
    assert sorted(counts) == values
    assert max(counts.values()) - min(counts.values()) <= 1


def test_a_log_axis_gives_each_decade_the_same_share():
    draws = [FloatDomain(1e-4, 1.0, log=True).at(u) for u in EVEN]
    assert [sum(low <= draw < 10 * low for draw in draws) for low in (1e-4, 1e-3, 1e-2, 1e-1)] == [2500] * 4


def test_integers_on_a_log_axis_are_as_likely_as_their_cells_are_wide():
    counts = Counter(IntDomain(1, 100, log=True).at(u) for u in EVEN)
    assert set(counts) == set(range(1, 101))
    assert counts[1] > counts[2] > counts[10] > counts[100] > 0


def test_the_ends_are_exact_although_logarithms_are_not():
    for low, high in [(0.1, 0.3), (1e-5, 0.1), (3e-7, 123.4), (5e-324, 1e308)]:
        domain = FloatDomain(low, high, log=True)
        assert (domain.at(0.0), domain.at(1.0)) == (low, high)
        assert (domain.position(low), domain.position(high)) == (0.0, 1.0)


def test_a_single_value_is_in_the_middle():
    assert FloatDomain(2.0, 2.0).position(2.0) == 0.5
    assert FloatDomain(2.0, 2.0, log=True).at(0.7) == 2.0
    assert IntDomain(2, 2).position(2) == 0.5
