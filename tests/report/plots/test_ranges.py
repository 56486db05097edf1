"""The picture of ranges: a panel for each parameter, a lane for each sweep."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from sweeper.analysis.ranges.survey import survey
from sweeper.errors import UsageError
from sweeper.report.plots import ranges
from sweeper.report.plots.style import figure, finish
from sweeper.report.ranges_figure import figure as whole
from sweeper.report.ranges_figure import picture
from sweeper.space import Float
from tests.analysis.ranges.conftest import bowl, several


def test_each_sweep_has_a_lane_and_the_band_is_the_recommendation() -> None:
    lr = survey(several(bowl, 4))[0]
    made, ax = figure(6, 3)

    ranges.draw(lr, ax)
    finish(made).draw_without_rendering()

    assert [text.get_text() for text in ax.get_yticklabels()] == [f"past 00000{number}" for number in (4, 3, 2, 1)]
    (band,) = (patch for patch in ax.patches if isinstance(patch, Rectangle))
    advised = lr.recommendation.parameter
    assert isinstance(advised, Float)
    low, high = lr.evidence.axis.at(np.array([advised.low, advised.high]))
    assert band.get_x() == pytest.approx(low, abs=0.01)
    assert band.get_x() + band.get_width() == pytest.approx(high, abs=0.01)
    assert sum(line.get_marker() == "*" for line in ax.lines) == 4


def test_what_stays_has_no_band() -> None:
    depth = next(each for each in survey(several(bowl, 4)) if each.name == "depth")
    made, ax = figure(6, 3)

    ranges.draw(depth, ax)

    assert not ax.patches
    assert ax.get_title(loc="right") == "keep"
    finish(made).draw_without_rendering()


def test_many_sweeps_are_cut_to_the_latest() -> None:
    (lr, *_) = survey(several(bowl, 20, trials=20))

    assert len(ranges.lanes(lr)) == 12
    assert ranges.lanes(lr)[0].sweep.seed == 20


def test_parameters_that_change_come_first() -> None:
    made = whole(survey(several(bowl, 4)), "train.py:train")

    titles = [ax.get_title(loc="left") for ax in made.axes]
    assert set(titles[:2]) == {"lr (log)", "kind"}
    assert len(titles) == 4


@pytest.mark.parametrize(("suffix", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_both_kinds_of_files(suffix: str, start: bytes) -> None:
    assert picture(survey(several(bowl, 1))[:1], "one", suffix).startswith(start)


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(UsageError, match=r"choose from: \.png, \.svg"):
        picture(survey(several(bowl, 1))[:1], "one", ".gif")
