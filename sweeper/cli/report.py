"""``sweeper report``: the folder with everything worth knowing about a sweep."""

from __future__ import annotations

from pathlib import Path

import click

from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural

METHODS = ("fanova", "ped-anova", "mdi")


@command("report")
@click.argument("sweep")
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write it there instead."
)
@click.option(
    "--importance", type=click.Choice(METHODS), default="fanova", help="How to measure what matters. Default: fanova."
)
def report(session: Session, sweep: str, output: Path | None, importance: str) -> None:
    """Write the report of SWEEP, finished or still running, into ./reports/NAME-ID/.

    \b
    Example:
      sweeper report last
      sweeper report last -o report
    """
    from sweeper.report import write_report

    with session.store() as store:
        written = write_report(store, store.find_sweep(sweep), output, importance=importance)
    if session.as_json:
        files = [str(file) for file in written.files]
        session.emit({"folder": str(written.folder), "html": str(written.html), "files": files})
        return
    session.say(f"wrote {inert(str(written.html))} and {plural(len(written.files) - 1, 'file')} beside it")
