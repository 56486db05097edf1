"""A figure as bytes: PNG, SVG, and SVG to stand inside a page that has a light and a dark look."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.figure import Figure

from sweeper.report.plots import style

DPI = 150  #: of PNG files
DENSE_DPI = 110  #: of the pictures that stand for many marks inside an SVG
VARIABLES = {
    style.INK: "ink", style.MUTED: "muted", style.GRID: "line", style.PAPER: "paper", style.FAINT: "faint",
    style.BLUE: "blue", style.ORANGE: "orange", style.GREEN: "green", style.RED: "red", style.PURPLE: "purple",
    style.SKY: "sky", "#eceff2": "line",
}  # fmt: skip
FAST = {"compress_level": 3}  #: a little larger than the best, at half of the time
NOISE = re.compile(r"<\?xml[^>]*>|<!DOCTYPE[^>]*>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
COLOR = re.compile("|".join(VARIABLES))


def png(figure: Figure) -> bytes:
    """Return the figure as a PNG of 150 dots per inch."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, facecolor=style.PAPER, metadata={"Software": None}, pil_kwargs=FAST)
    return out.getvalue()


def svg(figure: Figure) -> str:
    """Return the figure as an SVG document; the same figure gives the same text."""
    out = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(out, format="svg", dpi=DENSE_DPI, facecolor=style.PAPER, metadata=nothing)
    text = NOISE.sub("", out.getvalue().decode()).strip()
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _numbered(text) + "\n"


def inline(document: str, prefix: str, title: str) -> str:
    """Return an SVG document as an element of a page: ids that are its own, colours that follow the page's."""
    element = NOISE.sub("", document).strip()
    element = re.sub(r'(id="|href="#|url\(#)', lambda match: f"{match[1]}{prefix}-", element)
    element = COLOR.sub(lambda match: f"var(--{VARIABLES[match[0]]})", element)
    head, rest = element.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    return f'{head} role="img" aria-label="{escape(title, quote=True)}">{rest}'


def _numbered(text: str) -> str:
    """Replace ids that are random by numbers."""
    names: dict[str, str] = {}
    for name in re.findall(r'id="([^"]+)"', text):
        names.setdefault(name, f"i{len(names)}")
    return re.sub(r'(id="|href="#|url\(#)([^")]+)', lambda match: match[1] + names.get(match[2], match[2]), text)
