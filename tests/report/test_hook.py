"""The hook that writes the report at the end of a sweep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.report import Report, ReportHook


def test_the_report_is_written_when_the_sweep_has_ended(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Report] = []
    hook = ReportHook(tmp_path / "r", told.append)

    hook.finished(sweep("failed"), store)

    assert hook.written == tmp_path / "r"
    assert (tmp_path / "r" / "report.html").is_file()
    assert [report.folder for report in told] == [tmp_path / "r"]
    assert capsys.readouterr() == ("", "")


def test_a_sweep_without_trials_gets_no_report(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path
) -> None:
    hook = ReportHook(tmp_path / "r")

    hook.finished(sweep("empty"), store)

    assert hook.written is None
    assert not list(tmp_path.iterdir())
