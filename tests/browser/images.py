"""Draws the pictures of the pages in docs/images: ``python -m tests.browser.images [NAME ...]``.

The store is the one for pictures, a team's last three weeks as seen now; each picture waits until nothing is computed
any more.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.bench import Site, Visitor, launched, ready
from tests.browser.stores import Shelf

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1280, 860
SETTLED = 1200  #: milliseconds for what is drawn piece by piece


@dataclass(frozen=True)
class Picture:
    """A page, how much of it, and what is done before it is taken."""

    name: str
    address: Callable[[Site], str]
    height: int = HEIGHT
    dark: bool = False
    act: Callable[[Page], None] = lambda page: None


def brushed(page: Page) -> None:
    """Select good rates of learning by a drag over their axis."""
    panel = page.locator("[data-panel=parcoords]")
    panel.scroll_into_view_if_needed()
    track = panel.locator("[data-axis=lr] .pc-track").bounding_box()
    assert track
    x = track["x"] + track["width"] / 2
    page.mouse.move(x, track["y"] + 0.35 * track["height"])
    page.mouse.down()
    page.mouse.move(x, track["y"] + 0.6 * track["height"], steps=8)
    page.mouse.up()
    page.mouse.move(5, 5)
    panel.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 60)")


def below(panel: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(f"[data-panel={panel}]").evaluate(
            "each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 60)"
        )

    return act


def best(site: Site) -> str:
    found = site.sweep("resnet-lr-wd").best
    assert found
    return f"/t/{found.run_id}"


def compare(site: Site) -> str:
    named = [sweep.id for sweep in site.store.sweeps() if sweep.name in ("resnet-narrow", "resnet-first-look")]
    return "/compare?s=" + ",".join(named)


def sweep(site: Site) -> str:
    return site.sweep_page("resnet-lr-wd")


PICTURES = (
    Picture("home", lambda site: "/"),
    Picture("sweep", sweep),
    Picture("sweep-dark", sweep, dark=True, act=brushed),
    Picture("explore", sweep, act=brushed),
    Picture("slices", sweep, act=below("slices")),
    Picture("trial", best, 1100),
    Picture("compare", compare, 1100),
    Picture("ranges", lambda site: "/ranges?tag=team%3Dvision", 1100),
    Picture("model", lambda site: "/models/resnet", 1000),
)


def take(browser: Browser, site: Site, pictures: Iterator[Picture]) -> None:
    """Take pictures, each in a browser that knows nothing yet."""
    for picture in pictures:
        visitor = Visitor(
            browser,
            viewport={"width": WIDTH, "height": picture.height},
            color_scheme="dark" if picture.dark else "light",
            device_scale_factor=1.25,
        )
        page = visitor.open(site.url + picture.address(site))
        ready(page)
        computed = "() => !document.querySelector('[data-state=computing]')"
        page.wait_for_function(computed, timeout=120_000)
        picture.act(page)
        page.wait_for_timeout(SETTLED)
        save(page.screenshot(), FOLDER / f"{picture.name}.png")
        visitor.close()
        visitor.context.close()
        print(FOLDER / f"{picture.name}.png", flush=True)


def save(png: bytes, path: Path) -> None:
    """Keep a picture in 256 colours: a third of the bytes, and no eye sees it."""
    Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pictures")
    names = parser.parse_args().names
    with (
        tempfile.TemporaryDirectory() as folder,
        Shelf(Path(folder), time.time()).opened("demo") as store,
        Site.of(store) as site,
        launched() as browser,
    ):
        take(browser, site, (picture for picture in PICTURES if not names or picture.name in names))


if __name__ == "__main__":
    main()
