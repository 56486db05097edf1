"""Words for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.cli import text


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
