"""What stands on the page, as words: the same for HTML and Markdown."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from sweeper.analysis.importance import Importance
from sweeper.analysis.numbers import count, duration, number, value_text
from sweeper.analysis.ranges.shape import best_text, extent_text, range_text
from sweeper.analysis.words import importance_texts
from sweeper.controller.choices import method_text, warm_facts
from sweeper.controller.forecast import TAG as FORECAST
from sweeper.controller.savings import TAG as SAVINGS
from sweeper.controller.savings import savings_text
from sweeper.records import RunState, SweepState
from sweeper.report.best_params import parameters_yaml
from sweeper.report.findings import Findings
from sweeper.report.text import command
from sweeper.space.yaml import dump

MOST_FRONT, MOST_NUMBERS, MOST_COLUMNS = 50, 20, 12
MEANING = {
    SweepState.RUNNING: "still running",
    SweepState.PAUSED: "paused",
    SweepState.INTERRUPTED: "interrupted: no controller works on it",
    SweepState.STOPPED: "stopped by a person before its budget was used",
    SweepState.CANCELLED: "cancelled by a person",
    SweepState.FINISHED: "finished",
    SweepState.FAILED: "ended without success",
}


@dataclass(frozen=True)
class Table:
    """Cells are texts; columns in ``numeric`` are aligned as numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    caption: str = ""


@dataclass(frozen=True)
class Cause:
    """One group of failures: how many, what, at which line of code, where in the space, which trials, a traceback."""

    size: int
    kind: str
    message: str
    place: str
    trials: str
    region: str
    evidence: str


@dataclass(frozen=True)
class Page:
    title: str
    subtitle: str
    state: str
    warning: str
    headline: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    best: Table | None
    best_yaml: str
    next_command: str
    commands: tuple[tuple[str, str], ...]
    importances: tuple[Table, ...]
    top: Table | None
    front: Table | None
    causes: tuple[Cause, ...]
    ranges: Table | None
    space: Table
    config: str
    source: str
    environment: Table
    written: str


def page(found: Findings, folder: Path) -> Page:
    """Put the findings into words. ``folder`` is where the report will be, for the commands to type."""
    sweep = found.sweep
    goals = ", ".join(f"{goal.name} ({goal.direction})" for goal in found.table.goals)
    return Page(
        title=sweep.name,
        subtitle=f"{goals}, by {sweep.method}",
        state=str(sweep.state),
        warning=_warning(found),
        headline=_headline(found),
        reason=f"It is {found.reason}." if found.reason else "",
        facts=tuple(_facts(found)),
        best=_best(found),
        best_yaml="" if found.best is None else parameters_yaml(found.table, found.best),
        next_command=_commands(found, folder)[0][1],
        commands=tuple(_commands(found, folder)),
        importances=tuple(_importance(data) for data in found.importances if data.parameters),
        top=_trials(found, found.top, "") if found.front is None and found.top else None,
        front=_front(found),
        causes=tuple(_causes(found)),
        ranges=_ranges(found),
        space=_space(found),
        config=dump(dict(sweep.config)),
        source=sweep.source,
        environment=_environment(found),
        written=_date(found.now),
    )


def _warning(found: Findings) -> str:
    """What a reader must know before believing the rest, or ""."""
    state, counts = found.sweep.state, found.summary.counts
    sentences = []
    if not state.ended:
        planned = f" of {found.sweep.trials:,}" if found.sweep.trials else ""
        ended = found.summary.total - counts["queued"] - counts["running"]
        so_far = f"{ended:,}{planned} trials have ended, as of {_date(found.now)}"
        sentences.append(f"This sweep is not over ({MEANING[state]}): {so_far}.")
    elif state is not SweepState.FINISHED:
        reason = f" ({found.sweep.reason})" if found.sweep.reason else ""
        sentences.append(f"This sweep was {MEANING[state]}{reason}." if state is not SweepState.FAILED
                         else f"This sweep {MEANING[state]}{reason}.")  # fmt: skip
    if found.best is None and found.summary.total:
        failed = counts["failed"]
        rest = f"; {count(failed, 'trial')} failed, grouped by cause below" if failed else ""
        sentences.append(f"No trial has completed{rest}.")
    return " ".join(sentences)


