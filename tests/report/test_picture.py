"""Figures as bytes."""

from __future__ import annotations

from xml.etree import ElementTree

from matplotlib.figure import Figure

from sweeper.report.picture import png, svg
from sweeper.report.plots.style import figure, finish, note, titled


def drawn(title: str = "a title") -> str:
    return svg(made(title))


def made(title: str = "a title") -> Figure:
    figure_, ax = figure(3, 2)
    ax.plot([0, 1], [0, 1], rasterized=True)
    note(ax, 0.5, 0.5, "$\\frac{x}$")
    titled(ax, title)
    return finish(figure_)


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert drawn() == drawn()
    assert png(made()) == png(made())


def test_an_svg_is_well_formed_and_holds_no_comment_that_text_could_enter() -> None:
    text = drawn("--><script>alert(1)</script>")

    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "<!--" not in text
    assert "<script" not in text
    assert "alert" not in text
