"""Pages in the dark, on a telephone, by keyboard, and when there is nothing to show."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.bench import Site, unkind
from tests.browser.conftest import Sites, Visit
from tests.browser.test_pages import Address, at, beyond, compare, model, sweep, trial
from tests.server.served import application, serving

SMALL = {"width": 390, "height": 844}
PLACES: dict[str, tuple[str, Address]] = {
    "home": ("running", at("/")),
    "sweep": ("running", sweep("running")),
    "trial": ("running", trial(36, "running")),
    "ranges": ("several", at("/ranges")),
    "compare": ("several", compare),
    "model": ("models", model("digits", 3)),
}


@pytest.mark.parametrize("name", PLACES)
def test_in_the_dark_on_a_telephone(visit: Visit, site: Sites, name: str) -> None:
    shape, address = PLACES[name]
    page = visit(shape, "/static/none", ["404"], drawn=False)
    page.set_viewport_size(SMALL)
    page.emulate_media(color_scheme="dark")
    page.goto(site(shape).url + address(site(shape)))
    page.wait_for_selector("html[data-ready=true]", state="attached")

    assert not (found := unkind(page)), "\n".join(found)
    assert not (found := beyond(page)), "\n".join(found)


def test_a_theme_that_is_chosen_stays(visit: Visit) -> None:
    page = visit("empty", "/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    chooser = page.get_by_role("button", name="Theme")
    for _ in range(3):
        if page.evaluate("getComputedStyle(document.body).backgroundColor") != light:
            break
        chooser.click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light

    page.reload()

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_keys_lead_to_the_search_and_to_what_it_finds(visit: Visit) -> None:
    page = visit("several", "/")
    page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Search")
    expect(search).to_be_focused()
    page.keyboard.type("other")
    expect(page.get_by_role("option").first).to_contain_text("other-data")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/*")
    expect(page.locator("main h1")).to_contain_text("other-data")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    page = visit("several", "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_keys_rest_while_a_dialog_is_open(visit: Visit) -> None:
    page = visit("several", "/")
    page.keyboard.press("?")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_have_count(1)


def test_what_a_part_of_a_page_is_refused_is_told(visit: Visit) -> None:
    page = visit("several", "/", ["400"])
    refusal = {"error_code": "INVALID_PARAMETER_VALUE", "message": "this cannot be searched"}
    page.route("**/api/v1/search*", lambda route: route.fulfill(status=400, json=refusal))
    page.get_by_role("combobox", name="Search").fill("x")
    expect(page.locator("main [role=alert]")).to_have_text("this cannot be searched")


@pytest.mark.parametrize(
    ("path", "words"), [("/s/frst", "first"), ("/t/" + "0" * 32, "0" * 8), ("/models/nobody", "nobody")]
)
def test_what_is_gone_says_so(visit: Visit, path: str, words: str) -> None:
    page = visit("several", path, ["404"])
    gone = page.locator("main [role=alert][data-gone=true]")
    expect(gone).to_contain_text("Not here")
    expect(gone).to_contain_text(words)


def test_an_address_that_nobody_has_is_a_page_too(visit: Visit) -> None:
    page = visit("several", "/nowhere/at/all", ["404"], drawn=False)
    expect(page.locator("body")).to_contain_text("has this address")


CHANGES = ["Pause", "Stop", "Cancel", "Register", "Remove", "Set stage", "Point it here"]
CHANGING: dict[str, tuple[str, Address, set[str]]] = {
    "sweep": ("running", sweep("running"), {"Pause", "Stop", "Cancel", "Register"}),
    "trial": ("several", trial(), {"Register"}),
    "version": ("models", model("digits", 3), {"Set stage", "Point it here"}),
}


@pytest.mark.parametrize("name", CHANGING)
def test_who_may_only_read_sees_no_button_that_changes_anything(visit: Visit, site: Sites, name: str) -> None:
    shape, address, wanted = CHANGING[name]
    found = site(shape)

    def buttons(at: Site) -> set[str]:
        page = visit(at, address(at))
        shown = set(page.locator("main button").all_inner_texts())
        page.close()
        return shown & set(CHANGES)

    with serving(application(found.store, read_only=True)) as url:
        assert buttons(Site(found.store, url)) == set()
    assert buttons(found) == wanted
