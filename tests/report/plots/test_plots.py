"""What each plot draws of its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from sweeper.report.plots import curves, failures, history, importance, parallel, pareto, slices, timeline
from sweeper.report.plots.style import BLUE, RED, figure, finish
from tests.report.conftest import Found


def drawn(draw: Callable[[Any, Axes], None], data: Any) -> Axes:
    made, ax = figure(7, 4)
    draw(data, ax)
    finish(made).draw_without_rendering()
    return ax


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [] if found is None else [text.get_text() for text in found.get_texts()]


def labels(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_yticklabels()]


def test_history_marks_the_best_and_the_failed(found: Found) -> None:
    ax = drawn(history.draw, found("ordinary").histories[0])

    assert legend(ax) == ["complete", "pruned", "failed", "best so far"]
    assert texts(ax) == ["0.9506 in trial 19"]
    assert len(ax.lines[2].get_xdata()) == 4
    assert ax.get_title(loc="left") == "Best accuracy so far (maximize)"


def test_history_without_a_complete_trial_has_no_line(found: Found) -> None:
    data = found("ordinary").histories[0]
    ax = drawn(history.draw, data._replace(best_number=data.best_number[:0], best_value=data.best_value[:0]))

    assert "best so far" not in legend(ax)


def test_importance_has_a_bar_and_an_interval_for_each_parameter_and_region(found: Found) -> None:
    data = found("ordinary").importances[0]
    ax = drawn(importance.draw, data)

    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert labels(ax) == [parameter.name for parameter in data.parameters]
    assert len(bars) == len(ax.lines) == 14
    share = data.parameters[0].whole
    assert share is not None
    assert bars[0].get_width() == share.value
    assert list(ax.lines[0].get_xdata()) == [share.low, share.high]
    assert legend(ax) == ["over the whole range", "for reaching the best 20 %"]


def test_slices_put_every_trial_at_its_value(found: Found) -> None:
    data = next(data for data in found("ordinary").slices if data.axis.name == "learning_rate")
    ax = drawn(slices.draw, data)

    (dots,) = [made for made in ax.collections if isinstance(made, PathCollection)]
    assert np.allclose(dots.get_offsets()[:, 0], data.at)
    assert len(ax.lines[0].get_xdata()) == 1
    assert ax.get_xlabel() == "learning_rate (log)"


def test_choices_are_spread_within_their_cell(found: Found) -> None:
    data = next(data for data in found("ordinary").slices if data.axis.name == "criterion")
    ax = drawn(slices.draw, data)

    (dots,) = [made for made in ax.collections if isinstance(made, PathCollection)]
    assert abs(dots.get_offsets()[:, 0] - data.at).max() < 0.5 / 3
    assert [text.get_text() for text in ax.get_xticklabels()] == ["gini", "entropy", "log_loss"]


def test_parallel_coordinates_have_a_lane_for_what_is_not_set(found: Found) -> None:
    ax = drawn(parallel.draw, found("conditional").parallel)

    lines = [made for made in ax.collections if isinstance(made, LineCollection)]
    assert sum(len(made.get_segments()) for made in lines) == 90
    assert "not set" in texts(ax)
    assert {"C (log)", "gamma (log)", "kernel", "loss"} <= set(texts(ax))
    assert to_hex(lines[-1].get_color()[0]) == RED
    assert "not set" not in texts(drawn(parallel.draw, found("ordinary").parallel))


def test_curves_name_the_best_five(found: Found) -> None:
    data = found("ordinary").curves
    ax = drawn(curves.draw, data)

    assert legend(ax) == [f"trial {curve.number}" for curve in data.curves[:5]]
    assert len([line for line in ax.lines if len(line.get_xdata())]) == 10


def test_the_front_is_joined_and_numbered(found: Found) -> None:
    data = found("goals").front
    assert data is not None
    ax = drawn(pareto.draw, data)

    assert len(ax.lines[0].get_xdata()) == 80
    assert len(ax.lines[1].get_xdata()) == len(data.front)
    assert texts(ax) == [str(number) for number in data.number[data.front]]
    assert ax.get_xlabel() == "accuracy (maximize)"


def test_the_timeline_has_a_bar_for_each_trial(found: Found) -> None:
    ax = drawn(timeline.draw, found("ordinary").timeline)

    bars = [made for made in ax.collections if isinstance(made, PolyCollection)]
    assert sum(len(made.get_paths()) for made in bars) == 60
    assert legend(ax) == ["complete (50)", "pruned (6)", "failed (4)"]
    assert to_hex(bars[0].get_facecolor()[0]) == BLUE


def test_failures_have_a_bar_with_its_count(found: Found) -> None:
    ax = drawn(failures.draw, found("failed").failures)

    assert texts(ax) == ["7", "7", "6"]
    assert labels(ax)[0] == "exit: the process ended with exit code 3"
