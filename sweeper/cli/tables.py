"""Tables for people: as many columns as the terminal holds, whole ids, and cells that are only text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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

    def natural(self) -> int:
        """Columns of the terminal that its widest cell takes."""
        from rich.cells import cell_len

        return max(cell_len(inert(text)) for text in (self.title, *self.cells))

    def smallest(self) -> int:
        return min(self.natural(), self.least) if self.flexible else self.natural()


def fit(columns: Sequence[Column], width: int) -> tuple[list[Column], list[str]]:
    """Return the columns that fit into ``width`` and the titles of those left out."""
    kept = list(columns)
    left_out: list[str] = []
    while sum(column.smallest() + GAP for column in kept) - GAP > width:
        droppable = [column for column in kept if not column.keep]
        if not droppable:
            break
        kept.remove(droppable[-1])
        left_out.insert(0, droppable[-1].title)
    return kept, left_out


def widths(columns: Sequence[Column], width: int) -> list[int]:
    """Return how wide each column is drawn: the widest flexible one gives way first."""
    result = [column.natural() for column in columns]
    excess = sum(result) + GAP * (len(result) - 1) - width
    while excess > 0:
        shrinkable = [i for i, column in enumerate(columns) if result[i] > column.smallest()]
        if not shrinkable:
            break
        result[max(shrinkable, key=result.__getitem__)] -= 1
        excess -= 1
    return result


def draw(columns: Sequence[Column], width: int) -> Table:
    """The table as rich draws it on ``width`` columns."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for column, wide in zip(columns, widths(columns, width), strict=True):
        justify: Literal["left", "right"] = "right" if column.right else "left"
        table.add_column(Text(inert(column.title)), justify=justify, no_wrap=True, overflow="ellipsis", width=wide)
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
