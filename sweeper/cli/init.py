"""``sweeper init``: a ready sweep and the example it runs, copied side by side."""

from __future__ import annotations

import re
from pathlib import Path

import click

from sweeper import content
from sweeper.cli.files import first_comment, write_new
from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw


@command("init")
@click.argument("template", default="quickstart")
@click.option("--list", "listing", is_flag=True, help="List the templates instead.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
def init(session: Session, template: str, listing: bool, force: bool) -> None:
    """Copy a ready sweep and its example into this folder.

    TEMPLATE is the name of a sweep that ships with sweeper; "quickstart" when left out.

    \b
    Example:
      sweeper init quickstart
      sweeper run quickstart.yaml
    """
    if listing:
        _list(session)
        return
    source = content.find("configs", template)
    text = source.read_text(encoding="utf-8")
    examples = examples_of(text)
    folder = content.folder("examples")
    files = {Path(source.name): text.encode()} | {path.relative_to(folder): path.read_bytes() for path in examples}
    written = write_new(files, force=force)
    following = f"sweeper run {source.name}"
    if session.as_json:
        session.emit({"template": source.stem, "files": [str(path) for path in files], "next": following})
        return
    for path in files:
        session.say(f"{'wrote' if path in written else 'kept '}  {path}")
    session.next(following)


def examples_of(text: str) -> list[Path]:
    """Return the bundled examples that a bundled sweep names, a project file by file; it finds them beside itself."""
    folder = content.folder("examples")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    named = [folder / name for name in dict.fromkeys(re.findall(r"[\w-]+\.\w+|(?<=uri: )[\w-]+", lines))]
    inside = [path for place in named if place.is_dir() for path in sorted(place.rglob("*")) if path.suffix != ".pyc"]
    return [path for path in [*named, *inside] if path.is_file()]


def _list(session: Session) -> None:
    names = content.names("configs")
    titles = [first_comment(content.find("configs", name).read_text(encoding="utf-8")) for name in names]
    if session.as_json:
        for name, title in zip(names, titles, strict=True):
            session.emit({"template": name, "title": title})
        return
    columns = [Column("TEMPLATE", names, keep=True), Column("WHAT IT IS", titles, flexible=True, least=30)]
    session.show(draw(columns, session.console.width))
    session.next("sweeper init TEMPLATE")
