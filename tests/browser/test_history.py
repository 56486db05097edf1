"""Best so far and goals against each other: what they say, what the pointer and the keys find, what is selected."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sites, Visit

PANEL = "[data-panel=history]"


def facts(page: Page, panel: str = PANEL) -> dict[str, str]:
    return dict(page.locator(panel).evaluate("each => ({...each.dataset})"))


def test_the_best_trial_is_said_and_the_axis_changes(visit: Visit, site: Sites) -> None:
    best = site("running").sweep("running").best
    assert best
    page = visit("running", site("running").sweep_page("running"))
    assert facts(page)["best"] == str(best.number)
    assert facts(page)["points"] == "39"  # the queued ones lie nowhere
    assert f"at trial {best.number};" in page.locator(f"{PANEL} .sentence").inner_text()
    page.locator(f"{PANEL} button", has_text="time").click()
    page.locator(f"{PANEL} button", has_text="log").click()
    assert (facts(page)["x"], facts(page)["y"]) == ("time", "log")
    page.locator(f"{PANEL} summary").click()
    expect(page.locator(f"{PANEL} .twin tbody tr")).to_have_count(int(facts(page)["steps"]))


def test_keys_go_from_trial_to_trial_and_open_one(visit: Visit, site: Sites) -> None:
    page = visit("pruned", site("pruned").sweep_page())
    chart = page.locator(f"{PANEL} .scatter")
    chart.focus()
    chart.press("Home")
    chart.press("ArrowRight")
    chart.press("ArrowRight")
    assert "Trial 2" in page.locator(f"{PANEL} .tip").inner_text()
    chart.press("Escape")
    assert page.locator(f"{PANEL} .tip").is_hidden()
    chart.press("End")
    chart.press("Enter")
    page.wait_for_url("**/t/*")
    assert site("pruned").trial_page(number=79) in page.url


def test_the_pointer_finds_a_trial_and_the_table_shows_it(visit: Visit, site: Sites) -> None:
    page = visit("running", site("running").sweep_page("running"))
    best, chart = facts(page)["best"], page.locator(f"{PANEL} .scatter")
    box = chart.bounding_box()
    assert box
    green = chart.locator("canvas").first.evaluate(
        """(canvas) => {
          const context = canvas.getContext("2d"), { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          const wide = canvas.width, shade = [29, 122, 66];
          for (let i = 0; i < data.length; i += 4 ) {
            const at = i / 4;  // the mark of the best: green above, below, left and right of it
            const ring = [at, at + 3, at - 3, at + 3 * wide, at - 3 * wide];
            if (ring.every((each) => shade.every((part, j) => Math.abs(data[4 * each + j] - part) < 8))) {
              const ratio = canvas.width / canvas.clientWidth;
              return [at % wide / ratio, Math.floor(at / wide) / ratio];
            }
          }
          return null;
        }"""
    )
    assert green, "the best trial has no mark"
    page.mouse.move(box["x"] + green[0], box["y"] + green[1])
    assert f"Trial {best}" in page.locator(f"{PANEL} .tip").inner_text()
    assert page.locator("[data-panel=trials-panel] tr.hovered").get_attribute("data-number") == best
    page.mouse.move(5, 5)
    assert page.locator("[data-panel=trials-panel] tr.hovered").count() == 0


def test_nothing_is_drawn_of_nothing(visit: Visit, site: Sites) -> None:
    page = visit("all-failed", site("all-failed").sweep_page())
    assert facts(page)["best"] == ""
    assert "None of 20 trials has completed" in page.locator(f"{PANEL} .sentence").inner_text()
    assert page.locator(f"{PANEL} .twin").is_hidden()


def test_the_front_of_two_goals_and_the_goal_that_judges(visit: Visit, site: Sites) -> None:
    page = visit("multi", site("multi").sweep_page())
    front = "[data-panel=front]"
    page.locator(f"{front} summary").click()
    rows = page.locator(f"{front} .twin tbody tr")
    expect(rows).to_have_count(int(facts(page, front)["front"]))
    assert rows.count() > 1
    texts = [rows.nth(at).locator("td").nth(2).inner_text() for at in range(rows.count())]
    latencies = [float(text.replace(",", "")) for text in texts]
    assert latencies == sorted(latencies, reverse=True) or latencies == sorted(latencies)
    before = facts(page)["best"]
    page.locator(f"{PANEL} select").select_option("latency_ms")
    expect(page.locator(PANEL)).not_to_have_attribute("data-best", before)
    assert "Best latency_ms" in page.locator(f"{PANEL} .sentence").inner_text()
    assert "m=latency_ms" in page.url
