"""``sweeper narrow``: the next sweep as a file, its ranges from what past sweeps show."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.files import write_whole
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural
from sweeper.errors import UsageError

if TYPE_CHECKING:
    from sweeper.analysis.ranges.next_space import Cost, NextSpace
    from sweeper.web.narrowing import Narrowed


@command("narrow")
@click.argument("sweeps", metavar="SWEEP...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@click.option("--name", metavar="NAME", help="Name of the new sweep. Default: the latest one's with a number.")
@click.option("--metric", metavar="NAME", help="Judge by this metric. Default: the first of each sweep.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def narrow(
    session: Session, sweeps: tuple[str, ...], output: Path | None, name: str | None, metric: str | None, force: bool
) -> None:
    """Write the next sweep as a file: the latest of SWEEP... with ranges that all of them recommend.

    Sweeps are pooled; what they differ in is noted. Comments say why each range changed or did not. A range is shrunk
    only on the evidence of three sweeps or more.

    \b
    Example:
      sweeper narrow digits -o next.yaml
      sweeper narrow 5b1de7be 1bc9de66 03ef2713 -o next.yaml
      sweeper run next.yaml
    """
    from sweeper.web.names import file_name
    from sweeper.web.narrowing import narrowed
    from sweeper.web.next_file import problem_of

    with session.store() as store:
        found = narrowed(store, sweeps, name=name, metric=metric)
    problem = problem_of(found.text)
    target = output or Path(f"{file_name(found.name, 'next')}.yaml")
    if target.exists() and not force:
        raise UsageError(f"{target} exists already, so nothing was written. To overwrite: --force")
    write_whole(target, found.text.encode())
    notes = [*found.older, *found.notes]
    if session.as_json:
        session.emit(_shape(target, found, notes, problem))
        return
    _show(session, target, found.made, found.expected, notes, problem)


def _show(
    session: Session, target: Path, made: NextSpace, expected: Cost | None, notes: Sequence[str], problem: str
) -> None:
    from rich.text import Text

    from sweeper.web.next_file import cost_text

    if made.taken:
        for name in made.space.parameters:
            if name in made.taken:
                before, after = made.before.parameters[name], made.space.parameters[name]
                session.show(inert(name))
                session.show(Text(f"  - {inert(before.describe())}", style="red"))
                session.show(Text(f"  + {inert(after.describe())}", style="green"))
        same = [name for name in made.space.parameters if name not in made.taken]
        session.show(f"as before: {inert(', '.join(same))}" if same else "")
    else:
        session.show("no range changes: what past sweeps show is no reason to; the file says why for each")
    for note in notes:
        session.say(f"note: {inert(note)}")
    if problem:
        session.say(f"note: {target} does not run as it is: {inert(problem)}")
    if expected:
        session.say(f"expected: {cost_text(expected)}")
    session.say(f"wrote {target}: {plural(len(made.taken), 'range')} changed")
    session.next(f"sweeper run {shlex.quote(str(target))}")


def _shape(target: Path, found: Narrowed, notes: Sequence[str], problem: str) -> dict[str, Any]:
    made, expected = found.made, found.expected
    changes = [
        {
            "parameter": parameter,
            "action": advice.action,
            "before": made.before.parameters[parameter].to_dict(),
            "after": made.space.parameters[parameter].to_dict() if parameter in made.space.parameters else None,
            "reason": advice.reason,
            "coverage": advice.coverage,
            "regret": advice.regret,
        }
        for parameter, advice in made.taken.items()
    ]
    return {
        "file": str(target),
        "name": found.name,
        "sweeps": [sweep.id for sweep in found.group.sweeps],
        "changes": changes,
        "share": made.share,
        "expected": None
        if expected is None
        else {
            "trials": expected.trials,
            "workers": expected.workers,
            "seconds_each": expected.each,
            "compute": expected.compute,
            "clock": expected.clock,
        },
        "notes": list(notes),
        "problem": problem or None,
        "next": f"sweeper run {shlex.quote(str(target))}",
    }
