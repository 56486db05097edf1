"""One compact block at the bottom of a terminal, redrawn in place."""

from __future__ import annotations

from contextlib import suppress
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from sweeper.cli.console import PlainConsole
from sweeper.cli.progress.summary import Summary, summarise
from sweeper.cli.progress.view import View
from sweeper.cli.text import inert
from sweeper.interfaces import Progress, Store
from sweeper.records import Goal, SweepRecord

BAR = 40  #: widest bar, in columns


class LiveView(View):
    """A bar with done/total, the best so far with its parameters, and how fast it goes."""

    def __init__(self, stream: TextIO, *, console: Console | None = None) -> None:
        self.console = console or PlainConsole(stream)
        self.goals: tuple[Goal, ...] = ()
        self.live: Live | None = None

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self.goals = sweep.goals
        self.live = Live(console=self.console, auto_refresh=False)
        self.live.start()

    def progress(self, progress: Progress) -> None:
        if self.live is not None:
            with suppress(OSError):  # the terminal went away; the sweep goes on
                self.live.update(block(summarise(progress, self.goals)), refresh=True)

    def notice(self, message: str) -> None:
        with suppress(OSError):
            self.console.print(Text(f"note: {inert(message)}", style="yellow"))

    def close(self) -> None:
        if self.live is not None:
            with suppress(OSError):
                self.live.stop()
            self.live = None


def block(summary: Summary) -> RenderableType:
    """The block that a terminal shows: a bar, the best, the counts; each cut to one line."""
    endless = summary.total is None
    bar = ProgressBar(
        total=summary.total or None,
        completed=summary.done,
        width=BAR,
        pulse=endless,
        complete_style="cyan",
        finished_style="green",
    )
    head = Table.grid(padding=(0, 1))
    head.add_column(max_width=BAR)
    head.add_column(no_wrap=True)
    share = "" if summary.share is None else f" {summary.share:.0%}"
    head.add_row(bar, Text(f"{summary.count}{share}", style="bold"))
    best = Text(summary.best, style="bold green", no_wrap=True, overflow="ellipsis")
    best.append(f"  {summary.params}" if summary.params else "", style="not bold default")
    rest = " · ".join(part for part in (summary.states, summary.pace, summary.note) if part)
    return Group(head, best, Text(rest, style="dim", no_wrap=True, overflow="ellipsis"))
