"""Lines for a pipe, a log file or a dumb terminal: seldom, and when the best improves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from sweeper.cli.progress.summary import summarise
from sweeper.cli.progress.view import View
from sweeper.cli.text import inert
from sweeper.interfaces import Progress, Store
from sweeper.records import Goal, SweepRecord


class PlainView(View):
    """One line every ``every`` seconds; a new best is told sooner, after ``improved`` seconds."""

    def __init__(
        self,
        stream: TextIO,
        *,
        every: float = 10.0,
        improved: float = 1.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stream, self.every, self.improved, self.now = stream, every, improved, now
        self.goals: tuple[Goal, ...] = ()
        self.last: Progress | None = None
        self.told: Progress | None = None
        self.told_at = now()

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self.goals = sweep.goals
        self.told_at = self.now()

    def progress(self, progress: Progress) -> None:
        self.last = progress
        waited = self.now() - self.told_at
        known = self.told.best if self.told else None
        if waited >= self.every or (progress.best != known and waited >= self.improved):
            self._tell(progress)

    def notice(self, message: str) -> None:
        self._print(f"note: {inert(message)}")

    def close(self) -> None:
        if self.last is not None and self.last != self.told:
            self._tell(self.last)

    def _tell(self, progress: Progress) -> None:
        self.told, self.told_at = progress, self.now()
        self._print(summarise(progress, self.goals).line())

    def _print(self, line: str) -> None:
        try:
            print(line, file=self.stream, flush=True)
        except (OSError, ValueError):
            pass  # the reader went away; the sweep goes on
