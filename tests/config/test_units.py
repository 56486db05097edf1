from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.config.units import BYTES, SECONDS, parse_duration, parse_memory


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("2h", 7200), ("1.5h", 5400), ("1d", 86400), ("500ms", 0.5), ("1h30m", 5400),
     (" 1 h 30 m ", 5400), ("2H", 7200), (90, 90), (0.25, 0.25), (".5s", 0.5), ("1w", 604800)],
)  # fmt: skip
def test_durations_are_read_as_seconds(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GB", 2_000_000_000), ("512MiB", 512 * 1024**2), ("1K", 1000), ("1Ki", 1024), ("1.5 gib", 1_610_612_736),
     (4096, 4096), ("10B", 10), ("1TB", 10**12)],
)  # fmt: skip
def test_memory_is_read_as_bytes(text, size):
    assert parse_memory(text) == size


@pytest.mark.parametrize("value", ["", "soon", "10", "10 x", "m", "-5s", "5s-", "0s", 0, -1, True, None, [], math.nan,
                                   math.inf, "1h soon"])  # fmt: skip
def test_anything_else_is_refused_with_the_value_and_an_example(value):
    with pytest.raises(ValueError, match="must be a duration above zero, such as 90s") as caught:
        parse_duration(value)
    assert repr(value) in str(caught.value)
    with pytest.raises(ValueError, match="such as 512MB"):
        parse_memory(value)


@given(st.integers(1, 10**6), st.sampled_from(sorted(SECONDS)))
def test_a_number_and_a_unit_multiply(number, unit):
    assert parse_duration(f"{number}{unit}") == pytest.approx(number * SECONDS[unit])


@given(st.integers(1, 10**6), st.sampled_from(sorted(BYTES)))
def test_a_number_and_a_size_multiply(number, unit):
    assert parse_memory(f"{number} {unit}") == number * BYTES[unit]
