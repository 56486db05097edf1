"""One browser for all tests of pages, one server for each shape of data, and pages that are watched.

``visit("running", "/s/running")`` opens a page of the store of that shape, ready to be looked at; what went wrong on it
fails the test at its end. ``site("running")`` is that store with its address.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: make dev")

from playwright.sync_api import Browser, Page

from sweeper.report.write import write_report
from sweeper.store import open_store
from sweeper.web import judging
from sweeper.web.importance import importance_of
from tests.browser.bench import NAMES, Site, Visitor, chromium, launched
from tests.browser.stores import Shelf

Visit = Callable[..., Page]
Sites = Callable[[str], Site]
Reports = Callable[..., Path]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser. It ends with the tests of pages: its event loop would be in the way of others."""
    if chromium() is None:
        missing = f"no browser is installed, none of {', '.join(NAMES)}: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with launched() as found:
        yield found


@pytest.fixture(scope="package", autouse=True)
def judged_here() -> Iterator[None]:
    """What matters in a sweep is computed once and here: a process for each visit would cost most of the tests' time.

    That its own process says the same is tested in ``tests/web/test_judging.py``.
    """

    @cache
    def computed(url: str, sweep_id: str, goal: int) -> dict[str, Any]:
        store = open_store(url, read_only=True)
        try:
            return importance_of(store, store.find_sweep(sweep_id), goal)
        finally:
            store.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "computed", computed)
        yield


@pytest.fixture(scope="package")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="package")
def site(shelf: Shelf) -> Iterator[Sites]:
    """A function from the name of a shape to its store behind a server; for reading alone."""
    with ExitStack() as stack:
        known: dict[str, Site] = {}

        def find(shape: str) -> Site:
            if shape not in known:
                known[shape] = stack.enter_context(Site.of(stack.enter_context(shelf.opened(shape))))
            return known[shape]

        yield find


@pytest.fixture(scope="package")
def report(site: Sites, tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """A function from a shape and the name of a sweep to the file of its report."""

    @cache
    def write(shape: str, name: str = "last") -> Path:
        found, folder = site(shape), tmp_path_factory.mktemp("report")
        return write_report(found.store, found.sweep(name), folder / "report", formats=()).html

    return write


@pytest.fixture
def own_site(shelf: Shelf, tmp_path: Path, visitor: Visitor) -> Iterator[Sites]:
    """The same, of a copy that the test may change. Pages close before the server that they ask goes."""
    with ExitStack() as stack:

        def find(shape: str) -> Site:
            store = stack.enter_context(shelf.opened(shape, tmp_path / shape))
            return stack.enter_context(Site.of(store))

        yield find
        visitor.close()


@pytest.fixture(scope="package")
def visitor(browser: Browser) -> Iterator[Visitor]:
    """A person with one browser; what it caches stays from test to test."""
    visitor = Visitor(browser)
    yield visitor
    visitor.context.close()


@pytest.fixture
def visit(visitor: Visitor, site: Sites) -> Iterator[Visit]:
    """Open a page of a store by shape and path, drawn; ``expected`` are patterns of errors that belong to the test."""

    def open_page(shape: str | Site, path: str, expected: Sequence[str] = (), **more: Any) -> Page:
        found = site(shape) if isinstance(shape, str) else shape
        return visitor.open(found.url + path, expected, **more)

    yield open_page
    visitor.close()