def _headline(found: Findings) -> str:
    if found.best is None:
        return "No trial has completed, so there are no best parameters."
    table, row = found.table, found.best
    values = ", ".join(
        f"{goal.name} {number(float(value))}" for goal, value in zip(table.goals, table.values[row], strict=True)
    )
    return f"Trial {table.number[row]}: {values}"


def _facts(found: Findings) -> list[tuple[str, str]]:
    facts, sweep = found.summary, found.sweep
    states = [f"{amount:,} {state}" for state, amount in facts.counts.items() if amount]
    planned = f" of {facts.planned:,}" if facts.planned and facts.planned != facts.total else ""
    rows = [("State", MEANING[sweep.state]), ("Trials", f"{facts.total:,}{planned}" + _inside(", ".join(states)))]
    if facts.seconds:
        pause = f", {duration(facts.worked)} of work" if facts.seconds > 1.5 * facts.worked else ""
        rows.append(("Time", duration(facts.seconds) + pause))
        speed = f"{facts.compute / facts.worked:.1f} at once" if facts.worked else ""
        rows.append(("Compute", duration(facts.compute) + _inside(speed)))
    if facts.rate:
        rows.append(("Rate", f"{number(facts.rate)} trials a minute"))
    if not np.isnan(facts.median):
        rows.append(("A complete trial", f"{duration(facts.median)} (median)"))
    if stopped := savings_text(facts.counts, found.tags):
        rows.append(("Stopped early", stopped))
    if facts.retries:
        rows.append(("Retries", f"{facts.retries:,}"))
    if facts.last is not None:
        rows.append((f"Last {count(facts.last.trials, 'trial')}", facts.last.text))
        rows.append(("Next improvement", facts.last.outlook))
    rows.append(("Method", method_text(sweep.method, sweep.tags)))
    rows += [(name.capitalize(), text) for name, text in warm_facts(sweep.tags)]
    rows += [("Seed", str(sweep.seed)), ("Sweep", sweep.id)]
    if sweep.experiment:
        rows.append(("Experiment", sweep.experiment))
    if description := sweep.config.get("description"):
        rows.insert(0, ("About", str(description)))
    rows += [
        (f"Tag {name}", value) for name, value in sweep.tags.items() if not name.startswith(("mlflow.", "sweeper."))
    ]
    return rows


def _inside(text: str) -> str:
    return f" ({text})" if text else ""


def _best(found: Findings) -> Table | None:
    if found.best is None:
        return None
    table, row = found.table, found.best
    rows = []
    for name, value in table.assigned[row].items():
        parameter = table.parameters[name]
        rows.append((name, value_text(value), "constant" if parameter.domain is None else parameter.describe()))
    return Table(("parameter", "value", "range"), tuple(rows), frozenset({1}))


def _commands(found: Findings, folder: Path) -> list[tuple[str, str]]:
    """What to type next, the most useful first."""
    ref = found.sweep.id[-8:]
    commands = []
    if found.sweep.state is SweepState.INTERRUPTED:
        commands.append(("Go on with the sweep", command("sweeper", "resume", ref)))
    elif not found.sweep.state.ended:
        commands.append(("Look again later", command("sweeper", "report", ref)))
    if found.best is not None:
        commands.append(
            ("Run the best parameters again", f"sweeper run {shlex.quote(str(folder / 'best_params.yaml'))}")
        )
    if found.failures:
        commands.append(("See why trials failed", command("sweeper", "failures", ref)))
    commands.append(("List all trials", command("sweeper", "trials", ref, "--sort", "value")
                     if len(found.table.goals) == 1 else command("sweeper", "trials", ref)))  # fmt: skip
    return commands


