"""How long a person waits for the pages, in a real headless Chromium, beside optuna-dashboard in the same run.

    python benchmarks/ui.py [--repeats 5] [--large 100000] [--patience 120] [--write]

A page is ready when it has drawn, which it says itself (``data-ready``); the time counts from the start of the
navigation, in a new browser context each time, so nothing is cached in the browser. Measured: the Sweep page of 10,000
and of 100,000 trials with 8 parameters, the first time after the start of the server and later ones; Home with 1,000
sweeps; the report of 10,000 trials, opened from disk; and what a frame takes while a brush is dragged over an axis of
the parallel coordinates. optuna-dashboard shows the same 10,000 trials: its page of a study is ready when its history
has as much as one mark in it. Servers take turns; while a page is measured, the other servers have nothing to do.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import large_store
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as Late
from results import Headline, machine, record

NAME = "wide"
TRIALS = 10_000
SWEEPS = 1_000
GOAL = "accuracy"
SPACE: dict[str, dict[str, Any]] = {
    "rate": {"min": 1e-5, "max": 0.1, "log": True},
    "decay": {"min": 1e-6, "max": 1e-2, "log": True},
    "dropout": {"min": 0.0, "max": 0.5},
    "share": {"min": 0.0, "max": 1.0},
    "depth": {"min": 2, "max": 32},
    "units": {"min": 16, "max": 512},
    "batch": {"values": [16, 32, 64, 128]},
    "kind": {"values": ["relu", "tanh", "gelu"]},
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--disable-gpu", "--disable-dev-shm-usage"]
STEPS = 60  #: of the pointer while a brush is dragged
WATCH = """
  const done = () => document.documentElement?.dataset.ready === "true" && (window.readyAt ??= performance.now());
  new MutationObserver(done).observe(document, {subtree: true, childList: true, attributes: true});
"""
FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; window.asked = requestAnimationFrame(tick); };
  window.asked = requestAnimationFrame((now) => { last = now; window.asked = requestAnimationFrame(tick); });
}"""
PEER = """() => document.querySelectorAll(
  ".js-plotly-plot .scatterlayer .point, .js-plotly-plot .gl-canvas, .js-plotly-plot .scatterlayer .js-line").length"""


def drawn(rng: random.Random) -> tuple[dict[str, Any], float]:
    """Return the parameters of a trial and its value."""
    params: dict[str, Any] = {}
    for name, spec in SPACE.items():
        if "values" in spec:
            params[name] = rng.choice(spec["values"])
        elif spec.get("log"):
            params[name] = spec["min"] * (spec["max"] / spec["min"]) ** rng.random()
        else:
            params[name] = rng.randint(spec["min"], spec["max"]) if isinstance(spec["max"], int) else (
                rng.uniform(spec["min"], spec["max"])
            )  # fmt: skip
    return params, rng.random() ** 0.2 - 0.1 * params["dropout"]


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """Return a file of the folder for temporary files, made when it is not there."""
    folder = Path(tempfile.gettempdir(), f"sweeper-bench-ui-{name}")
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        begun = time.perf_counter()
        make(folder / "runs.db")
        print(f"made {name} in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        (folder / "done").touch()
    return folder / "runs.db"


def make_ours(path: Path, trials: int) -> None:
    """Write one sweep through the store, as its controller does."""
    from sweeper.events import AttemptEnded, AttemptStarted, Event, SweepChanged, SweepCreated, TrialCreated
    from sweeper.records import Goal, RunState, SweepRecord, SweepState
    from sweeper.store import open_database

    store, rng, start = open_database(str(path)), random.Random(1), large_store.START
    config = {"name": NAME, "objective": "train.py:train", "method": "random", "parameters": SPACE,
              "metric": {"name": GOAL, "goal": "maximize"}, "budget": {"trials": trials}}  # fmt: skip
    sweep = SweepRecord(
        large_store.make_id(start, rng), NAME, SweepState.RUNNING, "random", (Goal(GOAL, "maximize"),), SPACE, config,
        seed=1, trials=trials, created=start, started=start,
    )  # fmt: skip
    store.write(SweepCreated(sweep, {}, {}))
    events: list[Event] = []
    for number in range(trials):
        begun = start + number / 4
        run_id, (params, value) = large_store.make_id(begun, rng), drawn(rng)
        events += [
            TrialCreated(sweep.id, run_id, number, params, number, begun),
            AttemptStarted(sweep.id, run_id, 1, f"slot {number % 16}", begun),
            AttemptEnded(
                sweep.id, run_id, 1, begun + 4, RunState.COMPLETE, begun, (value,), {GOAL: value, "seconds": 4.0}
            ),
        ]
        if len(events) >= 1500:
            store.write(*events)
            events = []
    store.write(*events, SweepChanged(sweep.id, start + trials / 4, SweepState.FINISHED, reason="done")).result()
    store.close()


def make_optuna(path: Path) -> None:
    """Write a study of the same trials: Optuna makes it with its first trial, the others are added as raw rows."""
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution, distribution_to_json

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space: dict[str, Any] = {}
    for name, spec in SPACE.items():
        if "values" in spec:
            space[name] = CategoricalDistribution(spec["values"])
        elif isinstance(spec["max"], int):
            space[name] = IntDistribution(spec["min"], spec["max"])
        else:
            space[name] = FloatDistribution(spec["min"], spec["max"], log=bool(spec.get("log")))
    rng = random.Random(1)
    storage = optuna.storages.RDBStorage(f"sqlite:///{path}")
    study = optuna.create_study(storage=storage, study_name=NAME, direction="maximize")
    params, value = drawn(rng)
    study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=value))
    with sqlite3.connect(path) as database:
        begun = "2026-01-01 00:00:00.000000"
        for trial in range(2, TRIALS + 1):
            params, value = drawn(rng)
            database.execute("INSERT INTO trials VALUES (?, ?, 1, 'COMPLETE', ?, ?)", (trial, trial - 1, begun, begun))
            database.execute("INSERT INTO trial_values VALUES (NULL, ?, 0, ?, 'FINITE')", (trial, value))
            database.executemany(
                "INSERT INTO trial_params VALUES (NULL, ?, ?, ?, ?)",
                [
                    (trial, name, found.to_internal_repr(params[name]), distribution_to_json(found))
                    for name, found in space.items()
                ],
            )


