"""Pages follow what happens: by a stream, by asking where there is none, and not at all while nobody looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sweeper.events import AttemptEnded, AttemptStarted, PointsLogged, TrialCreated
from sweeper.records import Point, RunState
from tests.browser.bench import Site
from tests.browser.conftest import Sites, Visit
from tests.browser.shapes import one
from tests.browser.stores import Shelf
from tests.browser.writing import NOW, Scribe

NO_STREAM = "delete globalThis.EventSource"
QUICK = "{ const wait = setTimeout; globalThis.setTimeout = (call, time, ...more) => wait(call, time / 10, ...more); }"
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
BEST = 0.9912


def finish(site: Site, shelf: Shelf, folder: Path, number: int, value: float) -> None:
    """End a trial that runs, as its controller would."""
    sweep = site.sweep("running")
    trial = site.store.trials(sweep.id, numbers=[number])[0]
    end = AttemptEnded(
        sweep.id, trial.run_id, trial.attempts, NOW, RunState.COMPLETE, NOW - 9, (value,), {"val_accuracy": value}
    )
    site.store.write(end, fence=shelf.fences[folder][sweep.id]).result()


def way(page: Page, wanted: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-live", wanted)


@pytest.mark.parametrize("before", ["", NO_STREAM], ids=["stream", "poll"])
def test_a_trial_that_ends_is_seen(visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path, before: str) -> None:
    site = own_site("running")
    page = visit(site, site.sweep_page("running"), before=before)
    way(page, "poll" if before else "stream")

    finish(site, shelf, tmp_path / "running", 35, BEST)

    expect(page.locator("main")).to_contain_text(str(BEST))
    expect(page.locator("[data-panel=trials-panel] tbody")).to_contain_text(str(BEST))
    expect(page.locator("[data-panel=history]")).to_have_attribute("data-best", "35")


def test_a_trial_that_begins_is_one_more_row(visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path) -> None:
    site = own_site("running")
    page = visit(site, site.sweep_page("running"))
    table = page.locator("[data-panel=trials-panel]")
    way(page, "stream")
    expect(table).to_have_attribute("data-rows", "42")
    sweep, known = site.sweep("running"), site.store.trials(site.sweep("running").id, numbers=[0])[0]

    begun = TrialCreated(sweep.id, "f" * 32, 42, known.params, 1, NOW), AttemptStarted(sweep.id, "f" * 32, 1, "x", NOW)
    site.store.write(*begun, fence=shelf.fences[tmp_path / "running"][sweep.id]).result()

    expect(table).to_have_attribute("data-rows", "43")


def test_home_follows(visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path) -> None:
    site = own_site("running")
    page = visit(site, "/")
    way(page, "stream")
    expect(page.locator("td.cost:empty")).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/sparks" in request.url else None)

    finish(site, shelf, tmp_path / "running", 36, BEST)

    expect(page.locator("main")).to_contain_text(str(BEST))
    left = site.sweep("left-behind").id
    assert asked
    assert not [url for url in asked if left in url], "what did not change is drawn again"


def test_home_begins_with_the_first_sweep(visit: Visit, own_site: Sites) -> None:
    site = own_site("empty")
    page = visit(site, "/")
    expect(page.locator("main")).to_contain_text("No sweep yet")
    way(page, "stream")

    one(Scribe(site.store, NOW))

    expect(page.locator("main")).to_contain_text("single")
    expect(page.locator("main")).to_have_attribute("data-sweeps", "1")
    expect(page.locator("main")).not_to_contain_text("No sweep yet")


def test_the_page_of_a_run_follows_it_by_one_stream(
    visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path
) -> None:
    """However often it is drawn again."""
    site = own_site("running")
    page = visit(site, site.trial_page("running", 36))
    way(page, "stream")
    trial = site.store.trials(site.sweep("running").id, numbers=[36])[0]
    fence = shelf.fences[tmp_path / "running"][trial.sweep_id]
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if "/events" in request.url else None)

    for other, value in ((35, 0.1351), (37, 0.1371), (38, 0.1381)):
        told = PointsLogged(trial.run_id, (Point("told", value, other, NOW),), trial.attempts)
        site.store.write(told, fence=fence).result()
        finish(site, shelf, tmp_path / "running", other, BEST)
        expect(page.locator("dl.list")).to_contain_text([str(value)])

    assert opened == []


def test_a_page_that_nobody_looks_at_is_quiet(visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path) -> None:
    site = own_site("running")
    page = visit(site, site.sweep_page("running"))
    way(page, "stream")
    page.evaluate(HIDE, True)
    way(page, "off")

    finish(site, shelf, tmp_path / "running", 37, BEST)
    page.evaluate(HIDE, False)

    way(page, "stream")
    expect(page.locator("main")).to_contain_text(str(BEST))


def test_who_is_signed_out_is_told_and_goes_on_when_signed_in(visit: Visit, site: Sites) -> None:
    page = visit("running", site("running").sweep_page("running"), expected=["401"], before=NO_STREAM)
    body = {"error_code": "UNAUTHENTICATED", "message": "A token is needed."}
    page.route("**/api/v1/changes*", lambda route: route.fulfill(status=401, json=body))
    expect(page.locator("#trouble")).to_contain_text("no longer signed in")

    page.unroute("**/api/v1/changes*")

    expect(page.locator("#trouble")).to_have_count(0)


def test_a_draft_of_a_server_that_is_away_says_so(visit: Visit, site: Sites) -> None:
    page = visit("one", site("one").sweep_page(), expected=["ERR_FAILED"])
    page.route("**/draft", lambda route: route.abort())

    page.get_by_role("button", name="Draft the next sweep").click()

    expect(page.locator("dialog [role=alert]")).to_contain_text("The server does not answer")


def test_the_stream_is_tried_again(visit: Visit, site: Sites) -> None:
    """Where it was given up, the page asks; who comes back to it has the stream again."""
    page = visit("running", "/", expected=["ERR_FAILED"], before=QUICK)
    way(page, "stream")
    page.route("**/api/v1/events*", lambda route: route.abort())
    page.evaluate(HIDE, True)
    page.evaluate(HIDE, False)
    way(page, "poll")
    page.unroute("**/api/v1/events*")

    way(page, "stream")


def test_the_page_of_a_run_that_goes_on_leaves_its_reader_alone(
    visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path
) -> None:
    """What is open stays open, and the focus where it is, while values come in."""
    site = own_site("running")
    page = visit(site, site.trial_page("running", 36))
    way(page, "stream")
    page.locator("summary", has_text="packages").click()
    trial = site.store.trials(site.sweep("running").id, numbers=[36])[0]

    told = PointsLogged(trial.run_id, (Point("told", 0.1351, 1, NOW),), trial.attempts)
    site.store.write(told, fence=shelf.fences[tmp_path / "running"][trial.sweep_id]).result()
    finish(site, shelf, tmp_path / "running", 35, BEST)

    expect(page.locator("dl.list")).to_contain_text(["0.1351"])
    expect(page.locator("details[open] summary", has_text="packages")).to_be_focused()
