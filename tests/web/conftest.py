"""Sweeps of every kind in a real store, each written once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from sweeper.records import SweepRecord, SweepState
from sweeper.store import open_store
from sweeper.store.store import SqlStore
from tests.analysis import sweeps

PLANS: dict[str, Callable[[], sweeps.Plan]] = {
    "ordinary": sweeps.forest,
    "failed": sweeps.all_failed,
    "one": lambda: sweeps.forest(trials=1),
    "empty": lambda: sweeps.forest(trials=0, planned=60),
    "running": lambda: sweeps.forest(trials=12, planned=60, state=SweepState.RUNNING),
    "goals": sweeps.multi,
    "conditional": sweeps.conditional,
    "hostile": sweeps.hostile,
}
Kinds = Callable[[str], SweepRecord]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    made = open_store(str(tmp_path_factory.mktemp("store") / "runs.db"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def sweep(store: SqlStore) -> Kinds:
    """The sweep of a kind, as stored."""
    return cache(lambda kind: sweeps.write_sweep(store, PLANS[kind]()))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store for one test."""
    made = open_store(str(tmp_path / "runs.db"))
    yield made
    made.close()
