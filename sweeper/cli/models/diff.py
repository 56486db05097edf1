"""``sweeper models diff``: what differs between two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.models.naming import named_version
from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw
from sweeper.cli.text import number, value_text

if TYPE_CHECKING:
    from sweeper.registry.comparing import Difference

AMOUNTS = ("params", "metrics", "config")
LONG = 14  #: a checksum or a commit is shown by so many characters


@command("diff")
@click.argument("one", metavar="VERSION")
@click.argument("other", metavar="VERSION")
def diff(session: Session, one: str, other: str) -> None:
    """Show what differs between two versions: parameters, metrics, code, packages, config, files.

    Of the second one the name may be left out: 3, latest, @ALIAS.

    \b
    Example:
      sweeper models diff digits/2 digits/3
      sweeper models diff digits@champion @challenger
    """
    from sweeper.registry.comparing import compare
    from sweeper.registry.registry import Registry

    with session.store() as store:
        registry = Registry(store)
        first = named_version(registry, one)
        second = named_version(registry, other, first.name)
    found = compare(first, second)
    titles = [f"{version.name}/{version.number}" for version in (first, second)]
    if session.as_json:
        for each in found:
            session.emit({"group": each.group, "name": each.name, "one": each.one, "other": each.other})
        return
    if not found:
        session.show(f"{titles[0]} and {titles[1]} are the same in all that is recorded")
        return
    columns = [
        Column("WHAT", _once([each.group for each in found]), keep=True),
        Column("NAME", [each.name for each in found], keep=True, flexible=True, least=12),
        Column(titles[0], [_text(each.group, each.one) for each in found], keep=True, flexible=True, least=12),
        Column(titles[1], [_text(each.group, each.other) for each in found], keep=True, flexible=True, least=12),
        Column("CHANGE", [_change(each) for each in found], right=True),
    ]
    session.show(draw(columns, session.console.width))


def _once(names: list[str]) -> list[str]:
    """Each name where it begins."""
    return [name if i == 0 or names[i - 1] != name else "" for i, name in enumerate(names)]


def _text(group: str, value: Any) -> str:
    if value is None:
        return "-"
    if group in ("code", "files") and isinstance(value, str) and len(value) >= 40:
        return value[:LONG]
    return number(value) if isinstance(value, float) else value_text(value)


def _change(each: Difference) -> str:
    """How much a number grew; seeds and the like are no amounts."""
    one, other = each.one, each.other
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
    return f"{other - one:+.4g}" if numbers and each.group in AMOUNTS else ""
