"""Best so far of several sweeps, by trials, by time and by cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sweeper.analysis.axes import Axis, Tick, ValueAxis, linear_ticks, value_axis
from sweeper.analysis.columns import Floats
from sweeper.analysis.compare import Comparison, Side
from sweeper.analysis.numbers import duration
from sweeper.analysis.progress import BY, Progress
from sweeper.report.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    RED,
    SHORT,
    SIZE,
    SKY,
    finish,
    label,
    panels,
    titled,
    unit_axes,
)  # fmt: skip

COLORS = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)
LINES = ("-", "--", ":")
WIDE, HIGH = 10.5, 3.9
STEPS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600, 43200, 86400)  #: seconds
A_ROW = 3  #: labels in a row above the plots


def draw(data: Comparison) -> Figure:
    """Draw one panel for each way to count, with one line per sweep; dots are where each sweep ended."""
    sides = [(side, side.progress) for side in data.sides if side.progress is not None and side.best is not None]
    assert data.goal is not None
    assert sides, "there is nothing to draw"
    rows = -(-len(sides) // A_ROW)
    made, axes = panels(WIDE, HIGH + 0.2 * rows, len(BY), top=0.75 + 0.2 * rows)
    values = value_axis(data.goal, np.concatenate([_shown(found) for _, found in sides]))
    titles = {"trials": "trials that ended", "time": "working time", "cost": _unit([found for _, found in sides])}
    for ax, by in zip(axes, BY, strict=True):
        _panel(ax, by, sides, values)
        titled(ax, "", titles[by], data.goal.name if ax is axes[0] else "")
    title = f"Best {label(data.goal.name, SHORT)} so far ({data.goal.direction})"
    made.text(
        0.012, 1 - 0.12 / made.get_figheight(), title, fontsize=SIZE + 1.5, fontweight="bold", color=INK, va="top"
    )
    handles, names = axes[0].get_legend_handles_labels()
    made.legend(
        handles, [label(name, 44) for name in names], frameon=False, fontsize=SIZE, labelcolor=INK, loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.36 / made.get_figheight()), ncols=A_ROW, borderaxespad=0.1,
    )  # fmt: skip
    return finish(made)


def _panel(ax: Axes, by: str, sides: Sequence[tuple[Side, Progress]], values: ValueAxis) -> None:
    longest = max(float(found.spent(by)[-1]) for _, found in sides)
    across = Axis(by, 0.0, longest or 1.0, whole=by == "trials")
    seconds = by == "time" or (by == "cost" and all(found.unit.startswith("seconds") for _, found in sides))
    ticks = _clock_ticks(across.high) if seconds else across.ticks(5)
    unit_axes(ax, ticks, values.axis.ticks())
    ax.tick_params(axis="y", labelleft=by == BY[0])
    for i, (side, found) in enumerate(sides):
        there = ~np.isnan(found.best)
        x = across.at(found.spent(by)[there])
        y = np.clip(values.axis.at(found.best[there]), -1, 2)  # from beyond the panel a line comes in over its edge
        color, line = COLORS[i % len(COLORS)], LINES[i // len(COLORS) % len(LINES)]
        ax.plot(x, y, drawstyle="steps-post", color=color, linestyle=line, linewidth=1.8, label=side.label)
        ax.plot(x[-1:], y[-1:], "o", ms=5, color=color, mec="white", mew=0.8)


def _shown(found: Progress) -> Floats:
    """The values that the best-so-far line goes through, but for the first few, which would squeeze the rest."""
    best = found.best[~np.isnan(found.best)]
    return np.unique(best[min(len(best) // 20, 3) :])


def _unit(found: Sequence[Progress]) -> str:
    units = list(dict.fromkeys(one.unit for one in found))
    return "compute" if units == ["seconds of compute"] else f"cost ({', '.join(units)})"


def _clock_ticks(longest: float) -> list[Tick]:
    """Ticks at times that a person counts in: 10 s, 2 min, 6 h."""
    if longest < STEPS[0] * 2:
        return [Tick(time / longest, duration(time) if time else "0") for time in linear_ticks(0.0, longest, 4)]
    step = next((step for step in STEPS if longest / step <= 4.5), STEPS[-1] * math.ceil(longest / STEPS[-1] / 4))
    times = np.arange(0, longest * 1.0001, step)
    return [Tick(float(time / longest), duration(float(time)) if time else "0") for time in times]
