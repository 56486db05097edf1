"""A registered model from version to version: its metrics, and the importance of its features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sweeper.analysis.axes import Tick
from sweeper.analysis.numbers import number
from sweeper.registry.progress import Progress
from sweeper.report.plots.style import (
    BLUE,
    GREEN,
    GRID,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    RED,
    SHORT,
    SIZE,
    SKY,
    finish,
    label,
    titled,
    x_ticks,
)

COLORS = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY)
METRICS, FEATURES = 4, 6  #: drawn at most
WIDTH, PANEL, IMPORTANCE, GAP, TOP, BOTTOM, LEFT, RIGHT = 7.0, 1.45, 2.2, 0.5, 0.45, 0.6, 0.75, 1.55  #: inches
CROWDED = 12  #: versions above which not each gets a tick


def figure(data: Progress) -> Figure:
    """Return one panel per metric, the goals first, and one for the features that mattered most."""
    metrics = list(data.metrics)[:METRICS]
    heights = [PANEL] * len(metrics) + ([IMPORTANCE] if data.importance else [])
    total = TOP + BOTTOM + sum(heights) + GAP * max(len(heights) - 1, 0)
    made = Figure(figsize=(WIDTH, total), facecolor=PAPER)
    upper = total - TOP
    axes: list[Axes] = []
    for height in heights:
        upper -= height
        axes.append(made.add_axes((LEFT / WIDTH, upper / total, (WIDTH - LEFT - RIGHT) / WIDTH, height / total)))
        upper -= GAP
    for ax, metric in zip(axes, metrics, strict=False):
        _metric(ax, data, metric)
    if data.importance:
        _importance(axes[-1], data)
    for ax in axes:
        _dress(ax, data, last=ax is axes[-1])
    return finish(made)


def _metric(ax: Axes, data: Progress, metric: str) -> None:
    values = np.array(data.metrics[metric])
    x = np.arange(len(values), dtype=float)
    ax.plot(x, values, "-", color=BLUE, linewidth=1.6)
    ax.plot(x, values, "o", ms=5, color=BLUE, mec=PAPER, mew=0.8)
    known = [place for place in x if math.isfinite(values[int(place)])]
    if known:
        last = int(known[-1])
        _beside(ax, last, float(values[last]), number(float(values[last])), INK, weight="bold")
    for i, aliases in enumerate(data.aliases):
        if aliases and math.isfinite(values[i]):
            below = i > 0 and values[i - 1] > values[i]  # where the line does not come from
            _named(ax, i, float(values[i]), f"@{aliases[0]}", below)
    titled(ax, f"{label(metric, SHORT)} of {label(data.name, SHORT)}")
    ax.margins(y=0.32)


def _importance(ax: Axes, data: Progress) -> None:
    features = list(data.importance)[:FEATURES]
    x = np.arange(len(data.numbers), dtype=float)
    ends: list[tuple[float, str, str]] = []
    for feature, color in zip(features, COLORS, strict=False):
        values = np.array(data.importance[feature])
        ax.plot(x, values, "o-", ms=4, mec=PAPER, mew=0.6, color=color, linewidth=1.4)
        known = values[np.isfinite(values)]
        if len(known):
            ends.append((float(known[-1]), feature, color))
    ax.set_ylim(min(0.0, ax.get_ylim()[0] if min(ends, default=(0.0,))[0] < 0 else 0.0), ax.get_ylim()[1])
    for y, (_, feature, color) in zip(_apart([end for end, _, _ in ends], ax), ends, strict=True):
        _beside(ax, len(x) - 1, y, label(feature, 20), color)
    more = f", the {FEATURES} that matter most of {len(data.importance)}" if len(data.importance) > FEATURES else ""
    titled(ax, f"Feature importance{more}")


def _beside(ax: Axes, place: int, y: float, text: str, color: str, weight: str = "normal") -> None:
    """Write to the right of a point, over the edge of the axes if need be."""
    ax.annotate(
        label(text, 60), (place, y), (8, 0), textcoords="offset points", va="center", color=color,
        fontsize=SIZE - 0.5, fontweight=weight, annotation_clip=False,
    )  # fmt: skip


def _named(ax: Axes, place: int, y: float, text: str, below: bool) -> None:
    ax.annotate(
        label(text, 18), (place, y), (0, -8 if below else 7), textcoords="offset points", ha="center",
        va="top" if below else "bottom", color=MUTED, fontsize=SIZE - 1.5,
    )  # fmt: skip


def _apart(ends: Sequence[float], ax: Axes) -> list[float]:
    """Return where to write beside the ends of lines, so that no two texts lie over one another."""
    low, high = ax.get_ylim()
    step = (high - low) * 0.085
    placed = dict(enumerate(ends))
    order = sorted(placed, key=lambda i: ends[i])
    at = low - step
    for i in order:  # from the foot up, none below the axis
        placed[i] = at = max(placed[i], at + step)
    at = high + step
    for i in reversed(order):  # and down again from the top
        placed[i] = at = min(placed[i], at - step)
    return [placed[i] for i in range(len(ends))]


def _dress(ax: Axes, data: Progress, last: bool) -> None:
    ax.set_facecolor("none")
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(MUTED)
        spine.set_linewidth(0.8)
    ax.tick_params(colors=MUTED, labelsize=SIZE - 0.5, width=0.8, length=3, labelcolor=INK)
    ax.grid(True, axis="y", color=GRID, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.set_xlim(-0.3, len(data.numbers) - 0.7)
    ax.locator_params(axis="y", nbins=4)
    every = max(1, math.ceil(len(data.numbers) / CROWDED))
    ticks = [Tick(float(i), _tick(data, i) if last else "") for i in range(len(data.numbers))]
    x_ticks(ax, ticks[::-1][::every][::-1])
    if last:
        ax.set_xlabel("version", fontsize=SIZE, color=INK)


def _tick(data: Progress, place: int) -> str:
    """The number of a version, and its day where there is room for it."""
    if len(data.numbers) > 6:
        return str(data.numbers[place])
    day = datetime.fromtimestamp(data.created[place], UTC).strftime("%d %b")
    return f"{data.numbers[place]}  ({day})"
