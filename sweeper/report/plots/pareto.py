"""The first two goals against each other, with the Pareto front."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sweeper.analysis.axes import value_axis
from sweeper.analysis.best import Front
from sweeper.report.plots.style import BLUE, DENSE, FAINT, legend, note, titled, unit_axes

NAMED = 12  #: trials of the front that get their number beside them


def draw(data: Front, ax: Axes) -> None:
    """Draw all complete trials, and those that no other is better than in both (or all) goals."""
    first, second = data.goals[:2]
    across, up = value_axis(first, data.values[:, 0]).axis, value_axis(second, data.values[:, 1]).axis
    unit_axes(ax, across.ticks(), up.ticks())
    x, y = across.at(data.values[:, 0]), up.at(data.values[:, 1])
    inside = np.isfinite(x) & np.isfinite(y) & (abs(x - 0.5) <= 0.5) & (abs(y - 0.5) <= 0.5)
    ax.plot(
        x[inside], y[inside], "o", ms=3.5, mew=0, color=FAINT, alpha=0.6, label="complete", rasterized=len(x) > DENSE
    )
    best = data.front[inside[data.front]]
    joined = len(data.goals) == 2
    ax.plot(
        x[best], y[best], "o-" if joined else "o", ms=5.5, mec="white", mew=0.7, color=BLUE, linewidth=1.2,
        drawstyle="steps-post", label="Pareto front",
    )  # fmt: skip
    for place in best[:: max(1, -(-len(best) // NAMED))]:
        note(ax, float(x[place]) + 0.012, float(y[place]) + 0.012, str(data.number[place]), fontsize=7.5, va="bottom")
    titled(ax, "Pareto front", f"{first.name} ({first.direction})", f"{second.name} ({second.direction})")
    legend(ax)
