"""Writing the report of a sweep: everything worth knowing about it, in one folder."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.report.best_params import best_params_yaml
from sweeper.report.drawings import Section, sections
from sweeper.report.embedding import embedded
from sweeper.report.findings import Findings, gather
from sweeper.report.folder import write_folder
from sweeper.report.html import report_html
from sweeper.report.markdown import report_markdown
from sweeper.report.page import page
from sweeper.report.picture import png, svg
from sweeper.web.names import stem_of
from sweeper.web.trials_csv import trials_csv

FORMATS = ("png", "svg")
BEST = "best_params.yaml"
OURS = re.compile(
    r"report\.(html|md)|best_params\.yaml|trials\.csv"
    r"|(best_so_far|importance|slice|parallel_coordinates|curves|pareto|timeline|failures)(_.*)?\.(png|svg)"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was written. ``files`` are all files, ``html`` the one to open; ``notes`` say which plots were left out."""

    folder: Path
    html: Path
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def write_report(
    store: Store,
    sweep: SweepRecord,
    folder: str | os.PathLike[str] | None = None,
    *,
    importance: str = "fanova",
    formats: Collection[str] = FORMATS,
) -> Report:
    """Write the report of a sweep, finished or not, and return what was written.

    ``folder`` None: ``./reports/<name>-<last 8 of the id>/``. An earlier report there is replaced whole; other files
    are left alone. ``importance``: "fanova", "ped-anova" or "mdi". ``formats``: those of the plot files, of "png" and
    "svg"; the page draws its own. Raises UsageError for another format or a folder that cannot be
    written, NotFound for another importance.
    """
    if unknown := sorted(set(formats) - set(FORMATS)):
        raise UsageError(f"no plot format {unknown[0]!r}; choose from: {', '.join(FORMATS)}")
    target = Path(folder) if folder is not None else default_folder(sweep)
    found = gather(store, sweep, importance)
    parts = sections(found)
    files = _files(store, found, parts, target, [name for name in FORMATS if name in formats])
    write_folder(target, files, OURS)
    notes = tuple(note for part in parts.values() if not part.drawings for note in part.notes)
    return Report(target, target / "report.html", tuple(target / name for name in files), notes)


def default_folder(sweep: SweepRecord) -> Path:
    """Return where the report of a sweep goes unless somebody says otherwise."""
    return Path("reports") / stem_of(sweep)


def report_page(store: Store, sweep: SweepRecord, importance: str = "fanova") -> str:
    """Return the page of a report alone, for a place without the other files."""
    found = gather(store, sweep, importance)
    parts = sections(found)
    timeline = [png(drawing.figure()) for drawing in parts["timeline"].drawings]
    words, held = page(found, None), embedded(store, found)
    return report_html(words, held, parts.get("ranges"), timeline[0] if timeline else None)


def _files(
    store: Store, found: Findings, parts: dict[str, Section], target: Path, formats: list[str]
) -> dict[str, bytes]:
    """Return the files by name, the page last: it vouches for the others."""
    files: dict[str, bytes] = {}
    timeline = None
    for drawing in (drawing for part in parts.values() for drawing in part.drawings):
        on_page = drawing.name == "timeline"
        if not formats and not on_page:
            continue
        figure = drawing.figure()
        picture = png(figure) if on_page or "png" in formats else b""
        timeline = picture if on_page else timeline
        if "png" in formats:
            files[f"{drawing.name}.png"] = picture
        if "svg" in formats:
            files[f"{drawing.name}.svg"] = svg(figure).encode()
    words, best_file = page(found, target), ""
    if found.best is not None:
        best_file = str(target / BEST)
        files[BEST] = best_params_yaml(found.table, found.best, best_file, found.reason).encode()
    files["trials.csv"] = trials_csv(found.table).encode()
    files["report.md"] = report_markdown(words, parts, formats[0] if formats else None).encode("utf-8", "replace")
    made = report_html(words, embedded(store, found, best_file), parts.get("ranges"), timeline)
    files["report.html"] = made.encode("utf-8", "replace")
    return files
