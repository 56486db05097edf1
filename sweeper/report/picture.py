"""A figure as bytes: PNG and SVG."""

from __future__ import annotations

import io
import re

from matplotlib.figure import Figure

from sweeper.report.plots import style

DPI = 150  #: of PNG files
DENSE_DPI = 110  #: of the pictures that stand for many marks inside an SVG
FAST = {"compress_level": 3}  #: a little larger than the best, at half of the time
NOISE = re.compile(r"<\?xml[^>]*>|<!DOCTYPE[^>]*>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)


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


def _numbered(text: str) -> str:
    """Replace ids that are random by numbers."""
    names: dict[str, str] = {}
    for name in re.findall(r'id="([^"]+)"', text):
        names.setdefault(name, f"i{len(names)}")
    return re.sub(r'(id="|href="#|url\(#)([^")]+)', lambda match: match[1] + names.get(match[2], match[2]), text)
