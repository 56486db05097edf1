"""The folder of a report: which files there are, for each kind of sweep."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.report import write_report
from sweeper.report.write import OURS, default_folder
from tests.report.conftest import PLANS, Reported

TEXTS = {"report.html", "report.md", "trials.csv"}
SLICES = {f"slice_{name}" for name in (
    "n_estimators", "max_depth", "learning_rate", "criterion", "max_features", "bootstrap", "batch",
)}  # fmt: skip
EXPECTED = {
    "ordinary": {"best_so_far", "importance", "parallel_coordinates", "curves", "failures", "timeline", *SLICES},
    "failed": {"failures", "timeline"},
    "one": {"best_so_far", "curves", "timeline", *SLICES},
    "empty": set(),
    "goals": {"best_so_far_accuracy", "best_so_far_latency_ms", "importance_accuracy", "importance_latency_ms",
              "pareto", "parallel_coordinates", "timeline", *SLICES},
    "conditional": {"best_so_far", "importance", "parallel_coordinates", "timeline",
                    *(f"slice_{name}" for name in ("kernel", "C", "gamma", "degree", "coef0"))},
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_report_has_the_files_that_there_is_something_to_say_in(report: Reported, kind: str) -> None:
    written = report(kind)

    plots = {f"{name}.{suffix}" for name in EXPECTED[kind] for suffix in ("png", "svg")}
    best = set() if kind in ("failed", "empty") else {"best_params.yaml"}
    assert {path.name for path in written.folder.iterdir()} == TEXTS | plots | best
    assert {path.name for path in written.files} == {path.name for path in written.folder.iterdir()}
    assert written.html.name == "report.html"


@pytest.mark.parametrize("kind", PLANS)
def test_every_file_is_whole_and_of_a_name_that_is_ours(report: Reported, kind: str) -> None:
    for path in report(kind).files:
        content = path.read_bytes()
        assert OURS.fullmatch(path.name)
        if path.suffix == ".png":
            assert content.startswith(b"\x89PNG")
            assert content.rstrip().endswith(b"IEND\xaeB`\x82")
        else:
            assert content.decode().strip()


def test_what_is_left_out_is_said(report: Reported) -> None:
    assert report("failed").notes == (
        "Importance needs at least 14 trials with a value for 7 parameters; there is none.",
        "No trial has a value yet.",
        "No trial with a value has a parameter to show.",
        "Parallel coordinates need at least two trials with a value.",
        "None of the best 10 trials reported accuracy at more than one step.",
    )


def test_the_default_folder_has_the_name_and_the_tail_of_the_id(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    record = sweep("failed")

    written = write_report(store, record, formats=())

    assert written.folder == Path("reports") / f"digits-forest-{record.id[-8:]}"
    assert (tmp_path / written.html).is_file()


def test_a_hostile_name_stays_inside_the_reports(sweep: Callable[[str], SweepRecord]) -> None:
    assert default_folder(sweep("hostile")).parts[0] == "reports"
    assert len(default_folder(sweep("hostile")).parts) == 2
    assert default_folder(sweep("hostile")).name.isascii()


@pytest.mark.parametrize("formats", [(), ("png",), ("svg",)])
def test_only_the_formats_asked_for_are_written(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path, formats: tuple[str, ...]
) -> None:
    written = write_report(store, sweep("failed"), tmp_path / "r", formats=formats)

    assert {path.suffix[1:] for path in written.files} - {"html", "md", "csv"} == set(formats)
    assert 'src="data:image/png;base64,' in written.html.read_text()


def test_unknown_formats_and_methods_are_refused_before_anything_is_written(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no plot format 'pdf'; choose from: png, svg"):
        write_report(store, sweep("failed"), tmp_path / "r", formats=("pdf",))
    with pytest.raises(NotFound, match="no importance method 'shap'"):
        write_report(store, sweep("failed"), tmp_path / "r", importance="shap")
    assert not list(tmp_path.iterdir())


def test_a_second_report_replaces_the_first_and_its_leftovers(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path
) -> None:
    folder = tmp_path / "r"
    write_report(store, sweep("failed"), folder)
    (folder / "slice_gone.png").write_text("of an earlier space")

    write_report(store, sweep("failed"), folder, formats=())

    assert {path.name for path in folder.iterdir()} == TEXTS
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


@pytest.mark.parametrize("method", ["ped-anova", "mdi"])
def test_other_importances_are_named(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path, method: str
) -> None:
    written = write_report(store, sweep("conditional"), tmp_path / "r", importance=method, formats=())

    title = {"ped-anova": "PED-ANOVA, n = 90", "mdi": "mean decrease impurity on ranked values, n = 90"}[method]
    assert title in written.html.read_text()


def test_reports_are_drawn_in_threads_and_beside_a_users_own_settings(
    store: Store, sweep: Callable[[str], SweepRecord], tmp_path: Path
) -> None:
    import matplotlib as mpl

    record = sweep("one")
    calm = write_report(store, record, tmp_path / "calm", formats=("png",))
    with mpl.rc_context({"text.usetex": True, "axes.facecolor": "black", "font.size": 40}), warnings.catch_warnings():
        warnings.simplefilter("error")
        before = dict(mpl.rcParams)
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(lambda name: write_report(store, record, tmp_path / name, formats=("png",)), "ab"))
        assert dict(mpl.rcParams) == before

    for written in both:
        assert (written.folder / "timeline.png").read_bytes() == (calm.folder / "timeline.png").read_bytes()
        assert (written.folder / "slice_batch.png").read_bytes() == (calm.folder / "slice_batch.png").read_bytes()
