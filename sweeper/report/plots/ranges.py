"""One parameter over past sweeps: a lane for each, and the recommended range as a band across them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sweeper.analysis.axes import choice_at
from sweeper.analysis.ranges.evidence import Evidence, Lane, bounds
from sweeper.analysis.ranges.shape import range_text
from sweeper.analysis.ranges.survey import BINS, ParameterRange
from sweeper.report.plots.style import BLUE, GREEN, INK, MUTED, ORANGE, RED, SIZE, label, x_ticks

MOST = 12  #: lanes; of more sweeps the latest
THICK = 0.5  #: of a lane that the explored range takes


def lanes(found: ParameterRange) -> tuple[Lane, ...]:
    """Return the lanes that are drawn, the latest first."""
    return found.evidence.lanes[::-1][:MOST]


def draw(found: ParameterRange, ax: Axes, names: bool = True) -> None:
    """Draw the lanes, the latest sweep at the top.

    A thin line is the declared range, a thick one what was explored, darker where it was tried more often; ticks are
    the good trials, the star is the best. The band is what the next sweep should search.
    """
    evidence, shown = found.evidence, lanes(found)
    low, high = _band(found, ax, len(shown))
    for y, lane in enumerate(shown):
        _lane(evidence, lane, ax, -y)
    ax.set_xlim(min(low, 0.0) - 0.03, max(high, 1.0) + 0.03)
    ax.set_ylim(-len(shown) + 0.4, 0.6)
    x_ticks(ax, evidence.axis.ticks(5))
    labels = [label(f"{lane.sweep.name} {lane.sweep.id[-6:]}", 20) if names else "" for lane in shown]
    ax.set_yticks([-y for y in range(len(shown))], labels)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    unit = " (log)" if evidence.axis.log else ""
    ax.set_title(label(evidence.name, 34) + unit, loc="left", fontsize=SIZE + 0.5, color=INK, fontweight="bold")
    ax.set_title(_told(found), loc="right", fontsize=SIZE - 0.5, color=GREEN if found.recommendation.changed else MUTED)
    if len(evidence.choices) > 5:
        ax.tick_params(axis="x", labelrotation=30)


def key() -> Sequence[Line2D | Patch]:
    """Return what the marks are, for a legend."""
    return (
        Line2D([], [], color=MUTED, lw=1.0, label="declared"),
        Line2D([], [], color=BLUE, lw=6, alpha=0.55, label="explored (darker: more often)"),
        Line2D([], [], color=ORANGE, lw=0, marker="|", ms=8, mew=1.6, label="best 20 %"),
        Line2D([], [], color=RED, lw=0, marker="*", ms=9, mec="white", mew=0.5, label="best"),
        Patch(facecolor=GREEN, alpha=0.18, label="search next"),
    )


def _band(found: ParameterRange, ax: Axes, count: int) -> tuple[float, float]:
    """Draw the recommended range, where it differs from the declared one, and return its ends."""
    evidence, parameter = found.evidence, found.recommendation.parameter
    if not found.recommendation.changed:
        return 0.0, 1.0
    bottom, height = -count + 0.45, count + 0.1
    if evidence.choices:
        amount = len(evidence.choices)
        for i, choice in enumerate(evidence.choices):
            if parameter.contains(choice):
                at = choice_at(i, amount)
                ax.add_patch(_box(at - 0.46 / amount, bottom, 0.92 / amount, height))
        return 0.0, 1.0
    if not parameter.is_numeric:
        return 0.0, 1.0
    ends = evidence.axis.at(np.array(bounds(parameter)))
    low, high = (float(end) if np.isfinite(end) else whole for end, whole in zip(ends, (0.0, 1.0), strict=True))
    half = _half_step(evidence) if low == high else 0.004
    ax.add_patch(_box(low - half, bottom, high - low + 2 * half, height))
    return low, high


def _box(x: float, y: float, width: float, height: float) -> Rectangle:
    return Rectangle((x, y), width, height, facecolor=GREEN, alpha=0.14, linewidth=0, zorder=0)


def _half_step(evidence: Evidence) -> float:
    return 0.02 if not evidence.axis.whole else min(0.02, 0.5 / max(evidence.axis.high - evidence.axis.low, 1.0))


def _lane(evidence: Evidence, lane: Lane, ax: Axes, y: float) -> None:
    if lane.declared is not None and lane.declared.domain is not None:
        ax.plot(lane.span, (y, y), color=MUTED, lw=1.0, zorder=1, solid_capstyle="butt")
        ax.plot(lane.span, (y, y), "|", color=MUTED, ms=5, mew=1.0, zorder=1)
    _explored(evidence, lane, ax, y)
    good = lane.at[lane.top]
    if evidence.choices:  # spread the marks of one choice, always in the same way
        good = good + _spread(len(good)) * 0.7 / len(evidence.choices)
    segments = [((place, y - 0.2), (place, y + 0.2)) for place in good]
    ax.add_collection(LineCollection(segments, colors=ORANGE, linewidths=1.2, zorder=3))
    if len(lane.bests):
        best = float(lane.at[np.argmin(lane.rank)])
        ax.plot([best], [y], "*", ms=10, color=RED, mec="white", mew=0.6, zorder=4)


def _explored(evidence: Evidence, lane: Lane, ax: Axes, y: float) -> None:
    """Rectangles from the first to the last value tried, darker where more trials are."""
    bins = len(evidence.choices) or BINS
    if not len(lane.tried):
        return
    counts = np.bincount(np.minimum((lane.tried * bins).astype(int), bins - 1), minlength=bins)
    shade = 0.12 + 0.6 * counts / counts.max()
    low, high = float(lane.tried.min()), float(lane.tried.max())
    boxes, alphas = [], []
    for i in np.flatnonzero(counts):
        left, right = float(i / bins), float((i + 1) / bins)
        if not evidence.choices:
            left, right = max(left, low), min(right, high)
            left, right = (left, right) if right > left else (left - 0.006, left + 0.006)
        else:
            left, right = left + 0.05 / bins, right - 0.05 / bins
        boxes.append(Rectangle((left, y - THICK / 2), right - left, THICK))
        alphas.append(float(shade[i]))
    ax.add_collection(PatchCollection(boxes, facecolor=BLUE, alpha=alphas, linewidths=0, zorder=2))


def _spread(count: int) -> np.ndarray:
    return (np.arange(count) * 0.6180339887) % 1.0 - 0.5


def _told(found: ParameterRange) -> str:
    advice = found.recommendation
    if not advice.changed:
        return "keep"
    return label(f"{advice.action} to {range_text(advice.parameter)}", 46)
