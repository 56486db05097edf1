"""Words for people."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.cli import text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.976633, "0.9766"),
        (1.0, "1"),
        (0, "0"),
        (1e-5, "1e-5"),
        (0.00012347, "0.0001235"),
        (12345.678, "12346"),
        (123456789.4, "123456789"),
        (1.5e12, "1.5e12"),
        (-0.5, "-0.5"),
        (31, "31"),
        (True, "true"),
        (None, "-"),
        (math.nan, "NaN"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_numbers_have_four_significant_digits_and_keep_their_whole_part(value: float | None, shown: str) -> None:
    assert text.number(value) == shown


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_shown_number_is_near_the_number(value: float) -> None:
    assert float(text.number(value)) == pytest.approx(value, rel=5e-4)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.42, "0.42 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (273_700, "3 d 4 h"),
        (-1, "0 s"),
        (None, "-"),
        (math.inf, "-"),
    ],
)
def test_durations_have_their_two_largest_units(seconds: float | None, shown: str) -> None:
    assert text.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1, "now"), (42, "42 s ago"), (330, "5 min ago"), (7300, "2 h ago"), (900_000, "10 d ago")]
)
def test_ages(seconds: float, shown: str) -> None:
    assert text.ago(1000.0, 1000.0 + seconds) == shown


def test_a_clock_grows_hours_when_it_needs_them() -> None:
    assert [text.clock(7), text.clock(750), text.clock(3723)] == ["0:07", "12:30", "1:02:03"]


@given(st.text())
def test_inert_text_is_one_line_without_control_characters(raw: str) -> None:
    shown = text.inert(raw)
    assert shown.isprintable()
    assert "\x1b" not in shown


def test_inert_text_shows_what_was_there() -> None:
    assert text.inert("red \x1b[31m\nnext\u202e \u00e9\u00a0[bold]") == "red \\x1b[31m\\nnext\\u202e \u00e9 [bold]"


def test_a_block_keeps_its_lines_and_nothing_else() -> None:
    assert text.block("a\tb\n\x07c") == "a    b\n\\x07c"


def test_values_are_written_as_yaml_writes_them() -> None:
    assert [text.value_text(value) for value in (None, True, 3, 0.5, "rbf", [1, "a"], {"x": None})] == [
        "null",
        "true",
        "3",
        "0.5",
        "rbf",
        '[1, "a"]',
        '{"x": null}',
    ]


def test_parameters_fit_on_one_line() -> None:
    assert text.params_text({"depth": 4, "kind": "a\nb"}) == "depth=4 kind=a\\nb"