@contextmanager
def running(*words: str | Path, asked: str) -> Iterator[str]:
    """Run a server; gives its address once it answers ``asked``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*map(str, words), "--port", str(port)], stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(url + asked, timeout=5).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"{words[0]} does not answer") from None
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # one that still computes does not listen
            process.kill()
            process.wait(30)


def ours(path: Path) -> Any:
    return running(beside("sweeper"), "server", "--store", path, asked="/health")


def theirs(path: Path) -> Any:
    return running(beside("optuna-dashboard"), "-q", f"sqlite:///{path}", asked="/api/meta")


def beside(command: str) -> str:
    """Return a command of this environment."""
    return str(Path(sys.executable).with_name(command))


@contextmanager
def visited(browser: Browser) -> Iterator[Page]:
    """A page of a browser that knows nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def ready(browser: Browser, url: str, patience: float) -> float:
    """Return the seconds until a page of ours has drawn."""
    with visited(browser) as page:
        return waited(page, url, patience)


def waited(page: Page, url: str, patience: float) -> float:
    page.goto(url, wait_until="commit")
    page.wait_for_selector("html[data-ready=true]", state="attached", timeout=1000 * patience)
    alerts = page.locator("main [role=alert]").all_inner_texts()
    if alerts:
        raise SystemExit(f"{url}: {alerts}")
    return float(page.evaluate("window.readyAt")) / 1000


def pages(browser: Browser, url: str, path: str, repeats: int, patience: float) -> dict[str, Any]:
    """Return the seconds of the first visit after the start of a server, and of later ones."""
    first = ready(browser, url + path, patience)
    return {"first": first, "later": [ready(browser, url + path, patience) for _ in range(repeats)]}


def brushed(browser: Browser, url: str, patience: float) -> dict[str, Any]:
    """Drag a brush over an axis, twice; return the milliseconds of each frame and how many trials it selected."""
    with visited(browser) as page:
        page.set_default_timeout(1000 * patience)
        waited(page, f"{url}/s/{NAME}", patience)
        panel = page.locator("[data-panel=parcoords]")
        panel.scroll_into_view_if_needed()
        panel.and_(page.locator("[data-drawn]")).wait_for()
        track = page.locator("[data-axis=dropout] .pc-track").bounding_box()
        assert track
        x, top, height = track["x"] + track["width"] / 2, track["y"], track["height"]
        page.mouse.move(x, top + 0.2 * height)
        page.mouse.down()
        page.evaluate(FRAMES)
        for step in range(STEPS):
            place = step / STEPS * 2
            page.mouse.move(x, top + height * (0.2 + 0.6 * (place if place <= 1 else 2 - place) + 0.005))
        found = page.evaluate("() => { cancelAnimationFrame(window.asked); return window.frames_; }")
        selected = int(panel.get_attribute("data-selected") or -1)
        page.mouse.up()
    return {"frames": found, "selected": selected}


def peer(browser: Browser, url: str, patience: float) -> float | None:
    """Return the seconds until optuna-dashboard's page of the study has drawn its history; None: not in time."""
    with visited(browser) as page:
        begun = time.perf_counter()
        page.goto(f"{url}/dashboard/studies/1", wait_until="commit")
        try:
            page.wait_for_function(PEER, timeout=1000 * patience, polling=100)
        except Late:
            return None
        return time.perf_counter() - begun


