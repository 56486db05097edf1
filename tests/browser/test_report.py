"""The report is the page of a sweep: it opens from a disk, asks nobody, and text stays text in it, too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sweeper.report.write import write_report
from tests.browser.bench import Visitor, unkind
from tests.browser.conftest import Sites
from tests.browser.hostile import NAME
from tests.browser.test_pages import beyond

SHOWN = {"pruned": "last", "no-trials": "last", "multi": "last", "large": "last", "hostile": NAME}
LARGEST = 1_000_000  #: bytes of the report of 10,000 trials


@pytest.mark.parametrize("shape", SHOWN)
def test_a_report_opens_from_disk(visitor: Visitor, site: Sites, tmp_path: Path, shape: str) -> None:
    found = site(shape)
    file = write_report(found.store, found.sweep(SHOWN[shape]), tmp_path / "report", formats=()).html
    page = visitor.open(file.as_uri())

    assert file.stat().st_size < LARGEST
    assert page.locator("main [role=alert]").all_inner_texts() == []
    expect(page.locator("main h1")).to_have_count(1)
    assert page.evaluate("window.hacked === undefined && !document.querySelector('[data-hostile], [onerror]')")
    assert not (wide := beyond(page)), "\n".join(wide)
    if shape == "pruned":
        assert not (out := unkind(page)), "\n".join(out)
        panel = page.locator("[data-panel=parcoords]")
        expect(panel).to_have_attribute("data-drawn", re.compile(r"[1-9]\d*"))
        expect(panel).to_have_attribute("data-total", "80")
    visitor.close()
