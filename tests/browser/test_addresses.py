"""What stands in an address is what a page shows: after the back button too, and when it means nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Sites, Visit
from tests.browser.test_pages import compare


def test_back_leads_to_the_comparison_before(visit: Visit, site: Sites) -> None:
    page = visit("several", compare(site("several")))
    main = page.locator("main")
    expect(main).to_have_attribute("data-sweeps", "4")

    page.get_by_role("button", name="Leave out").first.click()
    expect(main).to_have_attribute("data-sweeps", "3")
    page.go_back()

    expect(main).to_have_attribute("data-sweeps", "4")
    expect(page.locator("table.sides tbody tr")).to_have_count(4)


def test_back_leads_to_the_ranges_before(visit: Visit) -> None:
    page = visit("several", "/ranges")
    field, main = page.get_by_role("searchbox", name="parameters"), page.locator("main")
    every = page.locator(".parameter").count()
    asked: list[str] = []

    field.fill("lr")
    field.press("Enter")
    expect(page.locator("[data-sweeps] summary").first).to_have_text("1 parameter")
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/ranges" in request.url else None)
    page.go_back()

    expect(page.get_by_role("searchbox", name="parameters")).to_have_value("")
    expect(page.locator(".parameter")).to_have_count(every)
    expect(main.locator("h1")).to_have_count(1)
    assert len(asked) == 1


def test_a_filter_that_means_nothing_is_told(visit: Visit) -> None:
    page = visit("several", "/", ["400"])
    page.get_by_role("searchbox", name="Tag").fill("paper")
    expect(page.locator("main [role=status]").first).to_contain_text("KEY=VALUE")
    page.get_by_role("searchbox", name="Tag").fill("paper=yes")
    expect(page.locator("main")).to_have_attribute("data-sweeps", "1")


def test_a_sweep_to_compare_that_is_not_there_is_told(visit: Visit, site: Sites) -> None:
    page = visit("several", compare(site("several")), ["404"])
    field = page.get_by_label("Add a sweep")
    field.fill("nobody-called-so")
    field.press("Enter")
    expect(page.locator("main [role=alert]")).to_contain_text("nobody-called-so")
