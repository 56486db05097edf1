"""The picture of a comparison as a file."""

from __future__ import annotations

from pathlib import Path

from sweeper.analysis.compare import Comparison
from sweeper.errors import UsageError
from sweeper.report.picture import png, svg
from sweeper.report.plots.comparison import draw


def save(comparison: Comparison, path: Path) -> None:
    """Draw the best so far of each sweep into ``path``, a PNG or SVG file by its suffix.

    Raises UsageError for another suffix, for sweeps that have nothing to draw, and where nothing can be written.
    """
    suffix = path.suffix.lower()
    if suffix not in (".png", ".svg"):
        raise UsageError(f"{path}: a plot is a .png or .svg file")
    if comparison.goal is None or not any(side.best is not None for side in comparison.sides):
        raise UsageError("there is nothing to draw: the sweeps have no metric in common, or no trial is complete")
    figure = draw(comparison)
    data = png(figure) if suffix == ".png" else svg(figure).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
