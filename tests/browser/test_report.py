"""The report is the page of a sweep: it opens from a disk, asks nobody, and text stays text in it, too."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bench import Visitor, unkind
from tests.browser.conftest import Reports, Sites
from tests.browser.hostile import NAME
from tests.browser.test_pages import beyond
from tests.browser.test_parcoords import axis, drag, names, selected

SHOWN = {"pruned": "last", "no-trials": "last", "multi": "last", "large": "last", "hostile": NAME}
LARGEST = 1_000_000  #: bytes of the report of 10,000 trials
SLOW = 120_000  #: milliseconds for what a server computes


@pytest.mark.parametrize("shape", SHOWN)
def test_a_report_opens_from_disk(visitor: Visitor, report: Reports, shape: str) -> None:
    file = report(shape, SHOWN[shape])
    page = visitor.open(file.as_uri())

    assert file.stat().st_size < LARGEST
    assert page.locator("main [role=alert]").all_inner_texts() == []
    expect(page.locator("main h1")).to_have_count(1)
    assert page.evaluate("window.hacked === undefined && !document.querySelector('[data-hostile], [onerror]')")
    assert not (wide := beyond(page)), "\n".join(wide)
    assert not (out := unkind(page)), "\n".join(out)
    if shape == "pruned":
        panel = page.locator("[data-panel=parcoords]")
        expect(panel).to_have_attribute("data-drawn", re.compile(r"[1-9]\d*"))
        expect(panel).to_have_attribute("data-total", "80")
    visitor.close()


ALIKE = {
    "best": ("best", "value"),
    "history": ("best", "points", "steps"),
    "importance": ("state", "top", "params"),
    "failures": ("groups",),
    "parcoords": ("total", "selected", "axes", "drawn"),
    "trials-panel": ("rows", "sort", "first"),
    "slices": ("slices", "selected"),
    "curves": ("lines", "metric", "leaders"),
}  #: what parts of the page tell about themselves


def told(page: Page, part: str, key: str) -> str | None:
    place = page.locator(".panel.best" if part == "best" else f"[data-panel={part}]")
    return place.get_attribute(f"data-{key}")


def test_it_says_what_the_live_page_says(visitor: Visitor, site: Sites, report: Reports) -> None:
    found = site("pruned")
    live = visitor.open(found.url + found.sweep_page())
    saved = visitor.open(report("pruned").as_uri())
    for page in (live, saved):
        expect(page.locator("[data-panel=importance]")).to_have_attribute("data-state", "ready", timeout=SLOW)
        expect(page.locator("[data-panel=curves]")).to_have_attribute("data-lines", re.compile(r"[1-9]\d*"))
        page.locator("[data-panel=slices]").scroll_into_view_if_needed()
    expect(saved.locator("[data-panel=parcoords]")).to_have_attribute(
        "data-axes", told(live, "parcoords", "axes") or ""
    )

    for part, keys in ALIKE.items():
        for key in keys:
            assert told(saved, part, key) == told(live, part, key) != "", (part, key)
    assert saved.locator("main h1").inner_text() == live.locator("main h1").inner_text()
    visitor.close()


def test_a_brush_is_kept_after_the_number_sign_and_selects_what_the_server_would(
    visitor: Visitor, site: Sites, report: Reports
) -> None:
    found = site("pruned")
    page = visitor.open(report("pruned").as_uri())
    page.locator("[data-panel=parcoords]").scroll_into_view_if_needed()
    name = next(each for each in names(page)[1:] if axis(page, each).locator(".pc-track").count())
    drag(page, name, 0.2, 0.7)
    some = selected(page)
    assert 0 < some < 80
    assert urlsplit(page.url).fragment.startswith("f=")

    again = visitor.open(page.url)
    live = visitor.open(f"{found.url}{found.sweep_page()}?{urlsplit(page.url).fragment}")

    assert selected(again) == selected(live) == some
    assert told(again, "trials-panel", "rows") == str(some)
    visitor.close()


def test_it_leads_nowhere_and_makes_its_own_csv(visitor: Visitor, report: Reports) -> None:
    page = visitor.open(report("pruned").as_uri())

    addresses = page.locator("a[href]").evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    assert addresses == ["#main"]
    assert page.get_by_role("button", name="Draft").count() == 0
    with page.expect_download() as download:
        page.locator("[data-panel=trials-panel]").get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 81
    visitor.close()


def test_without_scripts_it_still_tells_the_best_parameters(browser: Browser, site: Sites, report: Reports) -> None:
    found = site("pruned")
    best = found.sweep().best
    assert best
    visitor = Visitor(browser, java_script_enabled=False)
    page = visitor.open(report("pruned").as_uri(), drawn=False)

    expect(page.locator("main h1")).to_have_text(found.sweep().name)
    expect(page.locator("[data-first=best] strong")).to_contain_text(f"Trial {best.number}: ")
    for name in best.params:
        expect(page.locator("[data-first=best] th", has_text=re.compile(f"^{name}$"))).to_be_visible()
    expect(page.locator("[data-first=importance] tbody tr").first).to_be_visible()
    visitor.close()
    visitor.context.close()


def test_a_server_gives_it_to_take_along(visitor: Visitor, site: Sites, tmp_path: Path) -> None:
    found = site("multi")
    live = visitor.open(found.url + found.sweep_page())
    with live.expect_download(timeout=SLOW) as download:
        live.get_by_role("link", name="Report", exact=True).click()
    assert download.value.suggested_filename == f"multi-{found.sweep().id[-8:]}.html"
    download.value.save_as(tmp_path / "taken.html")

    page = visitor.open((tmp_path / "taken.html").as_uri())

    for part in ("best", "front", "parcoords"):
        for key in {"best": ("best", "value"), "front": ("front",)}.get(part, ("total",)):
            assert told(page, part, key) == told(live, part, key) != ""
    visitor.close()
