"""Domains as libraries search them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sweeper.samplers.axes import MANY, axis
from sweeper.space import ChoiceDomain, Domain, FloatDomain, IntDomain

ints = st.builds(
    lambda low, count, step: IntDomain(low, low + count * step, step=step),
    st.integers(-100, 100), st.integers(0, 3 * MANY), st.integers(1, 7),
)
log_ints = st.builds(lambda low, count: IntDomain(low, low + count, log=True), st.integers(1, 50), st.integers(0, 200))
floats = st.builds(
    lambda low, width, log: FloatDomain(low, low + width, log), st.floats(1e-6, 10), st.floats(0, 1e6), st.booleans()
)
stepped = st.builds(
    lambda low, count: FloatDomain(low, low + count * 0.25, step=0.25), st.integers(-9, 9), st.integers(0, 99)
)
domains = st.one_of(ints, log_ints, floats, stepped, st.builds(ChoiceDomain, st.integers(1, 9)))


@given(domains, st.floats(0, 1))
def test_a_raw_number_comes_back_from_its_place(domain: Domain, u: float) -> None:
    raw = domain.at(u)
    back = axis(domain).raw(axis(domain).place(raw))
    assert abs(back - raw) <= 1e-9 * max(1.0, abs(raw))


@given(domains, st.floats(-10, 10))
def test_a_place_outside_is_moved_inside(domain: Domain, place: float) -> None:
    raw = axis(domain).raw(place)
    assert domain.at(0) <= raw <= domain.at(1)


@given(domains)
def test_an_axis_is_fixed_when_there_is_one_value(domain: Domain) -> None:
    assert axis(domain).fixed == (domain.at(0) == domain.at(1))


def test_few_whole_numbers_stay_whole_and_many_become_real() -> None:
    assert axis(IntDomain(1, MANY)).kind == "whole"
    assert axis(IntDomain(0, MANY)).kind == "real"
    assert axis(IntDomain(1, MANY, log=True)).log
    assert axis(IntDomain(1, 1000, log=True)).kind == "real"
    assert axis(FloatDomain(0, 1, step=0.1)).high == 10
    assert axis(ChoiceDomain(500)).kind == "choice"
