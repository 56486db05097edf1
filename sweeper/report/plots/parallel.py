"""Parallel coordinates: every trial one line across its parameters."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sweeper.analysis.parallel import ParallelCoordinates
from sweeper.report.plots.style import BLUE, FAINT, GRID, INK, MUTED, RED, label, note, titled

NOT_SET = -0.13  #: the lane of parameters that a trial does not have
NOT_SET_ROOM = 0.12
NAMES, STAGGER = -0.05, 0.07  #: names stand below their axes, in two rows where they are many
TICKS = 4


def draw(data: ParallelCoordinates, ax: Axes) -> None:
    """Draw the lines of the best trials over the others, the very best in red; each axis has its own scale."""
    missing = bool(np.isnan(data.at).any())
    at = np.where(np.isnan(data.at), NOT_SET, data.at)
    across = np.arange(len(data.axes), dtype=float)
    paths = [np.column_stack((across, line)) for line in at]
    best = len(paths) - 1 if data.goals == 1 and len(paths) else None
    groups = (
        ([p for p, top in zip(paths, data.top, strict=True) if not top], FAINT, 0.28, 0.7),
        ([p for i, (p, top) in enumerate(zip(paths, data.top, strict=True)) if top and i != best], BLUE, 0.6, 1.0),
        ([paths[best]] if best is not None else [], RED, 1.0, 1.8),
    )
    for lines, color, alpha, width in groups:
        ax.add_collection(
            LineCollection(lines, colors=color, alpha=alpha, linewidths=width, rasterized=len(lines) > 100)
        )
    ax.set(xlim=(-0.45, len(across) - 0.5), ylim=(-0.31 if missing else -0.19, 1.06))
    for x, axis in zip(across, data.axes, strict=True):
        ax.plot([x, x], [0, 1], color=MUTED, linewidth=1)
        for tick in axis.ticks(TICKS):
            ax.plot([x - 0.025, x], [tick.at, tick.at], color=MUTED, linewidth=0.8)
            note(
                ax, x + 0.035, tick.at, label(tick.label, 12), INK, va="center", fontsize=7.5,
                bbox={"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
            )  # fmt: skip
    if missing:
        ax.axhline(NOT_SET, color=GRID, linewidth=1, zorder=0)
        note(ax, -0.44, NOT_SET + 0.012, "not set", MUTED, va="bottom", fontsize=7.5)
    for i, axis in enumerate(data.axes):
        text = label(axis.name, 20) + (" (log)" if axis.log else "")
        height = NAMES - (STAGGER if i % 2 and len(data.axes) > 5 else 0) - (NOT_SET_ROOM if missing else 0)
        note(ax, float(i), height, text, INK, ha="center", va="top")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    kind = "Pareto front in blue" if data.goals > 1 else "best tenth in blue, the best trial in red"
    titled(ax, f"Trials across their parameters: {kind}")
