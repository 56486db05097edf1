"""``report.html``: one file that holds everything, opens without a network, and runs nothing that it was not given."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sweeper.report.drawings import Section
from sweeper.report.markdown import HEADINGS
from sweeper.report.page import Page
from sweeper.report.picture import inline
from sweeper.report.text import clean, clip, line
from sweeper.version import __version__

TEMPLATES = Path(__file__).parent / "templates"


def report_html(page: Page, sections: Mapping[str, Section], pictures: Mapping[str, str]) -> str:
    """Return the report. ``pictures`` are SVG documents by the names of their drawings.

    Every text is escaped by the template. Should that fail, the page's own policy forbids any script but ours, and
    any address outside the file.
    """
    script = _asset("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    figures = {
        drawing.name: Markup(inline(pictures[drawing.name], f"p{place}", line(drawing.title)))
        for place, drawing in enumerate(drawing for section in sections.values() for drawing in section.drawings)
    }
    return (
        _environment()
        .get_template("report.html")
        .render(
            page=page,
            sections=sections,
            headings=HEADINGS,
            figures=figures,
            style=Markup(_asset("report.css")),
            script=Markup(script),
            digest=digest,
            version=__version__,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_fit,
    )  # fmt: skip
    environment.filters["clip"] = clip
    environment.filters["line"] = line
    return environment


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _fit(value: Any) -> Any:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
