"""Tables for people."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

from sweeper.cli.tables import Column, draw, facts, fit, widths


def shown(renderable: RenderableType, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


ID = Column("ID", ["3f2a9c1b", "77aa00ff"], keep=True)
NAME = Column("NAME", ["digits", "a-rather-long-name-of-a-sweep"], keep=True, flexible=True, least=10)
METHOD = Column("METHOD", ["tpe", "random"])
AGE = Column("STARTED", ["5 min ago", "2 h ago"], right=True)


def test_everything_is_kept_where_there_is_room() -> None:
    kept, left_out = fit([ID, NAME, METHOD, AGE], 80)
    assert kept == [ID, NAME, METHOD, AGE]
    assert left_out == []


def test_columns_go_from_the_right_when_it_is_narrow() -> None:
    kept, left_out = fit([ID, NAME, METHOD, AGE], 34)
    assert kept == [ID, NAME, METHOD]
    assert left_out == ["STARTED"]


def test_columns_to_keep_stay_however_narrow_it_is() -> None:
    kept, left_out = fit([ID, NAME, METHOD, AGE], 5)
    assert kept == [ID, NAME]
    assert left_out == ["METHOD", "STARTED"]


def test_the_widest_flexible_column_gives_way_first() -> None:
    other = Column("NOTE", ["twelve chars", ""], flexible=True, least=4)
    assert widths([ID, NAME, other], 80) == [8, 29, 12]
    assert widths([ID, NAME, other], 44) == [8, 20, 12]
    assert widths([ID, NAME, other], 32) == [8, 10, 10]
    assert widths([ID, NAME, other], 10) == [8, 10, 4]


def test_ids_stay_whole_and_names_are_cut() -> None:
    lines = shown(draw([ID, NAME], 24), width=24).splitlines()
    assert lines[2] == "77aa00ff  a-rather-long…"
    assert all(len(line) <= 24 for line in lines)


def test_markup_and_escapes_in_cells_are_text() -> None:
    text = shown(draw([Column("[red]X", ["[bold]a[/bold]", "b\x1b[31m\nc"])], 80))
    assert "[red]X" in text
    assert "[bold]a[/bold]" in text
    assert "b\\x1b[31m\\nc" in text
    assert "\x1b" not in text


def test_facts_wrap_long_values_beside_their_name() -> None:
    lines = shown(facts([("state", "running"), ("tags", "x" * 50)]), width=30).splitlines()
    assert lines[0].split() == ["state", "running"]
    assert sum(line.count("x") for line in lines) == 50
    assert len(lines) > 2
