"""What a notebook shows of a sweep: a card, its trials, its plots."""

from __future__ import annotations

import base64
import pickle
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import sweeper
from sweeper.api.outside import Book
from sweeper.api.result import Result
from sweeper.errors import NotFound, UsageError
from sweeper.records import SweepState
from sweeper.store import open_store
from sweeper.store.store import SqlStore
from tests.analysis import sweeps

NOTEBOOK = """
import sweeper
result = sweeper.open("runs.db").result("last")
result
---
result.plot("importance", "history")
---
sweeper.open("runs.db").sweep("last")
"""


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def store(folder: Path) -> Iterator[SqlStore]:
    made = open_store(str(folder / "runs.db"))
    yield made
    made.close()


def result(store: SqlStore, plan: sweeps.Plan, report: Path | None = None) -> Result:
    return Result(store.find_sweep(sweeps.write_sweep(store, plan).id), store, report)


def card(found: Result) -> Elements:
    return Elements(found._repr_html_())


def test_the_card_says_how_a_sweep_stands_and_what_is_best(store: SqlStore) -> None:
    found = result(store, sweeps.forest())
    made = card(found)

    assert "digits-forest" in made.words
    assert "60 trials: 50 complete, 6 pruned, 4 failed" in made.words
    assert found.best is not None
    assert f"trial {found.best.number}" in made.words
    assert "0.9506" in made.words
    assert [tag for tag, _ in made.tags].count("tr") == 6
    assert f"sweeper ui --store {store.url}" in made.words
    assert f"sweeper report {found.id[-8:]}" in made.words


def test_the_card_leads_to_the_report_that_was_written(store: SqlStore) -> None:
    made = card(result(store, sweeps.forest(), Path("reports/digits #1")))

    assert [attributes["href"] for tag, attributes in made.tags if tag == "a"] == ["reports/digits%20%231/report.html"]
    assert "sweeper report" not in made.words


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (sweeps.all_failed(), "No trial has completed."),
        (sweeps.forest(trials=0, planned=60), "0 of 60 trials"),
        (sweeps.forest(trials=12, planned=60, state=SweepState.RUNNING), "12 of 60 trials"),
        (sweeps.multi(), "On the Pareto front"),
    ],
)
def test_every_sweep_has_a_card(store: SqlStore, plan: sweeps.Plan, words: str) -> None:
    assert words in card(result(store, plan)).words


def test_hostile_text_stays_text_and_nothing_is_loaded(store: SqlStore) -> None:
    made = card(result(store, sweeps.hostile()))
    shown = Elements(str(result(store, sweeps.hostile()).plot("history", "slices")._repr_html_()))

    for tag, attributes in (*made.tags, *shown.tags):
        assert tag in {"div", "strong", "code", "span", "table", "caption", "thead", "tbody", "tr", "th", "td", "img"}
        assert set(attributes) <= {"style", "role", "aria-label", "title", "scope", "src", "alt"}
        assert (attributes.get("src") or "data:image/png;").startswith("data:image/png;")
    assert len(result(store, sweeps.hostile())._repr_html_()) < 20_000


def test_trials_of_a_book_are_a_frame_below_the_card(store: SqlStore) -> None:
    found = result(store, sweeps.forest())
    frame = Book(store).sweep(found.id)

    assert "50 complete" in frame._repr_html_()  # type: ignore[operator]  # the stubs leave it out
    pd.testing.assert_frame_equal(pd.DataFrame(frame), found.frame())
    assert type(frame[frame["state"] == "complete"]) is pd.DataFrame
    assert "50 complete" not in pickle.loads(pickle.dumps(frame))._repr_html_()


def test_plots_are_figures_by_name(store: SqlStore, folder: Path) -> None:
    found = result(store, sweeps.forest())

    plots = found.plot()
    assert list(plots) == ["best_so_far", "importance", "parallel_coordinates", "curves"]
    one = found.plot("slice_batch")
    assert one.figure is one["slice_batch"]
    assert one.figure.axes
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', one._repr_html_())
    assert [base64.b64decode(each)[:4] for each in pictures] == [b"\x89PNG"]
    assert [path.name for path in one.save(folder / "plots", "svg")] == ["slice_batch.svg"]


def test_a_plot_that_there_is_not_is_refused_or_explained(store: SqlStore) -> None:
    found = result(store, sweeps.all_failed())

    with pytest.raises(NotFound, match=r"no plot 'importanc'.*importance"):
        found.plot("importanc")
    none = found.plot("importance")
    assert "Importance needs at least" in repr(none)
    with pytest.raises(UsageError, match=r"there is no plot\. Importance needs"):
        _ = none.figure
    with pytest.raises(UsageError, match="no plot format 'pdf'"):
        none.save("plots", "pdf")


def test_a_notebook_shows_all_of_it(store: SqlStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    sweeps.write_sweep(store, sweeps.forest())
    monkeypatch.setenv("PYTHONPATH", str(Path(sweeper.__file__).parent.parent))
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in NOTEBOOK.split("---")]
    notebook = nbformat.v4.new_notebook(cells=cells)

    nbclient.NotebookClient(notebook, timeout=150, resources={"metadata": {"path": str(folder)}}).execute()

    shown = [cell.outputs[-1].data for cell in notebook.cells]
    assert shown[0]["text/plain"].startswith("<sweep digits-forest ")
    assert "50 complete" in shown[0]["text/html"]
    assert shown[1]["text/html"].count('src="data:image/png;base64,') == 2
    assert "50 complete" in shown[2]["text/html"]
    assert "params.max_depth" in shown[2]["text/html"]
