"""Metric curves of the best trials."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sweeper.analysis.axes import Axis, value_axis
from sweeper.analysis.curves import Curves
from sweeper.report.plots.style import BLUE, FAINT, GREEN, ORANGE, PURPLE, SHORT, SKY, label, legend, titled, unit_axes

COLORS = (BLUE, ORANGE, GREEN, PURPLE, SKY)


def draw(data: Curves, ax: Axes) -> None:
    """Draw one line per trial: the best five in colours, the others grey."""
    up = value_axis(data.goal, np.concatenate([curve.reported for curve in data.curves])).axis
    steps = np.concatenate([curve.step for curve in data.curves])
    across = Axis("step", float(steps.min()), float(steps.max()), whole=True)
    unit_axes(ax, across.ticks(8), up.ticks())
    for place, curve in reversed(list(enumerate(data.curves))):
        first = place < len(COLORS)
        ax.plot(
            across.at(curve.step), np.clip(up.at(curve.reported), -0.05, 1.05),
            color=COLORS[place] if first else FAINT, linewidth=2.0 if place == 0 else 1.1 if first else 0.8,
            marker="o" if len(curve.step) <= 30 else None, ms=2.5, zorder=3 if first else 2,
        )  # fmt: skip
    for place, curve in enumerate(data.curves[: len(COLORS)]):
        ax.plot([], [], color=COLORS[place], linewidth=2, label=f"trial {curve.number}")
    titled(ax, f"{label(data.goal.name, SHORT)} of the best trials", "step", data.goal.name)
    legend(ax)
