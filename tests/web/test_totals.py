"""A sweep in a few facts: what the database counts is what reading every trial gives."""

from __future__ import annotations

import pytest

from sweeper.analysis import summary as whole
from sweeper.analysis import table
from sweeper.events import PointsLogged
from sweeper.records import Point, SweepState
from sweeper.store.store import SqlStore
from sweeper.web.facts import facts, warning
from sweeper.web.returns import last_returns
from sweeper.web.totals import summary
from tests.analysis.sweeps import START, forest, write_sweep
from tests.web.conftest import PLANS, Kinds

NOW = START + 1000.0


@pytest.mark.parametrize("kind", sorted(PLANS))
def test_counting_gives_what_reading_gives(store: SqlStore, sweep: Kinds, kind: str) -> None:
    record = sweep(kind)
    read, counted = whole.summary(table(store, record), NOW), summary(store, record, NOW)

    for name in ("counts", "total", "planned", "retries"):
        assert getattr(counted, name) == getattr(read, name), name
    for name in ("seconds", "worked", "compute", "median", "rate"):
        assert getattr(counted, name) == pytest.approx(getattr(read, name), nan_ok=True), name
    told = [[fact for fact in facts(record, each, record.tags) if not fact[0].startswith(("Last", "Next"))]
            for each in (read, counted)]  # fmt: skip
    assert told[0] == told[1]


def test_what_the_last_trials_brought_is_what_the_controller_noted(fresh: SqlStore) -> None:
    sweep = write_sweep(fresh, forest())
    read = whole.summary(table(fresh, sweep), NOW).last
    best, steps = float("-inf"), []
    for trial in fresh.trials(sweep.id):
        if trial.state == "complete" and trial.values and trial.values[0] > best:
            best = trial.values[0]
            steps.append(Point("best_accuracy", best, trial.number, NOW))
    fresh.write(PointsLogged(sweep.id, tuple(steps))).result()

    found = last_returns(fresh, sweep)

    assert found is not None
    assert read is not None
    assert (found.trials, found.before, found.after, found.waiting) == (
        read.trials, read.before, read.after, read.waiting
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ordinary", ""),
        ("running", "This sweep is not over (interrupted: no controller works on it): 12 of 60 trials have ended"),
        ("failed", "This sweep ended without success. No trial has completed; 20 trials failed"),
    ],
)
def test_a_warning_says_what_a_reader_must_know(store: SqlStore, sweep: Kinds, kind: str, said: str) -> None:
    record = sweep(kind)
    complete = bool(record.counts.get("complete"))

    found = warning(record, summary(store, record, NOW), complete=complete, now=NOW)

    assert found.startswith(said)
    assert bool(found) == (record.state is not SweepState.FINISHED)
