"""``sweeper report``: the folder with everything worth knowing about a sweep."""

from __future__ import annotations

from pathlib import Path

import click

from sweeper.cli.session import Session, command


@command("report")
@click.argument("sweep")
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write it there instead."
)
def report(session: Session, sweep: str, output: Path | None) -> None:
    """Write the report of SWEEP, finished or still running, into ./reports/NAME-ID/.

    \b
    Example:
      sweeper report last
      sweeper report last -o report
    """
    from sweeper.report import write_report

    with session.store() as store:
        record = store.find_sweep(sweep)
        written = write_report(store, record, output)
    del written
