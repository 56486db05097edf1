"""Reports of sweeps of every kind, each written once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import cast

import pytest

from sweeper.interfaces import Store
from sweeper.records import SweepRecord, SweepState
from sweeper.report import Report, write_report
from sweeper.report.findings import Findings, gather
from sweeper.store import open_store
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
Reported = Callable[[str], Report]
Found = Callable[[str], Findings]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = open_store(str(tmp_path_factory.mktemp("store") / "runs.db"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def sweep(store: Store) -> Callable[[str], SweepRecord]:
    """The sweep of a kind, as stored."""
    return cache(lambda kind: sweeps.write_sweep(store, PLANS[kind]()))


def reader(store: Store, kind: str) -> Store:
    return cast(Store, sweeps.HostileNames(store)) if kind == "hostile" else store


@pytest.fixture(scope="session")
def found(store: Store, sweep: Callable[[str], SweepRecord]) -> Found:
    """What there is to report of a sweep."""
    return cache(lambda kind: gather(reader(store, kind), sweep(kind)))


@pytest.fixture(scope="session")
def report(store: Store, sweep: Callable[[str], SweepRecord], tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """The whole report of a sweep, in a folder of its own."""
    return cache(lambda kind: write_report(reader(store, kind), sweep(kind), tmp_path_factory.mktemp(kind) / "report"))
