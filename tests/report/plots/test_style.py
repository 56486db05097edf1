"""Labels are literal, short and drawable."""

from __future__ import annotations

import warnings

from hypothesis import given
from hypothesis import strategies as st

from sweeper.report.picture import png
from sweeper.report.plots.style import LONGEST, figure, finish, label, titled


@given(st.text(max_size=100))
def test_a_label_is_one_short_line(text: str) -> None:
    made = label(text)

    assert len(made) <= LONGEST
    assert len(made.splitlines()) <= 1


def test_a_long_name_ends_in_an_ellipsis_and_a_strange_character_is_a_box() -> None:
    assert label("x" * 5000) == "x" * 27 + "…"
    assert label("lr \U0001f680 \u202e\x1bé") == "lr □ é"


def test_mathematics_and_tex_are_off() -> None:
    made, ax = figure(3, 2)
    titled(ax, "$\\undefined{", "100 $ or $\\frac{1}$", "$x$")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert png(finish(made))
    assert ax.title.get_text() == ""
    assert ax.get_title(loc="left") == "$\\undefined{"
