"""Which earlier sweeps are asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sweeper.analysis import table
from sweeper.analysis.past import importances, past_tables
from sweeper.interfaces import Store
from sweeper.records import Goal, SweepRecord
from sweeper.store import open_store
from tests.analysis import sweeps


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


def later(sweep: SweepRecord) -> SweepRecord:
    return replace(sweep, created=sweep.created + 100)


def test_earlier_sweeps_of_the_same_objective_and_goal_are_read(store: Store) -> None:
    first = sweeps.write_sweep(store, sweeps.forest(trials=20))
    sweeps.write_sweep(store, sweeps.forest(trials=20, goals=(Goal("accuracy"),)))
    sweeps.write_sweep(store, sweeps.forest(trials=20, config={"objective": "other.py:train"}))
    sweeps.write_sweep(store, sweeps.forest(trials=4))
    now = later(sweeps.write_sweep(store, sweeps.forest(trials=20, name="today")))

    assert [table.sweep.id for table in past_tables(store, now)] == [first.id]


def test_a_sweep_is_not_its_own_past(store: Store) -> None:
    sweep = sweeps.write_sweep(store, sweeps.forest(trials=20))

    assert past_tables(store, sweep) == []


def test_the_same_run_with_the_same_seed_is_asked_once(store: Store) -> None:
    sweeps.write_sweep(store, sweeps.forest(trials=20), seed=7)
    again = sweeps.write_sweep(store, sweeps.forest(trials=20), seed=7)
    trials = replace(table(store, again), sweep=later(again))

    assert [found.past for found in importances(store, trials)] == [0]
    sweeps.write_sweep(store, sweeps.forest(trials=20), seed=8)
    assert [found.past for found in importances(store, trials)] == [1]
