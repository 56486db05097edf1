"""``report.html``: the page of the sweep as one file, which opens without a network and runs nothing but our scripts.

What it says is there twice: as tables that need no script, and as the facts from which the scripts draw the page.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sweeper.report.drawings import Section
from sweeper.report.embedding import Embedded
from sweeper.report.page import Page
from sweeper.report.text import clean, line
from sweeper.version import __version__
from sweeper.web.inlining import STATIC, digest, import_map

TEMPLATES = Path(__file__).parent / "templates"
ENTRY = "pages/report.js"
START = f'import {{ start }} from "sw/{ENTRY}"; start();'


def report_html(page: Page, embedded: Embedded, ranges: Section | None, timeline: bytes | None) -> str:
    """Return the report. ``timeline`` is a PNG, ``ranges`` what past sweeps say, each if there is one.

    Every text is escaped by the template, or is JSON without a tag. Should that fail, the page's own policy forbids
    any script but ours, and any address outside the file.
    """
    return (
        _environment()
        .get_template("report.html")
        .render(
            page=page,
            facts=Markup(embedded.facts),
            columns=Markup(embedded.columns),
            ranges=ranges,
            timeline=None if timeline is None else _data("image/png", timeline),
            icon=_data("image/svg+xml", _static("icon.svg").encode()),
            style=Markup(_static("style.css")),
            modules=Markup(import_map(ENTRY)),
            start=Markup(START),
            policy=_policy(),
            version=__version__,
        )
    )


@cache
def _policy() -> str:
    """Modules have ``data:`` addresses, so these are let in; that no text becomes markup, the last two rules see to."""
    scripts = f"{digest(import_map(ENTRY))} {digest(START)} data:"
    return (
        f"default-src 'none'; script-src {scripts}; style-src {digest(_static('style.css'))}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_fit,
    )  # fmt: skip
    environment.filters["line"] = line
    return environment


@cache
def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _fit(value: Any) -> Any:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
