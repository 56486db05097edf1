"""Tables for people: as many columns as the terminal holds, whole ids, and cells that are only text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sweeper.cli.text import inert

if TYPE_CHECKING:
    from rich.table import Table

STATE_STYLES = {
    "queued": "dim",
    "running": "cyan",
    "complete": "green",
    "finished": "green",
    "pruned": "yellow",
    "paused": "yellow",
    "stopped": "yellow",
    "interrupted": "yellow",
    "failed": "red",
    "cancelled": "magenta",
}
GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its cells, and how it behaves when the terminal is narrow.

    ``keep`` columns stay; the others are left out from the right until the table fits. A ``flexible``
    column shrinks (its text is cut with an ellipsis) down to ``least`` before others are left out.
    """

    title: str
    cells: Sequence[str]
    right: bool = False
    keep: bool = False
    flexible: bool = False
    least: int = 8
    states: bool = False

    def width(self) -> int:
        from rich.cells import cell_len

        natural = max(cell_len(inert(text)) for text in (self.title, *self.cells))
        return min(natural, self.least) if self.flexible else natural


def fit(columns: Sequence[Column], width: int) -> tuple[list[Column], list[str]]:
    """Return the columns that fit into ``width`` and the titles of those left out."""
    kept = list(columns)
    left_out: list[str] = []
    while sum(column.width() + GAP for column in kept) - GAP > width:
        droppable = [column for column in kept if not column.keep]
        if not droppable:
            break
        kept.remove(droppable[-1])
        left_out.insert(0, droppable[-1].title)
    return kept, left_out


def draw(columns: Sequence[Column]) -> Table:
    """The table as rich draws it."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(
            Text(inert(column.title)),
            justify="right" if column.right else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=None if column.flexible else min(column.width(), 40),
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        cells = []
        for column, text in zip(columns, row, strict=True):
            cells.append(Text(inert(text), style=STATE_STYLES.get(text, "") if column.states else ""))
        table.add_row(*cells)
    return table


def facts(rows: Sequence[tuple[str, str]]) -> Table:
    """Two columns: what, and its value; long values wrap."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(inert(name)), Text(inert(value), style=STATE_STYLES.get(value, "")))
    return table