def _importance(data: Importance) -> Table:
    texts = importance_texts(data)
    return Table(texts.header, texts.rows, texts.numeric, data.goal)


def _trials(found: Findings, rows: Sequence[int], caption: str) -> Table:
    table, names = found.table, found.names[:MOST_COLUMNS]
    goals = [goal.name for goal in table.goals]
    cells = [
        (str(table.number[row]), *(number(float(value)) for value in table.values[row]),
         *(value_text(table.assigned[row][name]) if table.active[name][row] else "" for name in names),
         duration(float(table.seconds[row])))
        for row in rows
    ]  # fmt: skip
    numbers = {0, *range(1, 1 + len(goals)), 1 + len(goals) + len(names)}
    numbers |= {1 + len(goals) + i for i, name in enumerate(names) if table.parameters[name].is_numeric}
    return Table(("trial", *goals, *names, "time"), tuple(cells), frozenset(numbers), caption)


def _front(found: Findings) -> Table | None:
    if found.front is None or not len(found.front.front):
        return None
    order = {int(n): row for row, n in enumerate(found.table.number)}
    rows = [order[int(found.front.number[place])] for place in found.front.front[:MOST_FRONT]]
    more = f", the first {MOST_FRONT} of {len(found.front.front)}" if len(found.front.front) > MOST_FRONT else ""
    return _trials(found, rows, f"Pareto front{more}")


def _causes(found: Findings) -> list[Cause]:
    made = []
    for group in found.failures:
        numbers = ", ".join(map(str, group.numbers[:MOST_NUMBERS]))
        more = f" and {group.size - MOST_NUMBERS:,} more" if group.size > MOST_NUMBERS else ""
        example = group.example
        ended = [f"exit code {example.exit_code}"] if example.exit_code is not None else []
        ended += [f"signal {example.signal}"] if example.signal is not None else []
        kind = group.kind + _inside(", ".join(ended))
        evidence = example.traceback[-4000:] or (example.message if "\n" in example.message.strip() else "")
        region = found.regions.get(group.numbers)
        where = "" if region is None else f"{region.text} trials"
        made.append(Cause(group.size, kind, group.message, group.place, numbers + more, where, evidence))
    return made


def _ranges(found: Findings) -> Table | None:
    if found.ranges is None:
        return None
    header = ("parameter", "declared", "best 20 %", "best", "search next", "beware of")
    rows = tuple(
        (
            each.name,
            each.recommendation.declared.describe(),
            extent_text(each.top, not each.evidence.choices),
            best_text(each),
            range_text(each.recommendation.parameter) if each.recommendation.changed else "as declared",
            "; ".join(flag.text for flag in each.flags),
        )
        for each in found.ranges.parameters
    )
    return Table(header, rows)


def _space(found: Findings) -> Table:
    table = found.table
    complete = table.state == RunState.COMPLETE
    rows = []
    for name, parameter in table.parameters.items():
        best = "" if found.best is None else _assigned(table.assigned[found.best], name)
        tried = "" if parameter.domain is None else f"{int((table.active[name] & complete).sum()):,}"
        rows.append((name, parameter.describe(), best, tried))
    rows += [("constraint", str(constraint), "", "") for constraint in table.space.constraints]
    return Table(("parameter", "range", "best", "complete trials with it"), tuple(rows), frozenset({2, 3}))


def _assigned(params: dict[str, Any], name: str) -> str:
    return value_text(params[name]) if name in params else "not set"


def _environment(found: Findings) -> Table:
    names = sorted(found.tags, key=lambda name: (not name.startswith(("mlflow.", "sweeper.")), name))
    ours = (name for name in names if name.startswith(("mlflow.", "sweeper.")))
    known = [(name, found.tags[name]) for name in ours if name not in (FORECAST, SAVINGS)]  # those are told above
    return Table(("fact", "value"), tuple(known))


def _date(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
