"""Which sweeps of the store are past searches."""

from __future__ import annotations

from pathlib import Path

from sweeper.analysis.ranges.past import Wanted, past_sweeps
from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep, add_trial


def test_reruns_are_no_searches_and_only_meant_by_name(tmp_path: Path) -> None:
    store = open_store(tmp_path / "runs.db")
    for name, tags in (("digits", {}), ("digits-rerun-3", {"sweeper.kind": "rerun"})):
        add_trial(store, add_sweep(store, name, tags=tags), 0, value=0.5)
    assert [sweep.name for sweep in past_sweeps(store, Wanted())] == ["digits"]
    assert [sweep.name for sweep in past_sweeps(store, Wanted(("digits-rerun-3",)))] == ["digits-rerun-3"]
    store.close()
