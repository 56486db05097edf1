"""``sweeper spaces``: the search spaces that ship with sweeper, and how any space is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sweeper import content
from sweeper.cli.files import first_comment, write_new
from sweeper.cli.lazy import Entry, LazyGroup
from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw, fit

if TYPE_CHECKING:
    from rich.text import Text

    from sweeper.space import SearchSpace

TABLE = {
    "ls": Entry("sweeper.cli.spaces:ls", "List the ready search spaces."),
    "show": Entry("sweeper.cli.spaces:show", "Print one as YAML."),
    "copy": Entry("sweeper.cli.spaces:copy", "Copy one into a file to change it."),
}


@click.command("spaces", cls=LazyGroup, table=TABLE)
def spaces() -> None:
    """Ready search spaces: use one by name in a sweep file, or copy it and change it.

    \b
    Example:
      sweeper spaces show random_forest
    """


@command("ls")
def ls(session: Session) -> None:
    """List the search spaces that ship with sweeper.

    \b
    Example:
      sweeper spaces ls
    """
    names = content.names("search_spaces")
    texts = [content.find("search_spaces", name).read_text(encoding="utf-8") for name in names]
    counts = [len(_read(text).parameters) for text in texts]
    titles = [first_comment(text) for text in texts]
    if session.as_json:
        for name, count, title in zip(names, counts, titles, strict=True):
            session.emit({"name": name, "parameters": count, "title": title})
        return
    columns = [
        Column("SPACE", names, keep=True),
        Column("PARAMETERS", [str(count) for count in counts], right=True),
        Column("WHAT IT IS", titles, flexible=True, least=20),
    ]
    width = session.console.width
    session.show(draw(fit(columns, width)[0], width))
    session.hint("in a sweep file:  search_space: NAME")
    session.next("sweeper spaces show NAME", "sweeper spaces copy NAME")


@command("show")
@click.argument("name")
def show(session: Session, name: str) -> None:
    """Print the search space NAME as YAML, with where it comes from.

    \b
    Example:
      sweeper spaces show svm
    """
    text = content.find("search_spaces", name).read_text(encoding="utf-8")
    if session.as_json:
        session.emit(_read(text).to_dict())
    else:
        session.show(text.rstrip("\n"))


@command("copy")
@click.argument("name")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def copy(session: Session, name: str, file: Path | None, force: bool) -> None:
    """Copy the search space NAME into FILE (default: NAME.yaml here).

    \b
    Example:
      sweeper spaces copy random_forest my_forest.yaml
    """
    source = content.find("search_spaces", name)
    target = file or Path(source.name)
    write_new({target: source.read_bytes()}, force=force)
    if session.as_json:
        session.emit({"name": source.stem, "file": str(target)})
    else:
        session.say(f"wrote  {target}")
        session.hint(f"in a sweep file:  search_space: {target}")


def space_table(space: SearchSpace, width: int) -> Text:
    """One row for each parameter: its name, kind, range and condition."""
    parameters = space.parameters
    columns = [
        Column("PARAMETER", list(parameters), keep=True),
        Column("KIND", [type(parameter).__name__.lower() for parameter in parameters.values()]),
        Column("RANGE", [p.describe() for p in parameters.values()], keep=True, flexible=True, least=16),
    ]
    return draw(fit(columns, width)[0], width)


def _read(text: str) -> SearchSpace:
    from sweeper.space import SearchSpace

    return SearchSpace.from_yaml(text)
