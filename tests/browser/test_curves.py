"""Curves, importance and failures of a sweep: what they show, what they select, and what they say of nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from sweeper.records import RunState
from tests.browser.bench import PATIENCE
from tests.browser.conftest import Sites, Visit

CURVES, MATTERS, FAILED, TRIALS = (
    f"[data-panel={name}]" for name in ("curves", "importance", "failures", "trials-panel")
)
COMPUTED = 60_000  #: milliseconds until a process has judged what matters


def facts(page: Page, panel: str) -> dict[str, str]:
    return dict(page.locator(panel).evaluate("each => ({...each.dataset})"))


def drawn(page: Page) -> None:
    """Wait until curves stand."""
    expect(page.locator(CURVES)).to_have_attribute("data-lines", re.compile("[1-9]"), timeout=PATIENCE)


def test_the_best_trials_have_a_colour_and_so_have_ticked_ones(visit: Visit, site: Sites) -> None:
    page = visit("pruned", site("pruned").sweep_page())
    drawn(page)
    goal = site("pruned").sweep().goals[0].name
    assert (facts(page, CURVES)["metric"], facts(page, CURVES)["leaders"]) == (goal, "5")
    cut = site("pruned").store.trials(site("pruned").sweep().id, states=[RunState.PRUNED])[0].number
    visit_ticked = visit("pruned", site("pruned").sweep_page() + f"?t={cut}")
    drawn(visit_ticked)
    assert facts(visit_ticked, CURVES)["leaders"] == "6"
    assert f"trial {cut}" in visit_ticked.locator(f"{CURVES} .legend .dashed").inner_text()
    visit_ticked.locator(f"{CURVES} summary").click()
    expect(visit_ticked.locator(f"{CURVES} .twin tbody tr")).not_to_have_count(0)
    assert visit_ticked.locator(f"{CURVES} .twin tbody tr").count() >= int(facts(visit_ticked, CURVES)["lines"])


def test_another_metric_and_a_closer_look(visit: Visit, site: Sites) -> None:
    page = visit("pruned", site("pruned").sweep_page())
    drawn(page)
    chooser = page.locator(f"{CURVES} select")
    others = [name for name in chooser.locator("option").all_inner_texts() if name != facts(page, CURVES)["metric"]]
    if others:
        chooser.select_option(others[0])
        expect(page.locator(CURVES)).to_have_attribute("data-metric", others[0], timeout=PATIENCE)
        assert f"curve={others[0]}" in page.url
    page.locator(f"{CURVES} .u-over").scroll_into_view_if_needed()
    box = page.locator(f"{CURVES} .u-over").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 100, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, y, steps=4)
    page.mouse.up()
    whole = page.locator(f"{CURVES} button", has_text="Whole range")
    expect(whole).to_be_visible()
    page.mouse.dblclick(box["x"] + 200, y)
    expect(whole).to_be_hidden()


def test_what_is_not_there_is_said(visit: Visit, site: Sites) -> None:
    page = visit("conditional", site("conditional").sweep_page())
    expect(page.locator(f"{CURVES} .sentence")).to_have_text(
        "No metric has a history: trials report each value once.", timeout=PATIENCE
    )
    assert facts(page, CURVES)["lines"] == "0"
    expect(page.locator(f"{FAILED} .sentence")).to_have_text("None of 90 trials failed.", timeout=PATIENCE)
    assert page.locator(f"{FAILED} button").count() == 0


def test_of_a_run_the_metric_that_was_chosen_last_is_drawn(visit: Visit, site: Sites) -> None:
    page = visit("pruned", site("pruned").trial_page(number=0))
    choose, caption = page.get_by_label("Metric", exact=True), page.locator("figure figcaption").first
    first, last = choose.locator("option").all_inner_texts()[:2]
    choose.select_option(last)
    expect(caption).to_contain_text(f"{last} by step")
    held: list[Route] = []
    slow = f"**/metrics?names={first}*"
    page.route(slow, lambda route: held.append(route))

    with page.expect_request(slow):
        choose.select_option(first)
    with page.expect_response(f"**/metrics?names={last}*"):
        choose.select_option(last)
    with page.expect_response(slow):
        held[0].continue_()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    expect(caption).to_contain_text(f"{last} by step")


def test_what_matters_orders_the_page(visit: Visit, site: Sites) -> None:
    page = visit("conditional", site("conditional").sweep_page())
    expect(page.locator(MATTERS)).to_have_attribute("data-state", "ready", timeout=COMPUTED)
    names = page.locator(f"{MATTERS} .name").all_inner_texts()
    assert names[0] == facts(page, MATTERS)["top"]
    heads = page.locator(f"{TRIALS} thead button").all_inner_texts()
    expected = [name for name in names if name in heads]
    assert [head for head in heads if head in names] == expected
    page.evaluate("addEventListener('parameter', (event) => { window.asked = event.detail.name; })")
    page.locator(f"{MATTERS} .name").nth(1).click()
    assert page.evaluate("window.asked") == names[1]
    page.locator(f"{MATTERS} summary").click()
    expect(page.locator(f"{MATTERS} .twin tbody tr")).to_have_count(len(names))


def test_failures_by_cause_select_their_trials(visit: Visit, site: Sites) -> None:
    page = visit("all-failed", site("all-failed").sweep_page())
    expect(page.locator(f"{MATTERS} .sentence")).to_contain_text("needs at least", timeout=COMPUTED)
    assert facts(page, MATTERS)["top"] == ""
    expect(page.locator(f"{FAILED} article")).to_have_count(4, timeout=PATIENCE)
    assert facts(page, FAILED)["groups"] == "4"
    assert "20 of 20 trials failed, for 4 reasons." in page.locator(FAILED).inner_text()
    first = page.locator(f"{FAILED} article").first
    first.locator("summary").click()
    expect(first.locator("pre")).to_be_visible()
    first.locator("button").click()
    expect(page.locator(TRIALS)).to_have_attribute("data-rows", first.get_attribute("data-size") or "")
    assert "f=number" in page.url
    first.locator("a").click()
    page.wait_for_url("**/t/*")
