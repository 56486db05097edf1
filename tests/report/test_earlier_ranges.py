"""The section of a report about ranges, where there are earlier sweeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.analysis import table
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.report import write_report
from sweeper.report.earlier_ranges import earlier_ranges
from sweeper.store import open_store
from tests.cli.ranges_past import write


def page(store: Store, sweep: SweepRecord, folder: Path) -> str:
    write_report(store, sweep, folder, formats=())
    return (folder / "report.md").read_text()


def test_a_first_sweep_has_no_section_a_later_one_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, later = write(1).id, write(2).id
    other = write(3, tags={"dataset": "beer"}).id
    store = open_store(None, read_only=True)
    try:
        assert earlier_ranges(store, table(store, store.find_sweep(first))) is None
        assert "Ranges over past sweeps" not in page(store, store.find_sweep(first), tmp_path / "first")
        assert earlier_ranges(store, table(store, store.find_sweep(other))) is None

        found = earlier_ranges(store, table(store, store.find_sweep(later)))
        assert found is not None
        assert [sweep.id for sweep in found.sweeps] == [later, first]
        text = page(store, store.find_sweep(later), tmp_path / "later")
    finally:
        store.close()
    assert "## Ranges over past sweeps" in text
    assert f"sweeper narrow {later[-8:]} {first[-8:]} -o next.yaml" in text
    assert "| lr | 1e-05 .. 0.1, log |" in text
    assert '<section class="panel" id="ranges">' in (tmp_path / "later" / "report.html").read_text()
