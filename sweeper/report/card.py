"""A sweep on a card: what a notebook shows of it, in one small piece of HTML that needs nothing around it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sweeper.analysis import table
from sweeper.analysis.best import front as front_of
from sweeper.analysis.best import top_rows
from sweeper.analysis.numbers import number, value_text
from sweeper.interfaces import Store
from sweeper.records import SweepRecord, TrialRecord
from sweeper.report.text import line
from sweeper.store.store import SqlStore
from sweeper.web.facts import MEANING, command
from sweeper.web.front import front
from sweeper.web.home import eta
from sweeper.web.ranks import best_numbers
from sweeper.web.sweep import shown_url

TOP, MOST_PARAMETERS = 5, 10
COLORS = {
    "complete": "#2e8b57", "running": "#2f7ed8", "pruned": "#8a94a6", "failed": "#d1495b", "cancelled": "#b08a3e",
    "queued": "#c9ced6",
}  #: readable on light and on dark  # fmt: skip
TEMPLATES = Path(__file__).parent / "templates"


def card(store: Store, sweep: SweepRecord, report: Path | None = None) -> str:
    """Return the card. ``report`` is the folder of the report, if one was written.

    Every text is escaped; there is no script, no style sheet, and nothing is loaded.
    """
    best = _best(store, sweep)
    names = list(dict.fromkeys(name for trial in best for name in trial.params))[:MOST_PARAMETERS]
    planned = f" of {sweep.trials:,}" if sweep.trials and sweep.trials != sum(sweep.counts.values()) else ""
    states = [(state, sweep.counts.get(state, 0), color) for state, color in COLORS.items()]
    left = eta(sweep, time.time())
    made: str = _template().render(
        sweep=sweep,
        meaning=MEANING[sweep.state],
        states=[each for each in states if each[1]],
        unborn=max((sweep.trials or 0) - sum(sweep.counts.values()), 0),
        trials=f"{sum(sweep.counts.values()):,}{planned} trials",
        eta="" if left is None else left["text"],
        goals=[goal.name for goal in sweep.goals],
        names=names,
        rows=[_row(trial, names) for trial in best],
        several=len(sweep.goals) > 1,
        report=None if report is None else report / "report.html",
        address=None if report is None else _address(report / "report.html"),
        commands=_commands(store, sweep, report),
        page=_page(store, sweep),
    )
    return made


def _best(store: Store, sweep: SweepRecord) -> list[TrialRecord]:
    """The best complete trials; of several goals the first on the Pareto front."""
    if isinstance(store, SqlStore):
        if len(sweep.goals) > 1:
            return front(store, sweep)[:TOP]
        numbers: Sequence[int] = best_numbers(store, sweep, TOP)
    else:
        trials = table(store, sweep)
        if len(sweep.goals) > 1:
            found = front_of(trials)
            numbers = found.number[found.front[:TOP]].tolist()
        else:
            numbers = trials.number[top_rows(trials, TOP)].tolist()
    records = {trial.number: trial for trial in store.trials(sweep.id, numbers=numbers)} if numbers else {}
    return [records[number] for number in numbers if number in records]


def _row(trial: TrialRecord, names: Sequence[str]) -> list[str]:
    values = [number(value) for value in trial.values or ()]
    return [str(trial.number), *values, *(value_text(trial.params[n]) if n in trial.params else "" for n in names)]


def _commands(store: Store, sweep: SweepRecord, report: Path | None) -> list[str]:
    url = shown_url(store.url)
    words = [] if report is not None else [command("report", sweep.id[-8:], url=url)]
    return [*words, *([] if _served(store) else [command("ui", url=url)])]


def _served(store: Store) -> bool:
    return store.url.startswith(("http://", "https://"))


def _page(store: Store, sweep: SweepRecord) -> str:
    """The page of the sweep where the store is a server."""
    return f"{store.url.rstrip('/')}/s/{quote(sweep.id)}" if _served(store) and shown_url(store.url) else ""


def _address(path: Path) -> str:
    """Where a link in a notebook leads: relative to it as a rule."""
    inside = not path.is_absolute() or path.is_relative_to(Path.cwd())
    return quote(Path(os.path.relpath(path)).as_posix()) if inside else path.as_uri()


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["line"] = line
    return environment.get_template("card.html")
