"""``sweeper compare``: two or more sweeps side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw
from sweeper.cli.text import duration, inert, number, tail

if TYPE_CHECKING:
    from sweeper.analysis.compare import Comparison, Side
    from sweeper.analysis.contrast import Row


@command("compare")
@click.argument("sweeps", metavar="SWEEP SWEEP...", nargs=-1, required=True)
@click.option("--metric", metavar="M", help="Compare by this metric. Default: the first goal that most have.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the best so far by trials, time and cost: .png or .svg.",
)  # fmt: skip
def compare(session: Session, sweeps: tuple[str, ...], metric: str | None, output: Path | None) -> None:
    """Put 2 to 10 sweeps side by side: what differs, how far each came for what, and whether that is noise.

    \b
    Example:
      sweeper compare digits digits-wide -o compare.png
    """
    from sweeper.analysis.compare import compare as compared

    with session.store() as store:
        found = compared(store, [store.find_sweep(ref) for ref in sweeps], metric)
    if output is not None:
        from sweeper.report.comparison import save

        save(found, output)
    if session.as_json:
        from sweeper.web.compared import shape

        session.emit(shape(found))
    else:
        _show(session, found)
    if output is not None:
        session.say(f"wrote {inert(str(output))}")
    elif found.goal is not None:
        session.next(f"sweeper compare {' '.join(tail(side.sweep.id) for side in found.sides)} -o compare.png")


def _show(session: Session, found: Comparison) -> None:
    _table(session, "", _overview(found), found.sides)
    _table(session, "settings that differ", [(row.name, row.cells) for row in found.config], found.sides)
    _table(session, "spaces differ in", [(row.name, row.cells) for row in found.space], found.sides)
    _table(session, "best parameters", [(_marked(row), row.cells) for row in found.best], found.sides)
    _table(session, "importance (? is uncertain)", [(row.name, row.cells) for row in found.importances], found.sides)
    if found.verdicts or found.notes:
        session.show("")
    for verdict in found.verdicts:
        session.show(inert(verdict.text))
    for note in found.notes:
        session.show(inert(note))
    if any(verdict.bound is None and verdict.difference for verdict in found.verdicts):
        session.hint(f"repeats would tell: sweeper best {tail(found.sides[0].sweep.id)} --repeat 3")


def _marked(row: Row) -> str:
    return row.name + (" *" if row.differs else "")


def _table(session: Session, title: str, rows: Sequence[tuple[str, Sequence[str]]], sides: Sequence[Side]) -> None:
    """One column for each sweep, as many as fit: those that do not come in a table below."""
    if not rows:
        return
    names = Column(title.upper(), [name for name, _ in rows], keep=True, flexible=True, least=16)
    columns = [Column(side.label, [cells[i] for _, cells in rows], keep=True, flexible=True, least=12)
               for i, side in enumerate(sides)]  # fmt: skip
    many = max(1, (session.console.width - 18) // 16)
    for first in range(0, len(columns), many):
        session.show(
            *[""] if title or first else [], draw([names, *columns[first : first + many]], session.console.width)
        )


def _overview(found: Comparison) -> list[tuple[str, list[str]]]:
    sides = found.sides
    rows = [
        ("id", [tail(side.sweep.id) for side in sides]),
        ("state", [str(side.sweep.state) for side in sides]),
        ("trials", [str(len(side.table)) for side in sides]),
        ("failed", [str(int((side.table.state == "failed").sum())) for side in sides]),
    ]
    if found.goal is not None:
        rows.append((f"best {found.goal.name}", [_value(side) for side in sides]))
        rows.append(("  in trial", ["-" if side.best is None else str(side.table.number[side.best]) for side in sides]))
        rows.append(("working time", [_last(side, "time") for side in sides]))
        rows.append(("cost", [_last(side, "cost") for side in sides]))
        rows += [(f"  {by} to {number(level)}", [_reached(side, level, by) for side in sides])
                 for level in _common(found) for by in ("trials", "time")]  # fmt: skip
    return rows


def _common(found: Comparison) -> list[float]:
    """The value that all of them reached: the best of the worst one."""
    bests = [side.finish.value for side in found.sides if side.finish is not None]
    if found.goal is None or len(bests) < 2:
        return []
    sign = found.goal.sign
    return [max(bests, key=lambda value: sign * value)]


def _value(side: Side) -> str:
    return "-" if side.finish is None else number(side.finish.value)


def _last(side: Side, by: str) -> str:
    if side.progress is None or not len(side.progress.best):
        return "-"
    spent = float(side.progress.spent(by)[-1])
    plain = by == "time" or side.progress.unit.startswith("seconds")
    return duration(spent) if plain else f"{number(spent)} {side.progress.unit}"


def _reached(side: Side, level: float, by: str) -> str:
    spent = side.progress.reached(level, by) if side.progress is not None else None
    return "-" if spent is None else duration(spent) if by == "time" else number(int(spent))
