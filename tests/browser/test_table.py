"""The table of trials: order, keys, columns, files, and that it stays still while trials come in."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from sweeper.records import RunState
from tests.browser.conftest import Sites, Visit

PANEL = "[data-panel=trials-panel]"
LIVE = """async () => {
  const base = new URL(".", document.querySelector("script[src$='app.js']").src).href;
  const { View } = await import(base + "core/view.js"), { trialsTable } = await import(base + "charts/table.js");
  const columns = (n) => {
    const values = Float64Array.from({ length: n }, (_, i) => i), none = new Float64Array(n).fill(NaN);
    const goal = { name: "loss", role: "goal", kind: "float", values, levels: [], low: null, high: null, log: false };
    return {
      rev: "e-" + n, n, t0: 0, states: ["queued", "running", "complete"], number: values,
      state: new Uint8Array(n).fill(2),
      start: none, seconds: none, cost: none, dup: none, ids: [], params: [], goals: [goal], metrics: [],
    };
  };
  const sweep = { id: "0".repeat(32), name: "x", goals: [{ name: "loss", goal: "maximize" }], space: {} };
  const view = new View(sweep, columns(100000), { live: false }), panel = trialsTable(view);
  document.querySelector("main").replaceChildren(panel);
  const frame = (ms = 250) => new Promise((done) => { setTimeout(done, ms); });
  await frame();
  const scroller = panel.querySelector(".trials"), found = {};
  const look = (name) => { found[name] = [panel.dataset.rows, panel.dataset.first, scroller.scrollTop]; };
  look("top");
  scroller.scrollTop = 28 * 1000 + 5;
  await frame();
  look("scrolled");
  view.take(columns(100010));
  await frame();
  look("more");
  found.made = panel.querySelectorAll("tbody tr").length;
  found.count = panel.querySelector("table").getAttribute("aria-rowcount");
  scroller.scrollTop = 0;
  view.take(columns(100020));
  await frame();
  look("followed");
  return found;
}"""


def facts(page: Page) -> dict[str, str]:
    return dict(page.locator(PANEL).evaluate("each => ({...each.dataset})"))


def rows(page: Page) -> Locator:
    return page.locator(f"{PANEL} tbody tr[id]")


def state(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def head(page: Page, name: str) -> Locator:
    return page.locator(f"{PANEL} thead button[data-key='{name}']")


def test_a_click_on_a_head_sorts_and_the_address_keeps_it(visit: Visit, site: Sites) -> None:
    page = visit("conditional", site("conditional").sweep_page())
    assert facts(page)["sort"] == "loss"  # a loss: the best first
    trials = site("conditional").store.trials(site("conditional").sweep().id)
    by_c = sorted((trial for trial in trials if "C" in trial.params), key=lambda trial: trial.params["C"])
    head(page, "C").click()
    assert (facts(page)["sort"], facts(page)["first"], state(page)["sort"]) == ("C", str(by_c[0].number), "C")
    head(page, "C").click()
    assert (facts(page)["sort"], facts(page)["first"]) == ("-C", str(by_c[-1].number))
    assert page.locator(f"{PANEL} [aria-sort=descending]").inner_text() == "C"
    again = visit("conditional", site("conditional").sweep_page() + "?sort=-C&cols=state,C")
    assert (facts(again)["sort"], facts(again)["first"]) == ("-C", str(by_c[-1].number))
    assert again.locator(f"{PANEL} thead button").all_inner_texts() == ["#", "state", "C"]


def test_what_is_not_set_comes_last_both_ways(visit: Visit, site: Sites) -> None:
    lacking = [
        trial.number
        for trial in site("conditional").store.trials(site("conditional").sweep().id)
        if "gamma" not in trial.params
    ]
    assert lacking
    page = visit("conditional", site("conditional").sweep_page() + "?sort=gamma&cols=gamma")
    table = page.locator(f"{PANEL} table")
    for sort in ("gamma", "-gamma"):
        assert facts(page)["sort"] == sort
        table.focus()
        table.press("End")
        last = rows(page).last
        assert last.get_attribute("data-number") == str(max(lacking))
        assert last.locator("td").last.inner_text() == ""
        head(page, "gamma").click()


def test_keys_move_tick_and_open(visit: Visit, site: Sites) -> None:
    page = visit("pruned", site("pruned").sweep_page() + "?sort=number")
    table = page.locator(f"{PANEL} table")
    table.focus()
    table.press("ArrowDown")
    table.press("ArrowDown")
    table.press("x")
    active = page.locator(f"#{table.get_attribute('aria-activedescendant')}")
    assert (active.get_attribute("data-number"), active.get_attribute("aria-selected")) == ("1", "true")
    assert state(page)["t"] == "1"
    table.press("PageDown")
    table.press("End")
    assert page.locator(f"{PANEL} tr.active").get_attribute("data-number") == "79"
    assert int(facts(page)["first"]) > 50
    table.press("Home")
    page.locator(PANEL).get_by_role("button", name="ticked", exact=True).click()
    assert facts(page)["rows"] == "1"
    table.press("ArrowDown")
    table.press("Enter")
    page.wait_for_url("**/t/*")
    assert site("pruned").trial_page(number=1) in page.url


def test_ticked_trials_their_files_their_command_and_a_draft_of_them(visit: Visit, site: Sites) -> None:
    page = visit("pruned", site("pruned").sweep_page() + "?t=3,5&f=number:0..1")
    panel = page.locator(PANEL)
    panel.get_by_role("button", name="ticked", exact=True).click()
    assert facts(page)["rows"] == "2"
    link = panel.get_by_role("link", name="JSON").get_attribute("href")
    found = page.request.get(page.url.split("/s/")[0] + str(link)).json()
    assert sorted(trial["number"] for trial in found) == [3, 5]
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    panel.get_by_role("button", name="Copy command").click()
    assert "--where 'number in [3, 5]'" in page.evaluate("window.copied")

    panel.get_by_role("button", name="Draft from ticked").click()

    expect(page.locator("dialog pre")).to_contain_text("parameters:")
    expect(page.locator("dialog")).to_contain_text("only 2 complete trials selected")


def test_constants_are_folded_and_columns_chosen(visit: Visit, site: Sites) -> None:
    page = visit("conditional", site("conditional").sweep_page())
    assert head(page, "degree").count() == 1
    chooser = page.locator(f"{PANEL} .chooser")
    chooser.locator("summary").click()
    assert "never varied" in chooser.inner_text()
    chooser.get_by_label("degree", exact=True).uncheck()
    assert head(page, "degree").count() == 0
    assert "degree" not in state(page)["cols"].split(",")
    chooser.locator("button").click()
    assert head(page, "degree").count() == 1
    assert "cols" not in state(page)


def test_the_selection_its_files_and_its_command(visit: Visit, site: Sites) -> None:
    failed = site("running").store.trials(site("running").sweep("running").id, states=[RunState.FAILED])
    page = visit("running", site("running").sweep_page("running") + "?f=state:failed&sort=number")
    assert facts(page)["rows"] == str(len(failed))
    assert [row.get_attribute("data-number") for row in rows(page).all()] == [str(trial.number) for trial in failed]
    assert f"{len(failed)} of 42 trials" in page.locator(PANEL).inner_text()
    link = page.locator(f"{PANEL} a", has_text="JSON").get_attribute("href")
    answer = page.request.get(page.url.split("/s/")[0] + str(link))
    assert answer.ok
    assert len(json.loads(answer.text())) == len(failed)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.locator(f"{PANEL} button", has_text="Copy command").click()
    assert page.evaluate("window.copied").endswith(
        f"""--where 'state == '"'"'failed'"'"'' --store {site("running").store.url}"""
    )
    page.locator(f"{PANEL} button", has_text="all").click()
    assert facts(page)["rows"] == "42"


def test_of_ten_thousand_a_few_are_made(visit: Visit, site: Sites) -> None:
    page = visit("large", site("large").sweep_page() + "?sort=number")
    assert facts(page)["rows"] == "10000"
    assert page.locator(f"{PANEL} table").get_attribute("aria-rowcount") == "10001"
    page.locator(f"{PANEL} .trials").evaluate("each => { each.scrollTop = 28 * 5000; }")
    expect(page.locator(PANEL)).to_have_attribute("data-first", "5000")
    assert rows(page).count() < 60
    assert rows(page).first.get_attribute("aria-rowindex") == str(
        int(rows(page).first.get_attribute("data-number") or 0) + 2
    )


def test_trials_that_come_in_do_not_move_what_is_read(visit: Visit) -> None:
    found = visit("empty", "/").evaluate(LIVE)
    assert found["top"] == ["100000", "99999", 0]
    assert found["scrolled"] == ["100000", "98999", 28 * 1000 + 5]
    assert found["more"] == ["100010", "98999", 28 * 1010 + 5]
    assert found["followed"] == ["100020", "100019", 0]
    assert found["count"] == "100011"
    assert found["made"] < 60
