"""What stands on the page, as words: the same for HTML and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweeper.analysis.importance import Importance
from sweeper.analysis.numbers import duration, number, value_text
from sweeper.analysis.ranges.shape import best_text, extent_text, range_text
from sweeper.analysis.words import importance_texts
from sweeper.records import RunState
from sweeper.report.best_params import parameters_yaml
from sweeper.report.findings import Findings
from sweeper.space.yaml import dump
from sweeper.web.facts import commands, date, environment, facts, inside, warning

MOST_FRONT, MOST_NUMBERS, MOST_COLUMNS = 50, 20, 12


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


def page(found: Findings, folder: Path | None) -> Page:
    """Put the findings into words. ``folder`` is where the report will be, for the commands to type; None: nowhere."""
    sweep = found.sweep
    goals = ", ".join(f"{goal.name} ({goal.direction})" for goal in found.table.goals)
    return Page(
        title=sweep.name,
        subtitle=f"{goals}, by {sweep.method}",
        state=str(sweep.state),
        warning=warning(sweep, found.summary, complete=found.best is not None, now=found.now),
        headline=_headline(found),
        reason=f"It is {found.reason}." if found.reason else "",
        facts=tuple(facts(sweep, found.summary, found.tags)),
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
        environment=Table(("fact", "value"), tuple(environment(found.tags))),
        written=date(found.now),
    )


def _headline(found: Findings) -> str:
    if found.best is None:
        return "No trial has completed, so there are no best parameters."
    table, row = found.table, found.best
    values = ", ".join(
        f"{goal.name} {number(float(value))}" for goal, value in zip(table.goals, table.values[row], strict=True)
    )
    return f"Trial {table.number[row]}: {values}"


def _best(found: Findings) -> Table | None:
    if found.best is None:
        return None
    table, row = found.table, found.best
    rows = []
    for name, value in table.assigned[row].items():
        parameter = table.parameters[name]
        rows.append((name, value_text(value), "constant" if parameter.domain is None else parameter.describe()))
    return Table(("parameter", "value", "range"), tuple(rows), frozenset({1}))


def _commands(found: Findings, folder: Path | None) -> list[tuple[str, str]]:
    """What to type next, the most useful first."""
    complete, failed = found.best is not None, bool(found.failures)
    best_file = "" if folder is None else str(folder / "best_params.yaml")
    return commands(found.sweep, complete=complete, failed=failed, best_file=best_file)


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
        kind = group.kind + inside(", ".join(ended))
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
