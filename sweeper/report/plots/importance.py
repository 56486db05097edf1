"""Parameter importance: a bar and its interval for each parameter, for the whole range and for the best trials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sweeper.analysis.axes import Axis, Tick
from sweeper.analysis.columns import Floats
from sweeper.analysis.importance import Importance, ParameterImportance, Share
from sweeper.report.plots.style import BLUE, GRID, INK, ORANGE, SHORT, label, legend, titled, x_ticks, y_ticks

MOST = 20  #: parameters shown


def shown(data: Importance) -> list[ParameterImportance]:
    """The parameters that get a bar, the most important first."""
    return [found for found in data.parameters if found.whole or found.good][:MOST]


def draw(data: Importance, ax: Axes) -> None:
    """Draw two bars per parameter. A bar whose interval reaches the next one's is lighter."""
    parameters = shown(data)
    whole, good = [found.whole for found in parameters], [found.good for found in parameters]
    both = any(whole) and any(good)
    height = 0.36 if both else 0.6
    middle = np.arange(len(parameters), dtype=float)
    if any(whole):
        _bars(ax, middle - (height / 2 if both else 0), height, whole, BLUE, "over the whole range")
    if any(good):
        _bars(ax, middle + (height / 2 if both else 0), height, good, ORANGE, "for reaching the best 20 %")
    widest = max(share.high for share in (*whole, *good) if share)
    axis = Axis("", 0.0, max(widest, 0.05) * 1.02)
    ax.set(xlim=(0, axis.high), ylim=(len(parameters) - 0.4, -0.6))
    y_ticks(ax, [Tick(float(at), found.name) for at, found in zip(middle, parameters, strict=True)])
    x_ticks(ax, [Tick(tick.at * axis.high, f"{tick.at * axis.high:.0%}") for tick in axis.ticks()])
    ax.grid(False, axis="y")
    ax.grid(True, axis="x", color=GRID, linewidth=0.7)
    ax.tick_params(axis="y", length=0)
    titled(
        ax,
        f"What matters for {label(data.goal, SHORT)}",
        "share of variance that it explains on its own, with 90 % interval",
    )
    legend(ax)


def _bars(ax: Axes, at: Floats, height: float, shares: Sequence[Share | None], color: str, name: str) -> None:
    text = name
    for place, share in zip(at, shares, strict=True):
        if share is None:
            continue
        ax.barh(place, share.value, height * 0.86, color=color, alpha=0.45 if share.uncertain else 0.95, label=text)
        ax.plot([share.low, share.high], [place, place], color=INK, linewidth=1.0, solid_capstyle="butt")
        text = "_"
