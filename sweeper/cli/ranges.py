"""``sweeper ranges``: where past sweeps searched, where the good values lay, and what to search next."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sweeper.cli.files import write_whole
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural, tail
from sweeper.errors import UsageError

if TYPE_CHECKING:
    from sweeper.analysis.ranges.gathering import Found
    from sweeper.analysis.ranges.groups import Group

File = click.Path(dir_okay=False, path_type=Path)
ASPECTS = ("objective", "data", "code")
MOST_GROUPS = 3  #: shown in full on a screen
NAMED = 10  #: sweeps that the command to type next names


@command("ranges")
@click.argument("sweeps", metavar="[SWEEP]...", nargs=-1)
@click.option("-p", "--param", "params", metavar="PARAM", multiple=True, help="Only this parameter. Repeatable.")
@click.option("--tag", "tags", metavar="K=V", multiple=True, help="Only sweeps with this tag. Repeatable.")
@click.option("--objective", metavar="PATTERN", help="Only sweeps of this objective, such as train.py:train.")
@click.option("--experiment", metavar="NAME", help="Only sweeps of this experiment.")
@click.option("--metric", metavar="NAME", help="Only sweeps with this metric, judged by it.")
@click.option("--name", metavar="PATTERN", help="Only sweeps of this name; * and ? stand for anything.")
@click.option(
    "--merge", type=click.Choice(ASPECTS), multiple=True, help="Pool sweeps although they differ in this. Repeatable."
)
@click.option("--csv", "csv_file", metavar="FILE", type=File, help="Save the table as CSV.")
@click.option("--plot", "plot_file", metavar="FILE", type=File, help="Save a picture: .png or .svg.")
def ranges(
    session: Session,
    sweeps: tuple[str, ...],
    params: tuple[str, ...],
    tags: tuple[str, ...],
    objective: str | None,
    experiment: str | None,
    metric: str | None,
    name: str | None,
    merge: tuple[str, ...],
    csv_file: Path | None,
    plot_file: Path | None,
) -> None:
    """Show the ranges of parameters over past sweeps, and what to search next.

    Sweeps named are pooled. Without names all sweeps that match are taken, and those of another objective, metric, data
    (tags data and dataset) or code version are kept apart.

    \b
    Example:
      sweeper ranges
      sweeper ranges -p learning_rate --tag dataset=wine
      sweeper ranges digits --plot ranges.png
    """
    from sweeper.analysis.ranges.gathering import gather
    from sweeper.analysis.ranges.past import Wanted, older_ones

    wanted = Wanted(sweeps, objective, name, experiment, metric, read_tags(tags))
    _check_suffix(plot_file)
    with session.store() as store:
        found = gather(store, wanted, merge, params)
        older = older_ones(store, sweeps)
    if csv_file:
        write_whole(csv_file, _csv(found))
        session.say(f"wrote {csv_file}")
    if plot_file:
        _plot(session, found, plot_file)
    if session.as_json:
        from sweeper.analysis.ranges.shape import shape

        for group, parameters in found:
            for parameter in parameters:
                session.emit(shape(group, parameter))
        return
    for line in older:
        session.say(f"note: {inert(line)}")
    if not csv_file and not plot_file:
        _show(session, found, metric)


def read_tags(tags: Sequence[str]) -> Mapping[str, str]:
    """Read ``key=value`` texts."""
    for text in tags:
        if "=" not in text:
            raise UsageError(f"--tag {text!r}: write KEY=VALUE")
    return {text.partition("=")[0]: text.partition("=")[2] for text in tags}


def _check_suffix(file: Path | None) -> None:
    if file and file.suffix not in (".png", ".svg"):
        raise UsageError(f"--plot {file}: the name must end with .png or .svg")


def _csv(found: Found) -> bytes:
    from sweeper.analysis.ranges.shape import flat

    rows = [flat(group, parameter) for group, parameters in found for parameter in parameters]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["parameter"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _plot(session: Session, found: Found, file: Path) -> None:
    from sweeper.report.ranges_figure import picture

    group, parameters = found[0]
    write_whole(file, picture(parameters, group.title, file.suffix))
    session.say(f"wrote {file}: {group.title}")
    if len(found) > 1:
        session.say(f"note: the other {len(found) - 1} groups are not in it; choose with --objective, --tag or --merge")


def _show(session: Session, found: Found, metric: str | None) -> None:
    from sweeper.cli.ranges_view import show_group

    for place, (group, parameters) in enumerate(found[:MOST_GROUPS]):
        if place:
            session.show("")
        show_group(session, group, parameters)
    if rest := found[MOST_GROUPS:]:
        session.show("", f"{plural(len(rest), 'more group')}; show one with --objective, --tag or --name:")
        session.show(*(f"  {group.title}: {plural(len(group.sweeps), 'sweep')}" for group, _ in rest))
    if len(found) > 1:
        apart = _apart([group for group, _ in found])
        session.show("", f"kept apart, because they differ in {' and '.join(apart)}: {len(found)} groups of sweeps.")
        goals = {group.identity.metric for group, _ in found}
        mergeable = [aspect for aspect in apart if aspect in ASPECTS]
        if mergeable and len(goals) < len(found):  # those of other goals are never pooled
            session.hint("to pool them: " + " ".join(f"--merge {aspect}" for aspect in mergeable))
    sweeps = found[0][0].sweeps
    refs = " ".join(tail(sweep.id) for sweep in sweeps[:NAMED])
    if len(sweeps) > NAMED:
        session.hint(f"the latest {NAMED} of {len(sweeps)} sweeps are named here; name more of them if you wish")
    judged = f" --metric {shlex.quote(metric)}" if metric else ""
    session.next(f"sweeper narrow {refs}{judged} -o next.yaml")


def _apart(groups: Sequence[Group]) -> list[str]:
    """In what the groups differ."""
    return [
        aspect
        for place, aspect in enumerate(("objective", "metric", "data", "code"))
        if len({group.identity[place] for group in groups}) > 1
    ]
