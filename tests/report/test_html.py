"""The page: its structure, and that nothing in it is anything but text."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from tests.analysis.sweeps import EVIL
from tests.report.conftest import PLANS, Reported

SECTIONS = [
    "Best parameters", "What matters", "History", "Each parameter", "All parameters at once", "Metric curves",
    "Failures", "Timeline", "Search space", "Config", "Environment",
]  # fmt: skip
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


def test_the_sections_of_an_ordinary_sweep(report: Reported) -> None:
    made = page(report, "ordinary")

    assert made.headings == ["digits-forest", *SECTIONS[:3], "Best trials", *SECTIONS[3:]]
    assert [link["href"] for link in made.all("a")] == [
        "#best", "#importance", "#history", "#slices", "#parallel", "#curves", "#failures", "#timeline", "#space",
        "#config", "#environment",
    ]  # fmt: skip
    assert {section["id"] for section in made.all("section")} == {str(link["href"])[1:] for link in made.all("a")}
    assert len(made.all("figure")) == 13


def test_the_best_parameters_stand_on_top_with_the_next_command(report: Reported) -> None:
    text = page(report, "ordinary").text

    assert text.index("Trial 19: accuracy 0.9506") < text.index("<h2>What matters")
    assert "<title>digits-forest · sweep report</title>" in text
    assert re.search(r'id="next-command"[^>]*>sweeper run \S+best_params.yaml</pre>', text)
    assert re.search(r'id="best-yaml"[^>]*>n_estimators: 28\n', text)


def test_several_goals_have_a_front_and_failed_sweeps_begin_with_their_failures(report: Reported) -> None:
    assert "Pareto front" in page(report, "goals").headings
    headings = page(report, "failed").headings
    assert headings.index("Failures") < headings.index("What matters")


def test_a_sweep_that_is_not_over_says_so(report: Reported) -> None:
    text = page(report, "running").text

    assert "This sweep is not over (" in text
    assert "12 of 60 trials have ended" in text
    assert "No trial has completed; 20 trials failed, grouped by cause below." in page(report, "failed").text
    assert 'class="warning"' not in page(report, "ordinary").text


@pytest.mark.parametrize("kind", PLANS)
def test_the_page_needs_nothing_from_outside(report: Reported, kind: str) -> None:
    made = page(report, kind)

    for _, attributes in made.elements:
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/png;base64,"))
        assert not [name for name in attributes if name.startswith("on")]
    assert "@import" not in made.text
    assert not re.findall(r"url\((?!#)", made.text)
    assert not made.all("link")


@pytest.mark.parametrize("kind", PLANS)
def test_only_our_script_may_run(report: Reported, kind: str) -> None:
    made = page(report, kind)

    assert len(made.all("script")) == 1
    (script,) = re.findall(r"<script>(.*?)</script>", made.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [meta["content"] for meta in made.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("kind", PLANS)
def test_elements_are_closed_and_ids_are_unique(report: Reported, kind: str) -> None:
    made = page(report, kind)

    assert made.open == []
    ids = [attributes["id"] for _, attributes in made.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for reference in re.findall(r'(?:href="#|url\(#)([^")]+)', made.text):
        assert reference in ids


def test_hostile_text_is_shown_as_it_is(report: Reported) -> None:
    made = page(report, "hostile")
    words = "".join(made.words)

    assert EVIL in words
    assert "<script>alert" not in made.text
    assert "\u202e" not in made.text
    assert "\x1b" not in made.text
    assert "y" * 5000 not in made.text.replace("\n", "")[:20000]
    assert "(5,000 characters)" in words


def test_the_page_has_a_light_and_a_dark_look_that_its_plots_follow(report: Reported) -> None:
    made = page(report, "ordinary")

    assert "@media (prefers-color-scheme: dark)" in made.text
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in made.all("svg"))
    body = made.text.partition("</style>")[2]
    defined = set(re.findall(r"--([a-z]+):", made.text.partition("</style>")[0]))
    assert set(re.findall(r"var\(--([a-z]+)\)", body)) <= defined
    assert "#24292f" not in body
    assert "#ffffff" not in body


def test_a_conditional_parameter_says_how_often_it_was_active(report: Reported) -> None:
    assert "of 90 trials: judged among them, and counted with that share" in page(report, "conditional").text
