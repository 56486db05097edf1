"""The picture of ``sweeper ranges``: a panel for each parameter, in one file."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from sweeper.analysis.ranges.survey import ParameterRange
from sweeper.errors import UsageError
from sweeper.report.picture import png, svg
from sweeper.report.plots import ranges
from sweeper.report.plots.style import INK, MUTED, PAPER, SIZE, finish, label, room

MOST_PANELS = 24
COLUMN, LANE, AROUND, HEAD = 5.2, 0.3, 0.74, 0.8  #: inches: of a column, a lane, around a panel, above all


def picture(found: Sequence[ParameterRange], title: str, suffix: str) -> bytes:
    """Return the figure as the bytes of a ``.png`` or a ``.svg`` file."""
    made = figure(found, title)
    if suffix == ".svg":
        return svg(made).encode()
    if suffix == ".png":
        return png(made)
    raise UsageError(f"no picture of kind {suffix!r}; choose from: .png, .svg")


def figure(found: Sequence[ParameterRange], title: str) -> Figure:
    """Draw at most 24 parameters, those that change first, two beside one another."""
    shown = sorted(found, key=lambda each: not each.recommendation.changed)[:MOST_PANELS]
    columns = 1 if len(shown) == 1 else 2
    rows = [shown[start : start + columns] for start in range(0, len(shown), columns)]
    heights = [AROUND + LANE * max(max(len(ranges.lanes(each)), 1) for each in row) for row in rows]
    names = [f"{lane.sweep.name} {lane.sweep.id[-6:]}" for each in shown for lane in ranges.lanes(each)]
    left = min(room(names, 20), 1.8)
    width, height = left * columns + COLUMN * columns - 0.9 * (columns - 1), HEAD + sum(heights) + 0.1
    made = Figure(figsize=(width, height), facecolor=PAPER)
    top = height - HEAD
    for row, tall in zip(rows, heights, strict=True):
        for place, each in enumerate(row):
            step = width / columns
            box = (place * step + left, top - tall + 0.4, step - left - 0.25, tall - AROUND)
            ax = made.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height), facecolor="none")
            for side, spine in ax.spines.items():
                spine.set_visible(side == "bottom")
                spine.set_color(MUTED)
                spine.set_linewidth(0.8)
            ax.tick_params(colors=MUTED, labelsize=SIZE - 0.5, length=3, labelcolor=INK)
            ranges.draw(each, ax)
        top -= tall
    made.text(
        0.15 / width, 1 - 0.2 / height, label(title, 110), fontsize=SIZE + 2, color=INK, fontweight="bold", va="top"
    )
    made.legend(
        handles=list(ranges.key()), loc="upper left", bbox_to_anchor=(0.1 / width, 1 - 0.4 / height), ncols=5,
        frameon=False, fontsize=SIZE - 0.5, labelcolor=INK, handletextpad=0.5, columnspacing=1.4,
    )  # fmt: skip
    return finish(made)
