"""Looking at pages: a Chromium that reaches nothing but our server, and pages that may not complain.

A page that is visited fails its test when a script throws, something is written to the console as an error, a dialog
opens, or anything is asked of another origin.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Playwright,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from sweeper.records import SweepRecord
from sweeper.store.store import SqlStore
from tests.server.served import served

AXE = Path(__file__).resolve().parents[1] / "web" / "js" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 20_000  #: milliseconds until a page has drawn
GRAVE = ("serious", "critical")
OPTIONS = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--font-render-hinting=none",
]
LOCAL = ("data:", "blob:", "about:")


def chromium() -> str | None:
    """Return the browser to use, or None."""
    named = os.environ.get("SWEEPER_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(**more: Any) -> Iterator[Browser]:
    """Start the browser; Debian's own, never one that is downloaded."""
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS, **more)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


class Site:
    """A store of one shape behind a server."""

    def __init__(self, store: SqlStore, url: str) -> None:
        self.store, self.url = store, url

    @classmethod
    @contextmanager
    def of(cls, store: SqlStore) -> Iterator[Site]:
        with served(store) as url:
            yield cls(store, url)

    def sweep(self, name: str = "last") -> SweepRecord:
        return self.store.find_sweep(name)

    def sweep_page(self, name: str = "last") -> str:
        return f"/s/{self.sweep(name).id}"

    def trial_page(self, name: str = "last", number: int = 0) -> str:
        return f"/t/{self.store.trials(self.sweep(name).id, numbers=[number])[0].run_id}"

    def model_page(self, name: str, version: int | None = None) -> str:
        return f"/models/{quote(name, safe='')}" + (f"/{version}" if version else "")


class Complaints:
    """What goes wrong on a page, as it happens. ``expected`` are patterns of what belongs to the test."""

    def __init__(self, page: Page, origin: str, expected: Sequence[str] = ()) -> None:
        self._origin, self._expected = origin, expected
        self.found: list[str] = []
        self._page = page
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "pageerror": lambda error: self._add(f"script threw: {error}"),
            "console": self._console,
            "request": self._request,
            "dialog": self._dialog,
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)

    def end(self) -> None:
        """Hear no more of the page."""
        while self._listeners:
            self._page.remove_listener(*self._listeners.popitem())

    def check(self) -> None:
        assert not self.found, "\n".join(self.found)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._add(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, *LOCAL)):
            self._add(f"asked elsewhere: {request.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self._add(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _add(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self._expected):
            self.found.append(text)


class Visitor:
    """Opens pages in one context of the browser, one after another.

    One page stays: the next ordinary visit begins on it, in the same process, which costs a third of another page; a
    window that has lost its last page costs twice as much again.
    """

    def __init__(self, browser: Browser, **context: Any) -> None:
        settings: dict[str, Any] = {
            "viewport": {"width": 1280, "height": 900},
            "locale": "en-GB",
            "timezone_id": "UTC",
            "color_scheme": "light",
            "reduced_motion": "reduce",
            "service_workers": "block",
        }
        settings |= context
        self.context: BrowserContext = browser.new_context(**settings)
        self.context.set_default_timeout(PATIENCE)
        self.complaints: dict[Page, Complaints] = {}
        self._viewport: ViewportSize = settings["viewport"]
        self._idle: Page | None = None
        self._ordinary: set[Page] = set()

    def open(self, url: str, expected: Sequence[str] = (), *, drawn: bool = True, before: str = "") -> Page:
        """Open an address in a page of its own, where the script ``before`` runs first, and wait until it has drawn."""
        ordinary = drawn and not before and not expected and url.startswith("http:")
        page, self._idle = (self._idle, None) if ordinary and self._idle else (self.context.new_page(), self._idle)
        if before:
            page.add_init_script(before)
        origin = re.match(r"\w+://[^/]*/", url)
        assert origin, url
        own = origin[0] if origin[0] != "file:///" else url.partition("#")[0]
        self.complaints[page] = Complaints(page, own, expected)
        page.goto(url, wait_until="commit")
        if drawn:
            ready(page)
        if ordinary:
            self._ordinary.add(page)
        return page

    def close(self) -> None:
        """Leave what is open and fail for what went wrong."""
        for page in self.context.pages:
            if page in self._ordinary and not self._idle and self._emptied(page):
                self._idle = page
            elif page is not self._idle:
                page.close()
        self._ordinary.clear()
        complaints, self.complaints = self.complaints, {}
        for each in complaints.values():
            each.end()
            each.check()

    def _emptied(self, page: Page) -> bool:
        """Empty a page, by its own script: if it came from outside, another process would have to begin."""
        try:
            page.evaluate("() => { location.replace('about:blank'); }")
            self.complaints[page].end()
            page.wait_for_url("about:blank")
            page.mouse.up()
            page.mouse.move(0, 0)
            if page.viewport_size != self._viewport:
                page.set_viewport_size(self._viewport)
        except Error:
            return False
        return True


def ready(page: Page) -> None:
    """Wait until a page has drawn."""
    page.wait_for_selector("html[data-ready=true]", state="attached")


def unkind(page: Page) -> list[str]:
    """Return what keeps people out of a page, by the rules of axe-core, one line each."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations)")
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


def injected(page: Page) -> list[str]:
    """Return what text of users became more than text."""
    found: list[str] = page.evaluate(
        """() => [
          ...(window.hacked === undefined ? [] : [`executed: ${window.hacked}`]),
          ...(Object.keys(Object.prototype).length || {}.hacked !== undefined ? ["prototype changed"] : []),
          ...[...document.querySelectorAll("[data-hostile], [onerror], [onload], [onmouseover], [onfocus]")]
            .map((each) => `element: ${each.outerHTML.slice(0, 200)}`),
          ...[...document.querySelectorAll("script")]
            .filter((each) => !each.src.startsWith(location.origin + "/static/"))
            .map((each) => `script: ${each.outerHTML.slice(0, 200)}`),
          ...[...document.querySelectorAll("[href], [src], [action]")]
            .filter((each) => /^\\s*(javascript|vbscript|data:text)/i.test(
              each.getAttribute("href") ?? each.getAttribute("src") ?? each.getAttribute("action") ?? ""))
            .map((each) => `address: ${each.outerHTML.slice(0, 200)}`),
        ]"""
    )
    return found
