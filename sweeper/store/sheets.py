"""Trials a thousand at a time, as lists of plain values: what columns are made of.

Reading 100,000 trials so takes a quarter of the time that their records take, and holds one thousand at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sweeper.records import Params, TrialRecord
from sweeper.store.sql import Session

ROWS = 1000  #: trials of one sheet


class Sheet(NamedTuple):
    """Some trials in the order of their numbers, one list for each fact. Times are epoch seconds, None: not yet."""

    number: Sequence[int]
    run_id: Sequence[str]
    state: Sequence[str]
    started: Sequence[float | None]
    ended: Sequence[float | None]
    params: Sequence[Params]
    values: Sequence[Sequence[float] | None]  #: one for each goal
    metrics: Sequence[dict[str, float] | None]


class Standing(NamedTuple):
    """How a sweep stands: whenever a trial of it changes, so does this. ``owned`` tells whether a controller lives."""

    state: str
    reason: str
    trials: int | None
    ended: float | None
    queued: int
    running: int
    complete: int
    pruned: int
    failed: int
    cancelled: int
    seconds: float
    owned: int

    @property
    def total(self) -> int:
        """How many trials there are."""
        return self.queued + self.running + self.complete + self.pruned + self.failed + self.cancelled


def standings(session: Session) -> dict[str, Standing]:
    """Return how each sweep stands, by id."""
    return {row[0]: Standing(*row[1:]) for row in session.rows("standings")}


def sheets(session: Session, sweep_id: str, first: int = 0) -> Iterator[Sheet]:
    """Yield the trials of a sweep from a number on."""
    for rows in session.chunks("sheet_from", sweep_id, first):
        for start in range(0, len(rows), ROWS):
            yield _sheet(rows[start : start + ROWS])


def sheet_at(session: Session, sweep_id: str, numbers: Sequence[int]) -> Sheet:
    """Return the trials of a sweep with these numbers, those that exist."""
    return _sheet(sorted(session.rows_in("sheet_at", numbers, sweep_id)))


def from_records(trials: Iterable[TrialRecord]) -> Sheet:
    """Return records as a sheet."""
    rows = [(t.number, t.run_id, str(t.state), t.started, t.ended, t.params, t.values, dict(t.metrics)) for t in trials]
    return Sheet(*zip(*rows, strict=True)) if rows else Sheet(*[()] * len(Sheet._fields))


def _sheet(rows: Sequence[Sequence[Any]]) -> Sheet:
    """Decode the JSON of all rows at once, which is several times faster than one by one."""
    if not rows:
        return Sheet(*[()] * len(Sheet._fields))
    number, run_id, state, started, ended, params, values, metrics = zip(*rows, strict=True)
    found = [
        json.loads(f"[{','.join([text or missing for text in texts])}]")
        for texts, missing in ((params, "{}"), (values, "null"), (metrics, "null"))
    ]
    return Sheet(number, run_id, state, started, ended, *found)
