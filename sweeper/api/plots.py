"""The plots of a sweep for code and notebooks: the figures that a report has, to look at, change and save."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sweeper.report.drawings import Drawing

OVERVIEW = ("history", "importance", "pareto", "parallel", "curves")  #: what is drawn when nothing is named


class Plots(Mapping[str, "Figure"]):
    """Matplotlib figures by name; a notebook shows them. ``notes`` say what there is to know, or why there is none."""

    def __init__(self, drawings: Mapping[str, Drawing], notes: tuple[str, ...]) -> None:
        self._drawings, self.notes = dict(drawings), notes
        self._figures: dict[str, Figure] = {}

    def __getitem__(self, name: str) -> Figure:
        if name not in self._figures:
            self._figures[name] = self._drawings[name].figure()
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawings)

    def __len__(self) -> int:
        return len(self._drawings)

    @property
    def figure(self) -> Figure:
        """The only figure. Raises UsageError when there are several, or none."""
        if len(self) != 1:
            there = f"there are {len(self)} plots: {', '.join(self)}" if len(self) else "there is no plot. "
            raise UsageError(there.strip() + (" " + " ".join(self.notes) if not len(self) else ""))
        return self[next(iter(self))]

    def save(self, folder: str | os.PathLike[str], suffix: str = "png") -> list[Path]:
        """Write each figure into a folder, as "png" or "svg", and return the files."""
        from sweeper.report.picture import png, svg

        if suffix not in ("png", "svg"):
            raise UsageError(f"no plot format {suffix!r}; choose from: png, svg")
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        written = []
        for name in self:
            path = target / f"{name}.{suffix}"
            path.write_bytes(png(self[name]) if suffix == "png" else svg(self[name]).encode())
            written.append(path)
        return written

    def __repr__(self) -> str:
        return f"<plots: {', '.join(self)}>" if len(self) else f"<no plots: {' '.join(self.notes)}>"

    def _repr_html_(self) -> str:
        from sweeper.report.picture import png

        pictures = [
            f'<img alt="{escape(self._drawings[name].title)}" style="max-width:100%;width:{drawing.width * 90:.0f}px" '
            f'src="data:image/png;base64,{base64.b64encode(png(self[name])).decode()}">'
            for name, drawing in self._drawings.items()
        ]
        return "\n".join([*pictures, *(f'<div style="opacity:.8">{escape(note)}</div>' for note in self.notes)])


def plots(store: Store, sweep: SweepRecord, names: tuple[str, ...]) -> Plots:
    """Return the plots of some kinds, or single ones by the names of their files. Raises NotFound for another name."""
    from sweeper.report.drawings import sections
    from sweeper.report.findings import gather

    parts = sections(gather(store, sweep))
    single = {drawing.name: drawing for part in parts.values() for drawing in part.drawings}
    kinds = {name: part for name, part in parts.items() if name != "ranges"}
    found: dict[str, Drawing] = {}
    notes: list[str] = []
    for name in names or [name for name in OVERVIEW if name in kinds]:
        if name in kinds:
            found |= {drawing.name: drawing for drawing in kinds[name].drawings}
            notes += kinds[name].notes
        elif name in single:
            found[name] = single[name]
        else:
            raise NotFound("plot", name, dict.fromkeys([*kinds, *single]))
    return Plots(found, tuple(notes))
