"""What a page says of trials is what the store says, to the last digit and whatever things are called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sweeper.store import open_database
from sweeper.testing.sweeps import add_sweep, add_trial, completed, started
from tests.browser.bench import Site, Visitor, ready

CLIPBOARD = """Object.defineProperty(navigator, "clipboard", {
  value: { writeText: async (text) => { globalThis.copied = text; } },
})"""
SPACE: dict[str, Any] = {
    "rate": {"min": 0.0, "max": 1.0},
    "size": {"min": 1, "max": 2**62},
    "flag": {"values": [True, "true", 1, "1"]},
    "shape": {"values": [[1, 2], {"a": 1}]},
    "state": {"values": ["failed", "fine"]},
    "number": {"min": 0, "max": 9},
    "__proto__": {"min": 0.0, "max": 1.0},
}
BEST = {
    "rate": 0.12345678901234567, "size": 2**30, "flag": True, "shape": {"a": 1}, "state": "failed", "number": 7,
    "__proto__": 0.5,
}  # fmt: skip
VALUES = [0.1, 1 - 3e-9, 1 - 1e-9, 1 - 2e-9, 1 - 1e-9]


@pytest.fixture
def page(visitor: Visitor, tmp_path: Path) -> Iterator[Page]:
    """A sweep whose values differ in their ninth digit, with parameters that are called as facts of trials are."""
    store = open_database(str(tmp_path / "runs.db"))
    sweep = add_sweep(store, space=SPACE, config={"budget": {"cost": {"limit": 9, "metric": "euros"}}})
    flags = ["true", "1", 1, 1, "1"]
    for number, value in enumerate(VALUES):
        others = {
            **BEST,
            "rate": number / 8,
            "flag": flags[number],
            "state": "fine",
            "number": number,
        }
        add_trial(store, sweep, number, BEST if number == 2 else others, value)
    with Site.of(store) as site:
        yield visitor.open(f"{site.url}/s/{sweep.id}", before=CLIPBOARD)
        visitor.close()
    store.close()


def test_the_best_is_the_one_of_the_store(page: Page) -> None:
    best = page.locator(".best")

    expect(best).to_have_attribute("data-best", "2")
    expect(best).to_have_attribute("data-value", repr(VALUES[2]))
    best.get_by_role("button", name="Copy parameters").click()
    page.wait_for_function("globalThis.copied")
    copied = dict(line.split(": ", 1) for line in page.evaluate("copied").splitlines())
    assert copied == {
        "rate": repr(BEST["rate"]), "size": "1073741824", "flag": "true", "shape": '{"a":1}', "state": '"failed"',
        "number": "7", "__proto__": "0.5",
    }  # fmt: skip


def test_a_cost_that_is_not_known_yet_is_not_named(page: Page) -> None:
    expect(page.locator(".head")).to_contain_text("Cost")
    expect(page.locator(".head")).not_to_contain_text("euros")


def test_the_table_has_parameters_and_facts_of_the_same_name(page: Page) -> None:
    table = page.locator("[data-panel=trials-panel]")
    keys = page.locator("[data-panel=trials-panel] thead button").evaluate_all("all => all.map((e) => e.dataset.key)")

    assert {"trial.number", "trial.state", "number", "state", "__proto__"} <= set(keys)
    expect(table).to_have_attribute("data-first", "2")
    table.locator("thead button[data-key='number']").click()
    expect(table).to_have_attribute("data-first", "0")
    expect(table.locator("tbody tr[data-number]").first).to_contain_text("complete")


def test_a_filter_on_a_fact_is_not_one_on_a_parameter(page: Page) -> None:
    address = page.url
    for text, rows in (("state:failed", 1), ("trial.state:failed", 0), ("trial.state:complete", 5), ("flag:1", 3)):
        page.goto(f"{address}?f={text}", wait_until="commit")
        ready(page)
        expect(page.locator("[data-panel=parcoords]")).to_have_attribute("data-selected", str(rows))


@pytest.mark.parametrize("begun", [False, True])
def test_trials_that_come_later_are_read_as_the_first_ones(visitor: Visitor, tmp_path: Path, begun: bool) -> None:
    store = open_database(str(tmp_path / "runs.db"))
    sweep = add_sweep(store, space=SPACE)
    queued = started(sweep.id, "0" * 31 + "1", 0, {**BEST, "flag": "1"})
    store.write(*queued[: 1 + begun]).result()
    with Site.of(store) as site:
        page = visitor.open(f"{site.url}/s/{sweep.id}")
        expect(page.locator("html")).to_have_attribute("data-live", "stream")
        add_trial(store, sweep, 1, {**BEST, "flag": 1}, 0.25)
        store.write(*completed(sweep.id, "0" * 31 + "1", 0, 0.5)) if begun else add_trial(store, sweep, 2, BEST, 0.5)
        best = page.locator(".best")
        expect(best).to_have_attribute("data-best", "0" if begun else "2")
        assert ("1", "true")[not begun] in best.locator(".assigned").inner_text()
        came = page.evaluate("document.querySelector('[data-panel=history]').dataset")
        visitor.close()
    store.close()
    assert came["points"] == "2"
