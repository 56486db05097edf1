"""Ranges over past sweeps as they are drawn: where the server says that they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.bench import ready
from tests.browser.conftest import Visit


def test_what_is_recommended_lies_where_the_server_says_and_within_the_axis(visit: Visit) -> None:
    page = visit("several", "/ranges")
    lr = page.locator("figure[data-parameter=lr]").first
    expect(lr.locator(".declared").first).to_be_attached()
    expect(lr.locator(".advice")).to_have_count(0)

    def advise(route: Route) -> None:
        found = route.fetch().json()
        each = next(each for each in found["groups"][0]["parameters"] if each["parameter"] == "lr")
        each["recommendation"] |= {"action": "extend", "range": {"distribution": "log_normal", "mu": -7, "sigma": 1}}
        each["recommended_span"] = [-0.2, 0.5]
        each["lanes"][0]["span"] = [0.0, 1.0]
        route.fulfill(json=found)

    page.route("**/api/v1/ranges*", advise)
    page.reload()
    ready(page)

    band, axis = lr.locator(".advice"), lr.locator(".declared").first
    start, end = (float(axis.get_attribute(name) or "nan") for name in ("x1", "x2"))
    assert float(band.get_attribute("x") or "nan") == pytest.approx(start)
    assert float(band.get_attribute("width") or "nan") == pytest.approx((end - start) / 2)
