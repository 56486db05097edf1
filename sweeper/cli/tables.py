"""Tables for people: as many columns as the terminal holds, whole ids, and cells that are only text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sweeper.cli.text import inert

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

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


def draw(columns: Sequence[Column], width: int) -> Text:
    """The table as lines of text on ``width`` columns: a table of rich would take half a second for 1,000 rows."""
    from rich.text import Text

    wide = widths(columns, width)
    header = [(_cell(column.title, room, column.right), "bold") for column, room in zip(columns, wide, strict=True)]
    pieces = _line(header)
    for row in zip(*(column.cells for column in columns), strict=True):
        cells = []
        for column, room, text in zip(columns, wide, row, strict=True):
            cells.append((_cell(text, room, column.right), STATE_STYLES.get(text, "") if column.states else ""))
        pieces += [("\n", ""), *_line(cells)]
    return Text.assemble(*pieces, no_wrap=True, overflow="ellipsis")


def _line(cells: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the cells with gaps between them, without spaces at the end."""
    pieces = [piece for cell in cells for piece in (cell, (" " * GAP, ""))]
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    return [*pieces[:-1], (pieces[-1][0].rstrip(), pieces[-1][1])] if pieces else []


def _cell(text: str, room: int, right: bool) -> str:
    """Return the text padded to ``room`` columns of the terminal, or cut with an ellipsis."""
    from rich.cells import cell_len, set_cell_size

    text = inert(text)
    length = cell_len(text)
    if length > room:
        return set_cell_size(text, room - 1) + "…"
    return " " * (room - length) + text if right else text + " " * (room - length)


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
