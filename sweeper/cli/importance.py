"""``sweeper importance``: which parameters matter, how sure that is, and which work together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sweeper.cli.report import METHODS
from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw, fit
from sweeper.cli.text import tail

if TYPE_CHECKING:
    from sweeper.analysis.verdicts import Importance


@command("importance")
@click.argument("sweep")
@click.option("--method", type=click.Choice(METHODS), default="fanova", help="How to measure it. Default: fanova.")
@click.option("--alone", is_flag=True, help="Ask no earlier sweeps of the same objective.")
def importance(session: Session, sweep: str, method: str, alone: bool) -> None:
    """Show how much each parameter of SWEEP matters, the most important first.

    Shares are of the variance of the ranked values, with 90 % intervals.

    \b
    Example:
      sweeper importance last
      sweeper importance last --alone
    """
    from sweeper.analysis import table
    from sweeper.analysis.past import importances

    with session.store() as store:
        record = store.find_sweep(sweep)
        found = importances(store, table(store, record), method=method, alone=alone)
    for data in found:
        _emit(session, data) if session.as_json else _show(session, data, len(found) > 1)
    if any(data.parameters for data in found):
        session.next(f"sweeper report {tail(record.id)}")


def _emit(session: Session, data: Importance) -> None:
    from sweeper.api.importance import row_of

    for parameter in data.parameters:
        session.emit({"metric": data.goal} | row_of(parameter))
    if not data.parameters:
        session.say(data.sentence)


def _show(session: Session, data: Importance, several: bool) -> None:
    from sweeper.analysis.words import importance_texts

    if several:
        session.show(f"for {data.goal}:")
    if data.parameters:
        texts = importance_texts(data)
        columns = [
            Column(title.upper(), cells, right=i in texts.numeric, keep=i < 2, flexible=title == "note", least=12)
            for i, (title, cells) in enumerate(zip(texts.header, zip(*texts.rows, strict=True), strict=True))
        ]
        kept, left_out = fit(columns, session.console.width)
        session.show(draw(kept, session.console.width))
        if left_out:
            session.hint(f"not shown, the terminal is narrow: {', '.join(left_out)}")
    for sentence in (data.sentence, *data.notes):
        session.hint(sentence) if data.parameters else session.show(sentence)