def report(browser: Browser, path: Path, patience: float) -> dict[str, Any]:
    """Write the report of 10,000 trials; return its size and the seconds until it has drawn from disk."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        command = [beside("sweeper"), "report", NAME, "--store", path, "--output", folder]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        made = time.perf_counter() - begun
        file = Path(folder, "report.html")
        times = [ready(browser, file.as_uri(), patience) for _ in range(3)]
        return {"written": made, "bytes": file.stat().st_size, "ready": times}


def measure(given: argparse.Namespace) -> dict[str, Any]:
    wide = kept(f"{TRIALS}x8", lambda path: make_ours(path, TRIALS))
    large = kept(f"{given.large}x8", lambda path: make_ours(path, given.large))
    study = kept(f"optuna-{TRIALS}x8", make_optuna)
    home = large_store.kept(SWEEPS, 100)
    command = next(filter(None, map(shutil.which, BROWSERS)), None)
    if command is None:
        raise SystemExit(f"no browser is installed, none of {', '.join(BROWSERS)}")
    facts: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=OPTIONS)
        facts["browser"] = browser.version
        ready(browser, "data:text/html,<html data-ready=true>", given.patience)  # the browser itself is warm
        with ours(wide) as url, theirs(study) as other:
            facts["peer"] = [peer(browser, other, given.patience)]
            facts["wide"] = pages(browser, url, f"/s/{NAME}", given.repeats, given.patience)
            facts["peer"].append(peer(browser, other, given.patience))
            facts["brush"] = brushed(browser, url, given.patience)
        with ours(large) as url:
            facts["large"] = pages(browser, url, f"/s/{NAME}", given.repeats, given.patience)
            facts["brush large"] = brushed(browser, url, given.patience)
        with ours(home) as url:
            facts["home"] = pages(browser, url, "/", given.repeats, given.patience)
        facts["report"] = report(browser, wide, given.patience)
        browser.close()
    return facts


def body(facts: dict[str, Any], large: int) -> str:
    lines = ["| page | first visit, s | later, median s | slowest |", "|---|---:|---:|---:|"]
    for name, words in (
        ("wide", f"Sweep, {TRIALS:,} trials of 8 parameters"), ("large", f"Sweep, {large:,} trials of 8 parameters"),
        ("home", f"Home, {SWEEPS:,} sweeps"),
    ):  # fmt: skip
        found = facts[name]
        lines.append(f"| {words} | {found['first']:.2f} | {middle(found['later']):.2f} | {max(found['later']):.2f} |")
    times = facts["report"]["ready"]
    lines.append(
        f"| report of {TRIALS:,} trials, from disk | {times[0]:.2f} | {middle(times):.2f} | {max(times):.2f} |"
    )
    first, later = (said(each) for each in facts["peer"])
    lines.append(f"| optuna-dashboard, page of a study of {TRIALS:,} trials | {first} | {later} | |")
    drag = ["| a brush is dragged over | frames | median ms | 95 % under |", "|---|---:|---:|---:|"]
    for name, words in (("brush", f"{TRIALS:,} trials"), ("brush large", f"{large:,} trials")):
        frames = facts[name]["frames"]
        drag.append(f"| {words} | {len(frames)} | {middle(frames):.1f} | {high(frames):.1f} |")
    size, written = facts["report"]["bytes"] / 1e6, facts["report"]["written"]
    return "\n".join([*lines, "", *drag]) + (
        f"\n\nChromium {facts['browser']} without a graphics card, a new context for each visit. The first visit after "
        f"the start of the server reads the trials from the database; later ones get what it keeps. Frames come at "
        f"most every 16.7 ms. The report has {size:.2f} MB and was written in {written:.1f} s, its other "
        f"files included."
    )


def headlines(facts: dict[str, Any], large: int) -> list[Headline]:
    wide, big, home = (middle(facts[name]["later"]) for name in ("wide", "large", "home"))
    frames, size = facts["brush"]["frames"], facts["report"]["bytes"] / 1e6
    beside = f"optuna-dashboard: {said(facts['peer'][1])} s"
    return [
        Headline(f"Sweep page ready, {TRIALS:,} trials of 8 parameters", f"{wide:.2f} s", "under 1 s", wide < 1,
                 beside),
        Headline(f"Sweep page ready, {large:,} trials", f"{big:.2f} s", "under 3 s", big < 3),
        Headline(f"Home ready, {SWEEPS:,} sweeps", f"{home:.2f} s", "under 0.5 s", home < 0.5),
        Headline("a frame while brushing", f"{middle(frames):.0f} ms, 95 % under {high(frames):.0f} ms", "under 50 ms",
                 high(frames) < 50),
        Headline(f"report of {TRIALS:,} trials", f"{size:.2f} MB, drawn in {middle(facts['report']['ready']):.2f} s",
                 "under 1 MB", size < 1),
    ]  # fmt: skip


def middle(values: list[float]) -> float:
    return statistics.median(values)


def high(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def said(seconds: float | None) -> str:
    return "not in time" if seconds is None else f"{seconds:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="visits after the first")
    parser.add_argument("--large", type=int, default=100_000, help="trials of the large sweep")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds to wait for a page")
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    given = parser.parse_args()
    os.environ.pop("SWEEPER_STORE", None)
    facts = measure(given)
    print(json.dumps(facts), file=sys.stderr)
    text = body(facts, given.large)
    print(f"{machine()}\n\n{text}")
    if given.write:
        record("ui", "What a person waits for the pages", headlines(facts, given.large), text)


if __name__ == "__main__":
    main()
