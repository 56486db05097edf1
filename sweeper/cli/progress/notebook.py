"""A display in a notebook's cell that is updated in place; plain lines where IPython is not there."""

from __future__ import annotations

import html
import importlib
import time
from collections.abc import Callable
from typing import Any, TextIO

from sweeper.cli.progress.plain import PlainView
from sweeper.cli.progress.summary import Summary, summarise
from sweeper.cli.progress.view import View
from sweeper.cli.text import inert
from sweeper.interfaces import Progress, Store
from sweeper.records import Goal, SweepRecord

EVERY = 0.5  #: seconds between two updates: each is a message to the browser


class NotebookView(View):
    """The block of the terminal as a few lines of HTML."""

    def __init__(self, stream: TextIO, *, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.plain = PlainView(stream)
        self.goals: tuple[Goal, ...] = ()
        self.handle: Any = None
        self.last: Progress | None = None
        self.shown_at = 0.0

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self.goals = sweep.goals
        self.handle = _display(f"{inert(sweep.name)}: starting")
        if self.handle is None:
            self.plain.started(sweep, store)

    def progress(self, progress: Progress) -> None:
        if self.handle is None:
            self.plain.progress(progress)
            return
        self.last = progress
        if self.now() - self.shown_at >= EVERY:
            self._show(progress)

    def notice(self, message: str) -> None:
        if self.handle is None:
            self.plain.notice(message)
        else:
            _display(f"note: {inert(message)}")

    def close(self) -> None:
        if self.handle is None:
            self.plain.close()
        elif self.last is not None:
            self._show(self.last)
            self.last = None

    def _show(self, progress: Progress) -> None:
        self.shown_at = self.now()
        summary = summarise(progress, self.goals)
        self.handle.update({"text/html": page(summary), "text/plain": summary.line()}, raw=True)


def page(summary: Summary) -> str:
    """The HTML of one moment. Every word in it is escaped."""
    rest = " · ".join(part for part in (summary.states, summary.pace, summary.note) if part)
    bar = f'<progress max="1" value="{summary.share:.4f}"></progress> ' if summary.share is not None else ""
    lines = [html.escape(text) for text in (summary.best, summary.params, rest) if text]
    return f"<div>{bar}<b>{html.escape(summary.count)}</b><br>{'<br>'.join(lines)}</div>"


def _display(text: str) -> Any:
    """Show a line and return a handle that can replace it, or None without IPython."""
    try:
        ipython = _ipython()
    except ImportError:
        return None
    bundle = {"text/html": f"<pre>{html.escape(text)}</pre>", "text/plain": text}
    return ipython.display(bundle, raw=True, display_id=True)


def _ipython() -> Any:
    return importlib.import_module("IPython.display")
