"""Every page for each shape of data: it draws, nothing complains, people with other senses get in, text stays text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from sweeper.records import RunState
from tests.browser.bench import Site, injected, unkind
from tests.browser.conftest import Sites, Visit
from tests.browser.hostile import ATTRIBUTE, NAME

Address = Callable[[Site], str]
NONSENSE = re.compile(r"\bundefined\b|\[object \w+\]|\bNaN\b|Infinity\b|Invalid Date")
ODD = ("hostile", "odd-numbers")  #: shapes in which such words are data


def at(path: str) -> Address:
    return lambda site: path


def sweep(name: str = "last") -> Address:
    return lambda site: site.sweep_page(name)


def trial(number: int = 0, name: str = "last", state: RunState | None = None) -> Address:
    """A trial by number, or the first in a state."""

    def find(site: Site) -> str:
        if state is None:
            return site.trial_page(name, number)
        return f"/t/{site.store.trials(site.sweep(name).id, states=[state])[0].run_id}"

    return find


def run(name: str) -> Address:
    return lambda site: f"/t/{next(run.id for run in site.store.runs(kinds=['run']) if run.name == name)}"


def model(name: str | None = None, version: int | None = None) -> Address:
    return lambda site: site.model_page(name or site.store.models.search()[0].name, version)


def compare(site: Site) -> str:
    return "/compare?s=" + ",".join(sweep.id for sweep in site.store.sweeps()[:4])


LISTS = {name: at(f"/{name}") for name in ("", "runs", "experiments", "ranges", "models", "compare")}
RANGES, HOME = {"ranges": at("/ranges")}, {"home": at("/")}
VISITS: dict[str, dict[str, Address]] = {
    "empty": LISTS,
    "no-trials": {**HOME, "sweep": sweep(), **RANGES},
    "one": {"sweep": sweep(), "trial": trial()},
    "running": {
        **HOME, "sweep": sweep("running"), "trial": trial(36, "running"), "left-behind": sweep("left-behind"), **RANGES,
    },
    "all-failed": {**HOME, "sweep": sweep(), "trial": trial(1)},
    "pruned": {
        "sweep": sweep(), "pruned": trial(state=RunState.PRUNED), "complete": trial(state=RunState.COMPLETE),
    },
    "conditional": {"sweep": sweep(), "trial": trial(), **RANGES},
    "multi": {**HOME, "sweep": sweep(), "trial": trial()},
    "large": {"sweep": sweep(), **RANGES},
    "nested": {
        "sweep": sweep(), "trial": trial(), "run": run("pipeline"), "runs": at("/runs"),
        "experiments": at("/experiments"),
    },
    "several": {**HOME, "compare": compare, **RANGES, "sweep": sweep("third")},
    "models": {
        "models": at("/models"), "model": model("digits"), "version": model("digits", 3), "broken": model("letters", 1),
        "trial": trial(),
    },
    "odd-numbers": {**HOME, "sweep": sweep(), "trial": trial(), **RANGES},
    "hostile": {
        **LISTS, "sweep": sweep(NAME), "proto": sweep("__proto__"), "failed": trial(0, NAME), "pruned": trial(1, NAME),
        "complete": trial(2, NAME), "run": run(ATTRIBUTE), "compare": compare, "model": model(),
        "version": model(version=1),
    },
}  # fmt: skip
CASES = [(shape, name) for shape, addresses in VISITS.items() for name in addresses]
#: Visits where the rules of axe-core, which take longer than the page, are asked: each page with data and, where other
#: parts stand there then, without; in text of others, where names are long and odd. In the dark: test_looks.py.
JUDGED = {
    "empty": ("", "runs", "ranges", "models", "compare"),
    "no-trials": ("sweep",),
    "running": ("home", "trial"),
    "all-failed": ("sweep", "trial"),
    "multi": ("sweep",),
    "conditional": ("sweep",),
    "nested": ("run", "runs", "experiments"),
    "several": ("compare", "ranges"),
    "models": ("models", "model", "version"),
    "hostile": ("", "sweep", "complete", "version"),
}


@pytest.mark.parametrize(("shape", "name"), CASES)
def test_a_page(visit: Visit, site: Sites, shape: str, name: str) -> None:
    page = visit(shape, VISITS[shape][name](site(shape)))

    assert page.locator("main [role=alert]").all_inner_texts() == []
    assert page.locator("main h1").count() == 1
    assert not (found := injected(page)), "\n".join(found)
    if name in JUDGED.get(shape, ()):
        assert not (found := unkind(page)), "\n".join(found)
    assert not (found := beyond(page)), "\n".join(found)
    if shape not in ODD:
        assert NONSENSE.findall(page.locator("body").inner_text()) == []


def test_what_is_judged_is_visited() -> None:
    assert {(shape, name) for shape, names in JUDGED.items() for name in names} <= set(CASES)


def beyond(page: Page) -> list[str]:
    """Return what makes a page wider than the window: nobody scrolls sideways to read."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide + 1) return [];
          const out = (each) => each.getBoundingClientRect().right > wide + 1;
          const scrolls = (each) =>
            each && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
          return [...document.querySelectorAll("body *")]
            .filter((each) => out(each) && ![...each.children].some(out) && !scrolls(each.parentElement)).slice(0, 5)
            .map((each) => each.outerHTML.slice(0, 200));
        }"""
    )
    return found
