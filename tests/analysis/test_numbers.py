"""Numbers that people can read."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sweeper.analysis.numbers import count, duration, number, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.947123456, "0.9471"), (1e-5, "1e-5"), (123456.789, "123457"), (1e12, "1e12"), (0.0, "0"), (-0.05, "-0.05"),
        (math.nan, "NaN"), (math.inf, "inf"), (-math.inf, "-inf"), (None, "-"), (7, "7"),
        (True, "true"), (10**20, "1e20"),
        (1.7976931348623157e308, "1.7976931348623157e308"),
    ],
)  # fmt: skip
def test_numbers_have_four_digits(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ("a b", "a b"),
        ([1, "a"], '[1, "a"]'),
        ({"k": None}, '{"k": null}'),
        (0.5, "0.5"),
        (False, "false"),
    ],
)
def test_values_are_written_as_yaml_would(value: Any, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0421, "0.042 s"), (9.94, "9.9 s"), (59.6, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"),
        (273_600, "3 d 4 h"), (None, "-"), (math.nan, "-"),
    ],
)  # fmt: skip
def test_durations_have_their_two_largest_units(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_counts_have_their_noun() -> None:
    assert [count(1, "trial"), count(0, "trial"), count(10_000, "trial")] == ["1 trial", "0 trials", "10,000 trials"]
