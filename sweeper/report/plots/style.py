"""One look for all plots: sizes, fonts, colours that colour-blind people tell apart, and text taken literally."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from sweeper.analysis.axes import Tick
from sweeper.analysis.columns import Floats

# Okabe and Ito, "Color universal design", 2008, and greys
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9"
INK, MUTED, GRID, PAPER = "#24292f", "#6e7781", "#d8dee4", "#ffffff"
FAINT = "#9aa4ae"  #: marks in the background, readable on white and on black
STATES = {"complete": BLUE, "pruned": SKY, "failed": RED, "running": GREEN, "cancelled": PURPLE, "queued": FAINT}

SIZE = 9.0  #: of text, in points
SHORT = 26  #: characters of a name inside a title
DENSE = 600  #: marks above which a vector file holds them as a picture
LONGEST = 28  #: characters of a name beside an axis
ASIAN = (
    "Noto Sans CJK",
    "Droid Sans Fallback",
    "WenQuanYi",
    "IPAGothic",
    "PingFang",
    "Microsoft YaHei",
    "Malgun Gothic",
)


def figure(
    width: float, height: float, *, left: float = 0.75, right: float = 0.2, top: float = 0.45, bottom: float = 0.55
) -> tuple[Figure, Axes]:
    """Return a figure of ``width`` x ``height`` inches with one axes; margins in inches."""
    made, (ax,) = panels(width, height, 1, left=left, right=right, top=top, bottom=bottom)
    return made, ax


def panels(
    width: float, height: float, count: int, *, left: float = 0.75, right: float = 0.2, top: float = 0.45,
    bottom: float = 0.55, gap: float = 0.3,
) -> tuple[Figure, list[Axes]]:  # fmt: skip
    """Return a figure with ``count`` axes side by side; margins, and the ``gap`` between two, in inches."""
    made = Figure(figsize=(width, height), facecolor=PAPER)
    wide = (width - left - right - gap * (count - 1)) / count
    tall = (height - bottom - top) / height
    starts = [left + i * (wide + gap) for i in range(count)]
    rects = [(start / width, bottom / height, wide / width, tall) for start in starts]
    return made, [_plain(made.add_axes(rect, facecolor="none")) for rect in rects]


def _plain(ax: Axes) -> Axes:
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(MUTED)
        spine.set_linewidth(0.8)
    ax.grid(False)
    ax.tick_params(
        colors=MUTED, labelsize=SIZE - 0.5, width=0.8, length=3, labelcolor=INK, which="both", direction="out"
    )
    return ax


def unit_axes(ax: Axes, x: Sequence[Tick] = (), y: Sequence[Tick] = ()) -> None:
    """Make both axes run from 0 to 1, with a little room around, and put ticks on them; a grid along y."""
    ax.set(xlim=(-0.03, 1.03), ylim=(-0.05, 1.05))
    x_ticks(ax, x)
    y_ticks(ax, y)


def x_ticks(ax: Axes, ticks: Sequence[Tick]) -> None:
    ax.set_xticks([tick.at for tick in ticks], [label(tick.label, 14) for tick in ticks])


def y_ticks(ax: Axes, ticks: Sequence[Tick], longest: int = LONGEST) -> None:
    ax.set_yticks([tick.at for tick in ticks], [label(tick.label, longest) for tick in ticks])
    ax.grid(True, axis="y", color=GRID, linewidth=0.7)
    ax.set_axisbelow(True)


def titled(ax: Axes, title: str, x: str = "", y: str = "") -> None:
    place = ax.get_position()
    edge = (0.01 - place.x0) / place.width  # the title begins where the figure does, not where the axes do
    ax.set_title(label(title, 90), loc="left", x=edge, fontsize=SIZE + 0.5, color=INK, fontweight="bold")
    ax.set_xlabel(label(x, 90), fontsize=SIZE, color=INK)
    ax.set_ylabel(label(y, 26), fontsize=SIZE, color=INK)


def legend(ax: Axes) -> None:
    """Show what the labelled artists are, if any, above the upper right corner."""
    handles, labels = ax.get_legend_handles_labels()
    if not handles:
        return
    ax.legend(
        handles, labels, frameon=False, fontsize=SIZE - 1, labelcolor=INK, borderaxespad=0.1, handletextpad=0.4,
        columnspacing=1.2, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(handles),
    )  # fmt: skip


def edge_marks(ax: Axes, x: Floats, height: Floats, color: str = FAINT, name: str = "_") -> None:
    """Mark values that lie beyond the ends of the y axis, by triangles that point there."""
    for end, marker in ((0.0, "v"), (1.0, "^")):
        there = height == end
        if there.any():
            y = height[there] + (-0.02 if end == 0 else 0.02)
            ax.plot(x[there], y, marker, ms=4.5, mew=0, color=color, label=name, rasterized=bool(there.sum() > DENSE))
            name = "_"


def note(ax: Axes, x: float, y: float, text: str, color: str = INK, **options: Any) -> Text:
    """Write a short text at data coordinates."""
    return ax.text(x, y, label(text, 60), color=color, **{"fontsize": SIZE - 0.5, **options})


def finish(made: Figure) -> Figure:
    """Make every text literal (no mathematics, no TeX) and of our font, whatever the user's settings are."""
    family = _families()
    for text in made.findobj(Text):
        assert isinstance(text, Text)
        text.set_parse_math(False)
        text.set_usetex(False)
        text.set_fontfamily(family)
    return made


def label(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` on one line, cut to ``longest`` characters, with only characters that can be drawn.

    Dollar signs need no care: :func:`finish` switches mathematics off.
    """
    kept: list[str] = []
    for char in " ".join(text.split()):
        if len(kept) == longest + 1:
            break
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Mn", "Me"):
            kept.append(char if ord(char) < 0x7F or ord(char) in _drawable() else "□")
    return "".join(kept) if len(kept) <= longest else "".join(kept[: longest - 1]).rstrip() + "…"


def room(texts: Sequence[str], longest: int = LONGEST) -> float:
    """Return the inches that the longest of ``texts`` takes as labels of the y axis."""
    widest = max((len(label(text, longest)) for text in texts), default=0)
    return 0.25 + widest * SIZE * 0.58 / 72


@cache
def _families() -> list[str]:
    """Our font, and one for Chinese, Japanese and Korean if the machine has one."""
    names = sorted({entry.name for entry in font_manager.fontManager.ttflist})
    return ["DejaVu Sans", *[name for start in ASIAN for name in names if name.startswith(start)][:1]]


@cache
def _drawable() -> frozenset[int]:
    found: set[int] = set()
    for name in _families():
        path = font_manager.findfont(name)
        found |= set(font_manager.get_font(path).get_charmap())
    return frozenset(found)
