"""Failed trials by cause."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sweeper.analysis.axes import Tick
from sweeper.analysis.failures import FailureGroup
from sweeper.report.plots.style import RED, note, titled, y_ticks

MOST = 12
LONGEST = 58  #: characters of a cause


def causes(data: Sequence[FailureGroup]) -> list[str]:
    """The causes shown, as their labels."""
    return [f"{group.kind}: {group.message or group.place}" for group in data[:MOST]]


def draw(data: Sequence[FailureGroup], ax: Axes) -> None:
    """Draw a bar for each cause, with its count."""
    shown = data[:MOST]
    sizes = [group.size for group in shown]
    ax.barh(range(len(shown)), sizes, 0.6, color=RED, alpha=0.85)
    for place, size in enumerate(sizes):
        note(ax, size + 0.01 * max(sizes), place, f"{size:,}", va="center")
    ax.set(xlim=(0, 1.12 * max(sizes)), ylim=(len(shown) - 0.4, -0.6))
    y_ticks(ax, [Tick(float(place), cause) for place, cause in enumerate(causes(data))], LONGEST)
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    titled(ax, f"{sum(group.size for group in data):,} failed trials by cause")
