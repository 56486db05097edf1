"""When each trial ran."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from sweeper.analysis.axes import Axis, Tick
from sweeper.analysis.columns import Floats
from sweeper.analysis.numbers import duration
from sweeper.analysis.timeline import Timeline
from sweeper.report.plots.style import DENSE, STATES, legend, titled, x_ticks, y_ticks

UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"))


def draw(data: Timeline, ax: Axes) -> None:
    """Draw a bar for each trial, coloured by how it ended, in as many lanes as ran at once."""
    size, unit = next(((size, unit) for size, unit in UNITS if data.seconds >= 2 * size), UNITS[-1])
    span = max(data.seconds, 1e-9)
    ax.set(xlim=(-0.01 * span, 1.01 * span), ylim=(data.lanes - 0.4, -0.6))
    least = span / 1500  # every bar stays visible
    end = np.maximum(data.end, data.start + least)
    for state, color in STATES.items():
        mask = data.state == state
        if not mask.any():
            continue
        left, right, lane = merged(data.start[mask], end[mask], data.lane[mask], least)
        corners = [(left, lane - 0.4), (right, lane - 0.4), (right, lane + 0.4), (left, lane + 0.4)]
        boxes = np.stack([np.column_stack(corner) for corner in corners], axis=1)
        ax.add_collection(
            PolyCollection(
                list(boxes),
                facecolors=color,
                edgecolors="white",
                linewidths=0.4 if mask.sum() < 400 else 0.0,
                rasterized=bool(mask.sum() > DENSE),
            )
        )
        ax.plot([], [], "s", color=color, ms=6, label=f"{state} ({mask.sum():,})")
    axis = Axis("", 0.0, span / size)
    x_ticks(ax, [Tick(tick.at * span, tick.label) for tick in axis.ticks(8)])
    lanes = sorted({0, data.lanes - 1} if data.lanes > 12 else set(range(data.lanes)))
    y_ticks(ax, [Tick(float(lane), str(lane + 1)) for lane in lanes])
    ax.grid(False)
    titled(ax, f"{duration(data.seconds)}, busy {data.busy:.0%}", f"{unit} since the first trial began", "at once")
    legend(ax)


def merged(left: Floats, right: Floats, lane: NDArray[np.int64], least: float) -> tuple[Floats, Floats, Floats]:
    """Return the bars with those that begin within ``least`` of one another in one lane as one: they look like it."""
    place = np.floor(left / least).astype(np.int64)
    order = np.lexsort((left, place, lane))
    left, right, lane, place = left[order], right[order], lane[order], place[order]
    first = np.flatnonzero(np.r_[True, (np.diff(lane) != 0) | (np.diff(place) != 0)])
    return left[first], np.maximum.reduceat(right, first), lane[first].astype(float)
