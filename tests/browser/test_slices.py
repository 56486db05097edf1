"""Slices: one picture a parameter, brushes that the whole page shares."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sites, Visit
from tests.browser.test_parcoords import chosen, selected, still


def panel(page: Page) -> Locator:
    return page.locator(".slices")


def plot(page: Page, name: str) -> Locator:
    return page.locator(f'.slice[data-slice="{name}"] .slice-plot')


def opened(visit: Visit, site: Sites, shape: str, state: str = "") -> Page:
    page = visit(shape, f"{site(shape).sweep_page()}{state and '?'}{state}")
    panel(page).scroll_into_view_if_needed()
    still(page)
    return page


def painted(page: Page, name: str, layer: str) -> int:
    """Return how many pixels of a layer show something."""
    return int(
        page.evaluate(
            """([name, layer]) => {
              const canvas = document.querySelector(`.slice[data-slice="${name}"] canvas[data-layer="${layer}"]`);
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return data.filter((value, i) => i % 4 === 3 && value > 0).length;
            }""",
            [name, layer],
        )
    )


def test_one_slice_for_each_searched_parameter(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "conditional")
    expect(panel(page)).to_have_attribute("data-slices", "7")
    plot(page, "C").scroll_into_view_if_needed()
    still(page)
    assert painted(page, "C", "cloud") > 100
    assert painted(page, "C", "front") > 20


def test_a_drag_selects_and_all_panels_follow(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "conditional")
    plot(page, "C").scroll_into_view_if_needed()
    box = plot(page, "C").bounding_box()
    assert box
    for step, x in enumerate((0.4, 0.55, 0.8)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + 60)
        if step == 0:
            page.mouse.down()
    page.mouse.up()
    still(page)
    assert re.fullmatch(r"C:[\d.e-]+\.\.[\d.e-]+", chosen(page))
    assert 0 < selected(page) < 90
    expect(panel(page)).to_have_attribute("data-selected", str(selected(page)))
    expect(panel(page)).to_have_attribute("data-brushes", "1")
    plot(page, "C").dblclick(position={"x": 60, "y": 60})
    still(page)
    assert selected(page) == 90


def test_keys_and_the_lane(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "conditional")
    plot(page, "C").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    still(page)
    assert re.fullmatch(r"C:[\d.e-]+\.\.[\d.e-]+", chosen(page))
    page.keyboard.press("Delete")
    lane = page.locator('.slice[data-slice="degree"] .slice-unset')
    lane.click()
    still(page)
    assert chosen(page) == "degree:"
    expect(lane).to_have_attribute("aria-pressed", "true")


def test_a_point_is_found_by_the_pointer(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "one")
    name = page.locator(".slice").first.get_attribute("data-slice") or ""
    plot(page, name).scroll_into_view_if_needed()
    box = plot(page, name).bounding_box()
    assert box
    tip = page.locator(f'.slice[data-slice="{name}"] .tip:not([hidden])')
    for x in range(40, int(box["width"]), 8):
        page.mouse.move(box["x"] + x, box["y"] + 8 + (box["height"] - 42) / 2)
        still(page)
        if tip.count():
            break
    expect(tip).to_contain_text("Trial 0")
    expect(page.locator(f'.slice[data-slice="{name}"] .slice-dot')).to_be_visible()


def test_a_name_in_what_matters_leads_to_its_slice(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "conditional")
    event = "new CustomEvent('parameter', {bubbles: true, detail: {name: 'cache'}})"
    page.evaluate(f"document.querySelector('main').dispatchEvent({event})")
    expect(plot(page, "cache")).to_be_focused()


def test_without_a_value_it_says_so(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "all-failed")
    expect(panel(page)).to_contain_text("No trial has a value yet.")
    expect(panel(page)).to_have_attribute("data-slices", "0")


def test_words_and_a_table(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "conditional")
    assert re.match(r"loss over each of 7 parameters\.", page.locator(".slices-grid").get_attribute("aria-label") or "")
    panel(page).get_by_text("Slices as a table").click()
    expect(panel(page).locator(".twin tbody tr")).to_have_count(7)


def test_ten_thousand_trials_are_counted(visit: Visit, site: Sites) -> None:
    page = opened(visit, site, "large")
    name = page.locator(".slice").first.get_attribute("data-slice") or ""
    plot(page, name).scroll_into_view_if_needed()
    still(page)
    assert painted(page, name, "cloud") > 2000
