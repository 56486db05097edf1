"""``sweeper models history``: metrics and feature importance from version to version, as tables and as a plot."""

from __future__ import annotations

import math
import time
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw, fit
from sweeper.cli.text import ago, inert, number

if TYPE_CHECKING:
    from sweeper.records import ModelChange
    from sweeper.registry.progress import Progress

MOST = 12  #: features in the table


@command("history")
@click.argument("name")
@click.option("--metric", "metrics", multiple=True, metavar="M", help="Only this metric; repeatable.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.png", help="Draw it.")
@click.option("--changes", is_flag=True, help="Who moved which alias and stage, and when.")
def history(session: Session, name: str, metrics: tuple[str, ...], plot: Path | None, changes: bool) -> None:
    """Show how the model NAME went: the metrics of its versions, the importance of its features (log_importance).

    \b
    Example:
      sweeper models history digits
      sweeper models history digits --metric accuracy --plot digits.png
      sweeper models history digits --changes
    """
    from sweeper.registry.progress import progress
    from sweeper.registry.registry import Registry

    with session.store() as store:
        registry = Registry(store)
        if changes:
            return _changes(session, registry.history(name))
        found = progress(name, registry.versions(name), metrics)
    if plot is not None:
        _plot(found, plot)
        session.say(f"wrote {inert(str(plot))}")
    if session.as_json:
        for i, version in enumerate(found.numbers):
            session.emit(
                {
                    "name": name,
                    "version": version,
                    "created": found.created[i],
                    "stage": found.stages[i],
                    "aliases": list(found.aliases[i]),
                    "metrics": {key: values[i] for key, values in found.metrics.items()},
                    "importance": {key: values[i] for key, values in found.importance.items()},
                }
            )
        return None
    if not found.numbers:
        session.show(f"{inert(name)} has no versions yet")
        return None
    _tables(session, found)
    if plot is None:
        session.next(f"sweeper models history {quote(name)} --plot {quote(name.replace(' ', '-'))}.png")
    return None


def _tables(session: Session, found: Progress) -> None:
    now = time.time()
    columns = [
        Column("VERSION", [str(version) for version in found.numbers], right=True, keep=True),
        Column("REGISTERED", [ago(created, now) for created in found.created], keep=True),
        *(Column(metric, [_text(value) for value in values], right=True) for metric, values in found.metrics.items()),
        Column("STAGE", list(found.stages)),
        Column("ALIASES", [", ".join(aliases) or "-" for aliases in found.aliases]),
    ]
    width = session.console.width
    kept, left_out = fit(columns, width)
    session.show(draw(kept, width))
    if left_out:
        session.hint(f"not shown, the terminal is narrow: {', '.join(left_out)}")
    if not found.importance:
        session.hint("no version has feature importance: trial.log_importance({feature: value}) keeps it")
        return
    features = list(found.importance)[:MOST]
    columns = [Column("FEATURE", features, keep=True, flexible=True, least=16)]
    for i, version in enumerate(found.numbers):
        cells = [_text(found.importance[feature][i]) for feature in features]
        columns.append(Column(f"version {version}", cells, right=True))
    newest_first = [columns[0], *columns[:0:-1]]
    session.show("", draw(fit(newest_first, width)[0], width))
    if len(found.importance) > MOST:
        session.hint(f"the {MOST} most important of {len(found.importance)} features; all of them: --json")


def _changes(session: Session, changes: list[ModelChange]) -> None:
    if session.as_json:
        for each in changes:
            session.emit(
                {
                    "time": each.time, "kind": each.kind, "version": each.version or None,
                    "alias": each.subject or None, "before": each.old, "after": each.new, "user": each.user,
                }
            )  # fmt: skip
        return
    now = time.time()
    columns = [
        Column("WHEN", [ago(each.time, now) for each in changes], keep=True),
        Column("WHAT", [_change(each) for each in changes], keep=True, flexible=True, least=20),
        Column("BY", [each.user for each in changes]),
    ]
    session.show(draw(columns, session.console.width))


def _change(each: ModelChange) -> str:
    if each.kind == "alias":
        was = f" (was {each.old})" if each.old and each.new else ""
        return f"alias {each.subject}: version {each.new}{was}" if each.new else f"alias {each.subject} deleted"
    if each.kind == "stage":
        return f"version {each.version}: {each.new} (was {each.old})"
    if each.kind == "renamed":
        return f"renamed from {each.old} to {each.new}"
    return f"version {each.version} {each.kind}" if each.version else f"model {each.kind}"


def _text(value: float) -> str:
    return "-" if math.isnan(value) else number(value)


def _plot(found: Progress, path: Path) -> None:
    from sweeper.cli.files import write_whole
    from sweeper.report.picture import png
    from sweeper.report.plots.versions import figure

    write_whole(path, png(figure(found)))
