"""Numbers behind a latent uniform one."""

import math

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Beta, FloatDomain, LogNormal, Normal, Quantized


def test_any_sampler_searches_the_unit_interval():
    for parameter in (Normal(), LogNormal(), Beta(), Quantized(1, 10, 4)):
        assert parameter.domain == FloatDomain(0.0, 1.0)


def test_the_ends_of_the_unit_interval_are_finite():
    for parameter in (Normal(0, 1), LogNormal(0, 1), Beta(0.5, 0.5)):
        assert all(math.isfinite(parameter.decode(u)) for u in (0.0, 1.0))
    assert Normal().decode(0.0) == pytest.approx(-8.21, abs=0.01)


def test_a_value_far_out_is_at_the_end_of_the_unit_interval():
    assert Normal().encode(100.0) == 1.0
    assert Normal().encode(-100.0) == pytest.approx(0.0, abs=1e-15)


def test_a_rounded_value_is_encoded_in_the_middle_of_what_rounds_to_it():
    assert Normal(0, 1, step=1).encode(0) == pytest.approx(0.5)
    assert Quantized(1, 10, 4).encode(4) == pytest.approx((4 - 1) / 9)
    assert Quantized(1, 10, 4).decode(Quantized(1, 10, 4).encode(1)) == 1


def test_what_is_no_multiple_is_outside():
    with pytest.raises(SpaceError, match=r"0\.3 is not in normal, mean 0, deviation 1, multiples of 1"):
        Normal(0, 1, step=1).encode(0.3)
