"""Parallel coordinates: brushes by hand, by keys and by typing; axes that move; what is selected, by numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sites, Visit
from tests.browser.stores import Shelf
from tests.browser.test_live import BEST, finish, way

TOP, LENGTH = 12, 264  #: pixels from the upper edge of a track to the upper end of its axis, and of the axis

Open = Callable[..., Page]


@pytest.fixture
def opened(visit: Visit, site: Sites) -> Open:
    """Open the Sweep page of a shape, with a state in its address."""

    def open_page(shape: str, state: str = "") -> Page:
        page = visit(shape, f"{site(shape).sweep_page()}{state and '?'}{state}")
        panel(page).scroll_into_view_if_needed()
        return page

    return open_page


def panel(page: Page) -> Locator:
    return page.locator(".parcoords")


def axis(page: Page, name: str) -> Locator:
    return page.locator(f'.pc-axis[data-axis="{name}"]')


def names(page: Page) -> list[str]:
    return (panel(page).get_attribute("data-axes") or "").split("|")


def selected(page: Page) -> int:
    return int(panel(page).get_attribute("data-selected") or -1)


def chosen(page: Page, key: str = "f") -> str:
    """Return what the address keeps."""
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True).get(key, [""])[0]


def ends(page: Page, name: str) -> tuple[float, float]:
    """Return where the brush of an axis begins and ends, 0 to 1."""
    track = axis(page, name).locator(".pc-track")
    return float(track.get_attribute("data-low") or -1), float(track.get_attribute("data-high") or -1)


def drag(page: Page, name: str, start: float, end: float, *, release: bool = True) -> None:
    """Drag along an axis from one place to another, 0 to 1 from its lower end."""
    box = axis(page, name).locator(".pc-track").bounding_box()
    assert box
    x, places = box["x"] + 22, [box["y"] + TOP + (1 - at) * LENGTH for at in (start, (start + end) / 2, end)]
    page.mouse.move(x, places[0])
    page.mouse.down()
    for y in places[1:]:
        page.mouse.move(x, y)
    if release:
        page.mouse.up()
    still(page)


def still(page: Page) -> None:
    """Wait until what was asked for has been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def base(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def test_the_goal_stands_first_then_what_matters(opened: Open) -> None:
    page = opened("running")
    assert names(page)[0] == "val_accuracy"
    assert len(names(page)) == 8
    assert panel(page).get_attribute("data-brushes") == "0"
    assert panel(page).get_attribute("data-total") == str(selected(page))


def test_a_brush_is_drawn_moved_resized_and_cleared(opened: Open) -> None:
    page = opened("pruned")
    total = selected(page)

    drag(page, "lr", 0.25, 0.75)
    assert ends(page, "lr") == pytest.approx((0.25, 0.75), abs=0.02)
    assert 0 < selected(page) < total
    assert panel(page).get_attribute("data-brushes") == "1"
    assert re.fullmatch(r"lr:[\d.e-]+\.\.[\d.e-]+", chosen(page))

    drag(page, "lr", 0.5, 0.6)
    assert ends(page, "lr") == pytest.approx((0.35, 0.85), abs=0.03)
    drag(page, "lr", ends(page, "lr")[1], 0.6)
    assert ends(page, "lr") == pytest.approx((0.35, 0.6), abs=0.03)

    axis(page, "lr").locator(".pc-track").dblclick(position={"x": 22, "y": 20})
    assert selected(page) == total
    assert chosen(page) == ""


def test_the_address_follows_the_release_and_escape_takes_a_drag_back(opened: Open) -> None:
    page = opened("pruned")
    total = selected(page)
    drag(page, "lr", 0.25, 0.5, release=False)
    assert selected(page) < total
    assert chosen(page) == ""
    page.keyboard.press("Escape")
    page.mouse.up()
    still(page)
    assert selected(page) == total
    assert chosen(page) == ""


def test_brushes_on_several_axes_meet(opened: Open) -> None:
    page = opened("pruned")
    drag(page, "lr", 0.2, 0.8)
    first = selected(page)
    drag(page, "dropout", 0.1, 0.6)
    assert 0 < selected(page) < first
    assert panel(page).get_attribute("data-brushes") == "2"
    assert page.locator(".pc-summary .chip").count() == 2


def test_the_server_selects_the_same_trials(opened: Open) -> None:
    page = opened("conditional")
    drag(page, "C", 0.3, 0.9)
    sweep = urlsplit(page.url).path.rsplit("/", 1)[-1]
    answer = page.request.get(f"{base(page)}/api/v1/sweeps/{sweep}/trials", params={"f": chosen(page), "limit": "1"})
    assert answer.json()["total"] == selected(page)


def test_a_page_opens_with_the_selection_and_axes_of_its_address(opened: Open) -> None:
    page = opened("conditional", "f=C:0.1..10&axes=loss,~C,kernel")
    assert names(page) == ["loss", "C", "kernel"]
    assert panel(page).get_attribute("data-brushes") == "1"
    assert 0 < selected(page) < 90


def test_the_lane_selects_what_is_not_set(opened: Open) -> None:
    page = opened("conditional")
    lane = axis(page, "degree").locator(".pc-unset")
    unset = int(re.findall(r"\d+", lane.inner_text())[0])
    lane.click()
    still(page)
    assert selected(page) == unset
    assert chosen(page) == "degree:"
    assert lane.get_attribute("aria-pressed") == "true"
    lane.click()
    still(page)
    assert selected(page) == 90


def test_levels_are_clicked_and_ticked(opened: Open) -> None:
    page = opened("conditional")
    levels = [each.text_content() or "" for each in axis(page, "kernel").locator(".pc-tick").all()]
    track = axis(page, "kernel").locator(".pc-track")
    track.click(position={"x": 22, "y": TOP + LENGTH * (1 - 0.5 / len(levels))})
    still(page)
    assert chosen(page) == f"kernel:{levels[0]}"

    axis(page, "kernel").locator(".pc-name").click()
    page.locator(".pc-menu").get_by_label(levels[1], exact=True).check()
    still(page)
    assert chosen(page) == f"kernel:{levels[0]},{levels[1]}"


def test_ranges_can_be_typed(opened: Open) -> None:
    page = opened("conditional")
    axis(page, "C").locator(".pc-name").click()
    page.get_by_label("C from").fill("0.1")
    page.get_by_label("C to").fill("10")
    page.keyboard.press("Tab")
    still(page)
    assert chosen(page) == "C:0.1..10"
    page.get_by_label("C to").fill("ten")
    page.keyboard.press("Tab")
    expect(page.locator(".pc-menu [role=alert]")).to_have_text('"ten" is not a number')
    assert chosen(page) == "C:0.1..10"
    page.keyboard.press("Escape")
    expect(page.locator(".pc-menu")).to_have_count(0)
    expect(axis(page, "C").locator(".pc-name")).to_be_focused()


def test_keys_move_the_ends_of_a_brush(opened: Open) -> None:
    page = opened("pruned")
    track = axis(page, "lr").locator(".pc-track")
    track.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    still(page)
    low, high = ends(page, "lr")
    assert 0 < low < high < 1
    assert re.match(r"lr [\d.e-]+ to [\d.e-]+", track.get_attribute("aria-valuetext") or "")
    assert "selected" in (axis(page, "lr").get_attribute("aria-label") or "")
    page.keyboard.press("Delete")
    still(page)
    assert ends(page, "lr") == (0, 1)


def test_axes_move_by_keys_and_by_drag_turn_go_and_come(opened: Open) -> None:
    page = opened("conditional")
    usual = names(page)
    axis(page, usual[1]).locator(".pc-track").focus()
    page.keyboard.press("Alt+ArrowRight")
    still(page)
    assert names(page)[1:3] == [usual[2], usual[1]]
    expect(axis(page, usual[1]).locator(".pc-track")).to_be_focused()

    box, other = (axis(page, name).locator(".pc-name").bounding_box() for name in (usual[1], usual[3]))
    assert box
    assert other
    page.mouse.move(box["x"] + 12, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 10)
    page.mouse.move(other["x"] + 12, box["y"] + 10)
    page.mouse.up()
    still(page)
    assert names(page)[1:4] == [usual[2], usual[3], usual[1]]

    axis(page, usual[3]).locator(".pc-name").click()
    page.get_by_role("button", name="Flip").click()
    still(page)
    assert f"~{usual[3]}" in chosen(page, "axes")
    page.get_by_role("button", name="Remove").click()
    still(page)
    assert usual[3] not in names(page)
    page.get_by_label("Add an axis").select_option("seconds")
    still(page)
    assert names(page)[-1] == "seconds"
    page.get_by_role("button", name="Usual axes").click()
    still(page)
    assert names(page) == usual
    assert chosen(page, "axes") == ""


def test_the_best_tenth_and_the_failed(opened: Open) -> None:
    page = opened("running")
    panel(page).get_by_role("button", name="Top 10 %").click()
    still(page)
    assert selected(page) == 3
    panel(page).get_by_role("button", name="Failed").click()
    still(page)
    assert chosen(page) == "state:failed"
    assert selected(page) > 0
    panel(page).get_by_role("button", name="Clear").click()
    still(page)
    assert panel(page).get_attribute("data-total") == str(selected(page))


def test_a_line_is_found_by_the_pointer_and_opens_its_trial(opened: Open) -> None:
    page = opened("one")
    box = page.locator(".pc-layers").bounding_box()
    assert box
    tip = panel(page).locator(".tip:not([hidden])")
    for y in range(8, 290, 4):
        page.mouse.move(box["x"] + 110, box["y"] + y)
        still(page)
        if tip.count():
            break
    expect(tip).to_contain_text("Trial 0")
    page.mouse.click(box["x"] + 110, box["y"] + y)
    page.locator(".card").get_by_role("link", name="Open trial").click()
    page.wait_for_url("**/t/*")


def test_every_selected_trial_is_drawn(opened: Open) -> None:
    page = opened("pruned", "f=lr:1e-4..1e-2")
    expect(panel(page)).to_have_attribute("data-drawn", str(selected(page)))


def test_the_draft_asks_with_the_selection(opened: Open) -> None:
    page = opened("pruned")
    draft = panel(page).get_by_role("button", name="Draft narrowed sweep")
    expect(draft).to_be_disabled()
    drag(page, "lr", 0.3, 0.7)
    page.evaluate(
        "addEventListener('draft', (event) => { window.drafted = event.detail.f; event.stopPropagation(); }, true)"
    )
    draft.click()
    assert page.evaluate("window.drafted") == chosen(page)


def test_the_selection_downloads(opened: Open) -> None:
    page = opened("pruned", "f=lr:1e-4..1e-2")
    with page.expect_download() as found:
        panel(page).get_by_role("link", name="CSV of").click()
    rows = found.value.path().read_text("utf-8").strip().splitlines()
    assert len(rows) == selected(page) + 1


def test_the_chart_has_words_and_a_table(opened: Open) -> None:
    page = opened("conditional", "f=C:0.1..10")
    words = page.locator(".pc-layers").get_attribute("aria-label") or ""
    assert f"{selected(page)} of 90 trials selected" in words
    assert "C 0.1 to 10" in words
    panel(page).get_by_text("Axes as a table").click()
    rows = panel(page).locator(".twin tbody tr")
    expect(rows).to_have_count(len(names(page)))
    expect(rows.filter(has_text="C 0.1 to 10")).to_have_count(1)


def test_a_brush_over_ten_thousand_trials(opened: Open) -> None:
    page = opened("large")
    name = names(page)[1]
    drag(page, name, 0.3, 0.7, release=False)
    during = selected(page)
    assert 0 < during < 10_000
    page.mouse.up()
    expect(panel(page)).to_have_attribute("data-drawn", re.compile(r"[1-9]\d+"))
    assert selected(page) == during


def test_trials_that_end_during_a_drag_leave_it_alone(
    visit: Visit, own_site: Sites, shelf: Shelf, tmp_path: Path
) -> None:
    site = own_site("running")
    page = visit(site, site.sweep_page("running"))
    way(page, "stream")
    panel(page).scroll_into_view_if_needed()
    drag(page, "lr", 0.1, 0.5, release=False)

    finish(site, shelf, tmp_path / "running", 35, BEST)
    expect(page.locator("[data-panel=history]")).to_have_attribute("data-best", "35")
    box = axis(page, "lr").locator(".pc-track").bounding_box()
    assert box
    page.mouse.move(box["x"] + 22, box["y"] + TOP + 0.2 * LENGTH)
    page.mouse.up()

    expect(axis(page, "val_accuracy").locator(".pc-unset")).to_have_text("no value 11")
    assert ends(page, "lr") == pytest.approx((0.1, 0.8), abs=0.02)
