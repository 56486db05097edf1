"""``sweeper failures``: why trials failed, by cause, and where in the search space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural, tail
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.web.shapes import region_shape

if TYPE_CHECKING:
    from sweeper.analysis.failures import FailureGroup
    from sweeper.analysis.regions import Region

FEW = 8  #: trial numbers shown for a cause


@command("failures")
@click.argument("sweeps", metavar="SWEEP...", nargs=-1, required=True)
def failures(session: Session, sweeps: tuple[str, ...]) -> None:
    """Show why trials of each SWEEP failed: grouped by cause, the most frequent first.

    For a cause that nearly only one region of the search space has, that region is told.

    \b
    Example:
      sweeper failures last
    """
    with session.store() as store:
        records = list({record.id: record for record in map(store.find_sweep, sweeps)}.values())
        for record in records:
            trials = store.trials(record.id)
            causes = causes_among(trials)
            regions = regions_of(record, trials, causes)
            if session.as_json:
                for cause, region in zip(causes, regions, strict=True):
                    session.emit(cause_shape(cause, region) | {"sweep": record.id})
            else:
                _show(session, record, causes, regions, titled=len(records) > 1)


def _show(
    session: Session, record: SweepRecord, causes: list[FailureGroup], regions: list[Region | None], *, titled: bool
) -> None:
    if not causes:
        session.show(f"no trial of {inert(record.name)} failed")
        return
    if titled:
        session.show(f"{inert(record.name)} {tail(record.id)}")
    for cause, region in zip(causes, regions, strict=True):
        session.show(*cause_lines(cause))
        if region is not None:
            session.show(f"  where {inert(region.text)} trials")
    session.next(f"sweeper show {tail(record.id)}:{causes[0].numbers[0]}")


def causes_of(store: Store, sweep: SweepRecord) -> list[FailureGroup]:
    """The failed trials of a sweep, those alike together."""
    return causes_among(store.trials(sweep.id))


def causes_among(trials: list[TrialRecord]) -> list[FailureGroup]:
    from sweeper.analysis.failures import alike

    return alike((trial.number, trial.failure) for trial in trials if trial.failure and trial.state is RunState.FAILED)


def regions_of(sweep: SweepRecord, trials: list[TrialRecord], causes: list[FailureGroup]) -> list[Region | None]:
    if not causes:
        return []
    from sweeper.analysis.regions import regions_of

    return regions_of(sweep, trials, causes)


def cause_shape(cause: FailureGroup, region: Region | None = None) -> dict[str, Any]:
    facts = {"class": cause.kind, "message": cause.message, "place": cause.place}
    return facts | {"count": cause.size, "trials": list(cause.numbers), "region": region_shape(region)}


def cause_lines(cause: FailureGroup) -> list[str]:
    """A cause in words: how many, what, where, which trials."""
    numbers = ", ".join(map(str, cause.numbers[:FEW])) + (", ..." if cause.size > FEW else "")
    where = f"at {inert(cause.place)}, " if cause.place else ""
    return [
        f"{plural(cause.size, 'trial')} failed by {cause.kind}: {inert(cause.message)}",
        f"  {where}{'trial' if cause.size == 1 else 'trials'} {numbers}",
    ]
