"""The page: its structure, and that nothing in it is anything but text."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest

from tests.analysis.sweeps import EVIL
from tests.report.conftest import PLANS, Reported
from tests.web.unpacking import Block

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Elements as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.headings: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings[-1] += data.strip()

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(report: Reported, kind: str) -> Page:
    return Page(report(kind).html.read_text(encoding="utf-8"))


def policy(made: Page) -> str:
    (content,) = [meta["content"] for meta in made.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert content is not None
    return content


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def facts(made: Page) -> Any:
    """What the scripts of the page find."""
    (text,) = re.findall(r'<script type="application/json" id="facts">(.*?)</script>', made.text, re.DOTALL)
    return json.loads(text)


def columns(made: Page) -> Block:
    (text,) = re.findall(r'<script type="text/plain" id="columns">(.*?)</script>', made.text, re.DOTALL)
    return Block(gzip.decompress(base64.b64decode(text)))


def test_without_scripts_an_ordinary_sweep_is_told_in_tables(report: Reported) -> None:
    made = page(report, "ordinary")

    assert made.headings == [
        "digits-forest", "Best parameters", "Failures", "What matters", "Best trials", "Search space", "Timeline",
    ]  # fmt: skip
    assert "<title>digits-forest · sweeper</title>" in made.text
    assert made.text.index("Trial 19: accuracy 0.9506") < made.text.index("<h2>What matters")
    assert re.search(r"<code>sweeper run \S+best_params.yaml</code>", made.text)
    assert "".join(made.words).count("n_estimators") >= 4


def test_several_goals_have_a_front(report: Reported) -> None:
    assert "Pareto front" in page(report, "goals").words


def test_a_sweep_that_is_not_over_says_so(report: Reported) -> None:
    text = page(report, "running").text

    assert "This sweep is not over (" in text
    assert "12 of 60 trials have ended" in text
    assert "No trial has completed; 20 trials failed, grouped by cause below." in page(report, "failed").text
    assert 'role="note"' not in page(report, "ordinary").text


@pytest.mark.parametrize("kind", PLANS)
def test_the_page_needs_nothing_from_outside(report: Reported, kind: str) -> None:
    made = page(report, kind)

    for _, attributes in made.elements:
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/"))
        assert not [name for name in attributes if name.startswith("on")]
    assert "@import" not in made.text
    assert not re.findall(r"url\((?!#)", made.text)
    assert all(address.startswith("data:text/javascript;charset=utf-8,") for address in modules(made).values())


def modules(made: Page) -> dict[str, str]:
    (text,) = re.findall(r'<script type="importmap">(.*?)</script>', made.text, re.DOTALL)
    found: dict[str, str] = json.loads(text)["imports"]
    return found


def test_every_module_that_is_imported_is_in_the_map(report: Reported) -> None:
    found = modules(page(report, "empty"))

    imported = {"sw/pages/report.js"}
    for address in found.values():
        source = unquote(address.partition(",")[2])
        imported |= set(re.findall(r"""(?:from|import|import\()\s*["'](sw/[^"']+)["']""", source))
        assert not re.search(r"""(?:from|import)\s*\(?["']\.""", source)
    assert set(found) == imported
    assert len(found) > 30


@pytest.mark.parametrize("kind", PLANS)
def test_only_our_scripts_and_our_style_count(report: Reported, kind: str) -> None:
    made = page(report, kind)

    kinds = [script.get("type") for script in made.all("script")]
    assert kinds == ["importmap", "application/json", "text/plain", "module"]
    (start,) = re.findall(r'<script type="module">(.*?)</script>', made.text, re.DOTALL)
    (mapped,) = re.findall(r'<script type="importmap">(.*?)</script>', made.text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", made.text, re.DOTALL)
    rules = dict(rule.strip().split(" ", 1) for rule in policy(made).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [digest(mapped), digest(start), "data:"]
    assert rules["style-src"] == digest(style)
    assert rules["img-src"] == "data:"
    assert (rules["base-uri"], rules["form-action"], rules["trusted-types"]) == ("'none'",) * 3
    assert not [attributes for _, attributes in made.elements if "style" in attributes]


@pytest.mark.parametrize("kind", PLANS)
def test_elements_are_closed_and_ids_are_unique(report: Reported, kind: str) -> None:
    made = page(report, kind)

    assert made.open == []
    ids = [attributes["id"] for _, attributes in made.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in made.all("a"):
        assert (link["href"] or "").removeprefix("#") in ids


def test_hostile_text_is_shown_as_it_is(report: Reported) -> None:
    made = page(report, "hostile")
    words = "".join(made.words)

    assert EVIL in words
    assert "<script>alert" not in made.text
    assert "\u202e" not in made.text
    assert "\x1b" not in made.text
    assert "(5,000 characters)" in words
    assert facts(made)["sweep"]["name"].startswith(f"evil {EVIL}")


def test_what_is_not_known_of_a_sweep_is_not_made_up(report: Reported) -> None:
    empty = facts(page(report, "empty"))

    assert (empty["sweep"]["best"], empty["failures"], empty["curves"]) == (None, [], {})
    assert columns(page(report, "empty")).header["n"] == 0


def test_a_conditional_parameter_says_how_often_it_was_active(report: Reported) -> None:
    assert "of 90 trials: judged among them, and counted with that share" in page(report, "conditional").text
