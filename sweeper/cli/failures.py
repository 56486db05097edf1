"""``sweeper failures``: why trials failed, by cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural, tail
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord

if TYPE_CHECKING:
    from sweeper.analysis.failures import FailureGroup

FEW = 8  #: trial numbers shown for a cause


@command("failures")
@click.argument("sweep")
def failures(session: Session, sweep: str) -> None:
    """Show why trials of SWEEP failed: grouped by cause, the most frequent first.

    \b
    Example:
      sweeper failures last
    """
    with session.store() as store:
        record = store.find_sweep(sweep)
        causes = causes_of(store, record)
    if session.as_json:
        for cause in causes:
            session.emit(cause_shape(cause))
        return
    if not causes:
        session.show(f"no trial of {inert(record.name)} failed")
        return
    for cause in causes:
        session.show(*cause_lines(cause))
    session.next(f"sweeper show {tail(record.id)}:{causes[0].numbers[0]}")


def causes_of(store: Store, sweep: SweepRecord) -> list[FailureGroup]:
    """The failed trials of a sweep, those alike together."""
    from sweeper.analysis.failures import alike

    trials = store.trials(sweep.id)
    return alike((trial.number, trial.failure) for trial in trials if trial.failure and trial.state is RunState.FAILED)


def cause_shape(cause: FailureGroup) -> dict[str, Any]:
    facts = {"class": cause.kind, "message": cause.message, "place": cause.place}
    return facts | {"count": cause.size, "trials": list(cause.numbers)}


def cause_lines(cause: FailureGroup) -> list[str]:
    """A cause in words: how many, what, where, which trials."""
    numbers = ", ".join(map(str, cause.numbers[:FEW])) + (", ..." if cause.size > FEW else "")
    where = f"at {inert(cause.place)}, " if cause.place else ""
    return [
        f"{plural(cause.size, 'trial')} failed by {cause.kind}: {inert(cause.message)}",
        f"  {where}{'trial' if cause.size == 1 else 'trials'} {numbers}",
    ]
