"""The views: plain lines, the live block, the notebook, and which of them is chosen."""

from __future__ import annotations

import io
import os
import pty
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from sweeper.cli.progress import View, choose
from sweeper.cli.progress import notebook as notebooks
from sweeper.cli.progress.live import LiveView
from sweeper.cli.progress.notebook import NotebookView
from sweeper.cli.progress.plain import PlainView
from sweeper.interfaces import Progress, Store
from sweeper.records import BestTrial, Goal, SweepRecord, SweepState, new_id

SWEEP = SweepRecord(
    new_id(), "digits", SweepState.RUNNING, "random", (Goal("accuracy", "maximize"),), {}, {}, trials=10
)
STORE = cast(Store, None)
START = Progress("digits", "running", 10, {"running": 2}, None, None, 0.1, 0.0, None)
BETTER = replace(START, counts={"complete": 1, "running": 2}, best=BestTrial(0, "a" * 32, 0.5, {"depth": 3}))
DONE = replace(BETTER, counts={"complete": 10}, best=BestTrial(7, "b" * 32, 0.75, {"depth": 5}))


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_plain_lines_come_seldom_and_when_the_best_improves() -> None:
    out, clock = io.StringIO(), Clock()
    view = PlainView(out, every=10, improved=1, now=clock)
    view.started(SWEEP, STORE)
    for clock.time, progress in [(0.2, START), (0.4, BETTER), (1.4, BETTER), (5.0, BETTER), (11.5, BETTER), (12, DONE)]:
        view.progress(progress)
    view.close()
    view.close()
    assert out.getvalue().splitlines() == [
        "1/10 · best accuracy 0.5 (trial 0) · 2 running · 0:00",
        "1/10 · best accuracy 0.5 (trial 0) · 2 running · 0:00",
        "10/10 · best accuracy 0.75 (trial 7) · 0:00",
    ]


def test_a_plain_view_survives_a_reader_that_went_away() -> None:
    out = io.StringIO()
    out.close()
    view = PlainView(out)
    view.started(SWEEP, STORE)
    view.progress(START)
    view.notice("a word")
    view.close()


def test_the_live_block_shows_bar_best_and_counts() -> None:
    console = Console(file=io.StringIO(), width=70, force_terminal=True, color_system=None, legacy_windows=False)
    view = LiveView(sys.stdout, console=console)
    view.started(SWEEP, STORE)
    view.notice("a [bold]word\x1b[2J")
    view.progress(BETTER)
    view.close()
    view.close()
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "1/10 10%" in text
    assert "best accuracy 0.5 (trial 0)  depth=3" in text
    assert "2 running · 0:00" in text
    assert "note: a [bold]word\\x1b[2J" in text


def test_the_live_block_never_wraps() -> None:
    console = Console(file=io.StringIO(), width=30, force_terminal=True, color_system=None, legacy_windows=False)
    view = LiveView(sys.stdout, console=console)
    view.started(SWEEP, STORE)
    long = replace(DONE, best=BestTrial(7, "b" * 32, 0.75, {f"parameter_{i}": i for i in range(20)}), note="x" * 99)
    view.progress(long)
    view.close()
    assert isinstance(console.file, io.StringIO)
    last_frame = console.file.getvalue().rpartition("\x1b[2K")[2].splitlines()
    assert len(last_frame) == 4
    assert last_frame[3] == "\x1b[?25h"  # the cursor is back
    assert last_frame[1] == "best accuracy 0.75 (trial 7) …"


def test_the_notebook_view_updates_one_display_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    bundles: list[dict[str, str]] = []
    handle = SimpleNamespace(update=lambda bundle, raw: bundles.append(bundle))
    ipython = SimpleNamespace(display=lambda bundle, raw, display_id: bundles.append(bundle) or handle)
    monkeypatch.setattr(notebooks, "_ipython", lambda: ipython)
    clock = Clock()
    view = NotebookView(io.StringIO(), now=clock)
    view.started(replace(SWEEP, name="<b>digits"), STORE)
    for clock.time, progress in [(1.0, START), (1.1, BETTER), (1.2, DONE)]:
        view.progress(progress)
    view.close()
    shown = [bundle["text/html"] for bundle in bundles]
    assert shown[0] == "<pre>&lt;b&gt;digits: starting</pre>"
    assert [">0/10<" in html for html in shown] == [False, True, False]
    assert "best accuracy 0.75 (trial 7)<br>depth=5" in shown[-1]
    assert len(shown) == 3
    assert bundles[-1]["text/plain"] == "10/10 · best accuracy 0.75 (trial 7) · 0:00"


def test_the_notebook_view_falls_back_to_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython.display", None)
    out = io.StringIO()
    view = NotebookView(out)
    view.started(SWEEP, STORE)
    view.progress(DONE)
    view.notice("a word")
    view.close()
    assert out.getvalue().splitlines() == ["note: a word", "10/10 · best accuracy 0.75 (trial 7) · 0:00"]


def test_lines_where_there_is_no_terminal() -> None:
    assert type(choose("auto", io.StringIO())) is PlainView
    assert type(choose("quiet")) is View


def test_a_block_in_a_terminal_unless_it_is_dumb(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:
        monkeypatch.setenv("TERM", "xterm")
        assert type(choose("auto", terminal)) is LiveView
        monkeypatch.setenv("TERM", "dumb")
        assert type(choose("auto", terminal)) is PlainView
    os.close(leader)


def test_a_display_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    class ZMQInteractiveShell:
        pass

    fake: Any = SimpleNamespace(get_ipython=ZMQInteractiveShell)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    assert type(choose("auto", io.StringIO())) is NotebookView
