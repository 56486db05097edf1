"""``sweeper report``."""

from __future__ import annotations

from pathlib import Path

from sweeper.records import SweepRecord
from tests.cli.conftest import Sweeper


def test_the_report_goes_where_its_sweep_belongs(sweeper: Sweeper, digits: SweepRecord, here: Path) -> None:
    ran = sweeper("report", "digits")
    assert ran.code == 0, ran.err
    folder = here / "reports" / f"digits-{digits.id[-8:]}"
    assert "digits" in (folder / "report.html").read_text()
    beside = len(list(folder.iterdir())) - 1
    assert ran.lines == [f"wrote reports/{folder.name}/report.html and {beside} files beside it"]


def test_the_report_goes_where_it_is_told_to(sweeper: Sweeper, digits: SweepRecord, here: Path) -> None:
    (told,) = sweeper("report", "last", "-o", "out", "--importance", "mdi", "--json").json
    assert (told["folder"], told["html"]) == ("out", "out/report.html")
    assert sorted(told["files"]) == sorted(f"out/{path.name}" for path in (here / "out").iterdir())
    assert not (here / "reports").exists()


def test_a_folder_that_cannot_be_written(sweeper: Sweeper, digits: SweepRecord, here: Path) -> None:
    (here / "file").write_text("")
    ran = sweeper("report", "last", "-o", "file/out")
    assert ran.code == 2
    assert ran.err.startswith("error: ")


def test_an_unknown_way_to_measure_importance(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("report", "last", "--importance", "shap")
    assert ran.code == 2
    assert "fanova" in ran.err
