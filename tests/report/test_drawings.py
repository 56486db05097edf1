"""Which plots there are, and what is said about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sweeper.report.drawings import sections
from tests.report.conftest import Found


def test_sections_come_in_the_order_of_a_readers_questions(found: Found) -> None:
    assert list(sections(found("ordinary"))) == [
        "importance", "history", "slices", "parallel", "curves", "failures", "timeline",
    ]  # fmt: skip
    assert list(sections(found("goals")))[2] == "pareto"
    assert next(iter(sections(found("failed")))) == "failures"


def test_an_empty_sweep_has_sentences_instead_of_plots(found: Found) -> None:
    made = sections(found("empty"))

    assert not [section for section in made.values() if section.drawings]
    assert made["history"].notes == ("There are no trials yet.",)
    assert made["timeline"].notes == ("No trial has started yet.",)


def test_thinning_is_said(found: Found) -> None:
    facts = found("ordinary")
    many = replace(
        facts,
        parallel=facts.parallel._replace(total=10_000),
        slices=tuple(data._replace(total=10_000, values=data.values._replace(outside=3)) for data in facts.slices),
    )

    made = sections(many)

    assert made["parallel"].notes == (
        "400 of 10,000 trials are drawn: the best ones and an even sample of the others.",
    )
    assert made["slices"].notes == (
        "At most 1,500 of 10,000 trials are drawn: the best ones and an even sample.",
        "Triangles: 3 values far beyond the axis.",
    )


def test_every_drawing_fits_its_figure(found: Found) -> None:
    for kind in ("goals", "hostile"):
        for section in sections(found(kind)).values():
            for drawing in section.drawings:
                figure = drawing.figure()
                assert tuple(figure.get_size_inches()) == (drawing.width, drawing.height)
                (ax,) = figure.axes
                place = ax.get_position()
                assert 0 <= place.x0 < place.x1 <= 1
                assert 0 <= place.y0 < place.y1 <= 1
                assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()
