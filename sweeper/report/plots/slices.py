"""One parameter against the value."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from sweeper.analysis.slices import Slice
from sweeper.report.plots.style import BLUE, DENSE, RED, edge_marks, label, titled, unit_axes

AGE = LinearSegmentedColormap.from_list("age", ["#b9c0c7", "#7ea6c4", BLUE])


def draw(data: Slice, ax: Axes) -> None:
    """Draw each trial as a dot, early ones grey and late ones blue; the best is a red star.

    Values beyond the axis are triangles at its end.
    """
    axis, up = data.axis, data.values.axis
    unit_axes(ax, axis.ticks(), up.ticks())
    x = data.at
    if axis.labels:  # spread the dots of one choice, always in the same way
        spread = ((data.age * 7919.0) % 1.0 - 0.5) * min(0.6 / len(axis.labels), 0.12)
        x = x + spread
    far = data.beyond
    edge_marks(ax, x[far], data.height[far])
    ax.scatter(
        x[~far], data.height[~far], c=data.age[~far], cmap=AGE, vmin=0, vmax=1, s=14, linewidths=0, alpha=0.8,
        rasterized=len(x) > DENSE,
    )  # fmt: skip
    if data.best is not None:
        best = slice(data.best, data.best + 1)
        ax.plot(x[best], data.height[best], "*", ms=12, color=RED, mec="white", mew=0.7)
    titled(ax, "", label(axis.name, 34) + (" (log)" if axis.log else ""), up.name)
    if len(axis.labels) > 5:
        ax.tick_params(axis="x", labelrotation=90 if len(axis.labels) > 9 else 30)
    ax.grid(True, axis="x", color="#eceff2", linewidth=0.6)
