"""``sweeper doctor``: is the store sound, and what did crashes leave behind?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sweeper.cli.session import Session, command
from sweeper.cli.text import inert
from sweeper.errors import SweeperError

if TYPE_CHECKING:
    from sweeper.store.findings import Finding

STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


@command("doctor")
@click.option("--repair", is_flag=True, help="Mend what is safe to mend, then look again.")
def doctor(session: Session, repair: bool) -> int:
    """Examine the store and what dead processes left behind; say what to do.

    \b
    Example:
      sweeper doctor
    """
    found = _examine(session, repair)
    for finding in found:
        _tell(session, finding)
    return 1 if any(finding.verdict == "fail" for finding in found) else 0


def _examine(session: Session, repair: bool) -> list[Finding]:
    """Look at the database, then at what is around it; with ``repair`` once more after mending."""
    from sweeper.cli import leftovers
    from sweeper.store.findings import fail
    from sweeper.store.health import examine

    found = examine(session.store_url)
    if any(finding.verdict == "fail" for finding in found):
        return found
    try:
        with session.store(read_only=not repair) as store:
            writer = store if repair else None
            found += leftovers.examine(store, writer)
            if repair:
                _mend(session, found)
                found = examine(session.store_url) + leftovers.examine(store, writer)
    except SweeperError as error:
        found.append(fail("store", str(error), "name another store with --store"))
    return found


def _mend(session: Session, found: list[Finding]) -> None:
    for finding in found:
        if finding.repair is not None:
            finding.repair()
            session.say(f"repaired: {inert(finding.text)}")


def _tell(session: Session, finding: Finding) -> None:
    if session.as_json:
        facts = {"check": finding.check, "verdict": finding.verdict.value, "message": finding.text}
        session.emit(facts | {"advice": finding.advice, "repairable": finding.repair is not None})
        return
    if session.quiet and finding.verdict == "ok":
        return
    from rich.text import Text

    mark = finding.verdict.upper()
    line = Text.assemble((f"{mark:<5}", STYLES[finding.verdict]), f"{finding.check:<12} {inert(finding.text)}")
    session.show(line)
    if finding.advice:
        session.show(f"{'':<18}{inert(finding.advice)}")
