"""A sweep in words: the same on the page and in the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

from sweeper.analysis.inert import word
from sweeper.analysis.numbers import count, duration, number
from sweeper.analysis.summary import Summary
from sweeper.controller.choices import method_text, warm_facts
from sweeper.controller.forecast import TAG as FORECAST
from sweeper.controller.savings import TAG as SAVINGS
from sweeper.controller.savings import savings_text
from sweeper.records import SweepRecord, SweepState

MEANING = {
    SweepState.RUNNING: "still running",
    SweepState.PAUSED: "paused",
    SweepState.INTERRUPTED: "interrupted: no controller works on it",
    SweepState.STOPPED: "stopped by a person before its budget was used",
    SweepState.CANCELLED: "cancelled by a person",
    SweepState.FINISHED: "finished",
    SweepState.FAILED: "ended without success",
}
OURS = ("mlflow.", "sweeper.")  #: tags that are told in other words, or as the environment


def facts(sweep: SweepRecord, summary: Summary, tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return names and values. ``tags`` are those of the sweep's run."""
    states = [f"{amount:,} {state}" for state, amount in summary.counts.items() if amount]
    planned = f" of {summary.planned:,}" if summary.planned and summary.planned != summary.total else ""
    trials = f"{summary.total:,}{planned}" + inside(", ".join(states))
    rows = [("State", MEANING[sweep.state]), ("Trials", trials), *_times(summary)]
    if stopped := savings_text(summary.counts, tags):
        rows.append(("Stopped early", stopped))
    if summary.retries:
        rows.append(("Retries", f"{summary.retries:,}"))
    if summary.last is not None:
        rows.append((f"Last {count(summary.last.trials, 'trial')}", summary.last.text))
        rows.append(("Next improvement", summary.last.outlook))
    rows.append(("Method", method_text(sweep.method, sweep.tags)))
    rows += [(name.capitalize(), text) for name, text in warm_facts(sweep.tags)]
    rows += [("Seed", str(sweep.seed)), ("Sweep", sweep.id)]
    if sweep.experiment:
        rows.append(("Experiment", sweep.experiment))
    if description := sweep.config.get("description"):
        rows.insert(0, ("About", str(description)))
    return rows + [(f"Tag {name}", value) for name, value in sweep.tags.items() if not name.startswith(OURS)]


def _times(summary: Summary) -> list[tuple[str, str]]:
    rows = []
    if summary.seconds:
        pause = f", {duration(summary.worked)} of work" if summary.seconds > 1.5 * summary.worked else ""
        rows.append(("Time", duration(summary.seconds) + pause))
        busy = min(summary.worked, summary.seconds)  # neither pauses nor what was there before the first trial
        speed = f"{summary.compute / busy:.1f} at once" if busy else ""
        rows.append(("Compute", duration(summary.compute) + inside(speed)))
    if summary.rate:
        rows.append(("Rate", f"{number(summary.rate)} trials a minute"))
    if not np.isnan(summary.median):
        rows.append(("A complete trial", f"{duration(summary.median)} (median)"))
    return rows


def warning(sweep: SweepRecord, summary: Summary, *, complete: bool, now: float) -> str:
    """Return what a reader must know before believing the rest, or "". ``complete``: some trial is."""
    state, counts = sweep.state, summary.counts
    sentences = []
    if not state.ended:
        planned = f" of {sweep.trials:,}" if sweep.trials else ""
        ended = summary.total - counts["queued"] - counts["running"]
        so_far = f"{ended:,}{planned} trials have ended, as of {date(now)}"
        sentences.append(f"This sweep is not over ({MEANING[state]}): {so_far}.")
    elif state is not SweepState.FINISHED:
        reason = inside(sweep.reason)
        was = "" if state is SweepState.FAILED else "was "
        sentences.append(f"This sweep {was}{MEANING[state]}{reason}.")
    if not complete and summary.total:
        failed = counts["failed"]
        rest = f"; {count(failed, 'trial')} failed, grouped by cause below" if failed else ""
        sentences.append(f"No trial has completed{rest}.")
    return " ".join(sentences)


def commands(
    sweep: SweepRecord, *, complete: bool, failed: bool, best_file: str = "", url: str = ""
) -> list[tuple[str, str]]:
    """Return what to type next, the most useful first: what it is for, and the line.

    ``best_file`` is a sweep file with the best parameters; ``url`` names the store where the lines must.
    """
    ref, found = sweep.id[-8:], []
    if sweep.state is SweepState.INTERRUPTED:
        found.append(("Go on with the sweep", command("resume", ref, url=url)))
    elif not sweep.state.ended:
        found.append(("Look again later", command("report", ref, url=url)))
    if complete and best_file:
        found.append(("Run the best parameters again", f"sweeper run {word(best_file)}"))
    if failed:
        found.append(("See why trials failed", command("failures", ref, url=url)))
    by_value = ("--sort", "value") if len(sweep.goals) == 1 else ()
    found.append(("List all trials", command("trials", ref, *by_value, url=url)))
    return found


def command(name: str, *words: str, url: str = "") -> str:
    """Return a command line that a shell reads as these words; ``url`` names the store."""
    store = ("--store", url) if url else ()
    return " ".join(map(word, ("sweeper", name, *words, *store)))


def environment(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the sweep's run says about its surroundings; what is told elsewhere is left out."""
    return [(name, tags[name]) for name in sorted(tags) if name.startswith(OURS) and name not in (FORECAST, SAVINGS)]


def inside(text: str) -> str:
    return f" ({text})" if text else ""


def date(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
