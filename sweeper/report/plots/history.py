"""Best value so far, over all trials."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sweeper.analysis.axes import Axis
from sweeper.analysis.best import History
from sweeper.analysis.numbers import number
from sweeper.report.plots.style import (
    BLUE,
    DENSE,
    FAINT,
    INK,
    RED,
    SHORT,
    SKY,
    edge_marks,
    label,
    legend,
    note,
    titled,
    unit_axes,
)


def draw(data: History, ax: Axes) -> None:
    """Draw each trial's value as a dot, the best so far as a line, and failed trials as ticks at the foot.

    Values beyond the axis are triangles at its end.
    """
    across = Axis("trial", 0.0, max(float(data.last), 1.0), whole=True)
    up = data.values.axis
    unit_axes(ax, across.ticks(8), up.ticks())
    inside = data.values.inside(data.value)
    for mask, color, name in ((~data.pruned, FAINT, "complete"), (data.pruned, SKY, "pruned")):
        shown = mask & inside
        if shown.any():
            x, y = across.at(data.number[shown].astype(float)), up.at(data.value[shown])
            ax.plot(x, y, "o", ms=3, mew=0, color=color, alpha=0.75, label=name, rasterized=bool(shown.sum() > DENSE))
    edge_marks(
        ax, across.at(data.number[~inside].astype(float)), np.clip(up.at(data.value[~inside]), 0, 1), name="beyond"
    )
    if len(data.failed):
        x = across.at(data.failed.astype(float))
        ax.plot(x, np.full(len(x), -0.035), "|", ms=6, mew=1, color=RED, label="failed", rasterized=len(x) > DENSE)
    if len(data.best_number):
        x = across.at(np.r_[data.best_number, data.last].astype(float))
        y = np.clip(up.at(np.r_[data.best_value, data.best_value[-1]]), 0, 1)
        ax.plot(x, y, drawstyle="steps-post", color=BLUE, linewidth=1.8, label="best so far")
        ax.plot(x[-2:-1], y[-2:-1], "o", ms=5.5, color=BLUE, mec="white", mew=0.8)
        minimize = data.goal.direction == "minimize"
        text = f"{number(float(data.best_value[-1]))} in trial {data.best_number[-1]}"
        right = x[-2] > 0.7
        note(
            ax, float(x[-2]) + (-0.012 if right else 0.012), float(y[-1]) + (-0.025 if minimize else 0.02), text, INK,
            ha="right" if right else "left", va="top" if minimize else "bottom", fontweight="bold",
        )  # fmt: skip
        ax.set_ylim((-0.11, 1.05) if minimize else (-0.05, 1.11))
    titled(ax, f"Best {label(data.goal.name, SHORT)} so far ({data.goal.direction})", "trial", data.goal.name)
    legend(ax)
