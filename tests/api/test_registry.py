"""Registering and loading from code."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import sweeper
from sweeper.api.stores import close_all
from sweeper.errors import NotFound, StoreUnavailable, UsageError
from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.registry.conftest import model_folder


@pytest.fixture
def trial(folder: Path) -> str:
    """A store of the past with one complete trial; gives its run id."""
    store = open_store()
    run_id = add_trial(store, add_sweep(store), 0, value=0.5)
    store.close()
    model_folder(folder / "model")
    return run_id


def test_a_trial_is_registered_by_name_record_and_result(trial: str) -> None:
    first = sweeper.register("digits:0", "a", path="model", alias=["x", "y"], stage="staging", tags={"k": "v"})
    assert (first.number, first.aliases, first.stage, first.tags["k"]) == (1, ("x", "y"), "Staging", "v")
    result = sweeper.open().result("digits")
    assert sweeper.register(result.trials[0], "a", path="model").number == 1
    assert result.register("a", path="model", again=True).number == 2
    assert result.register("a", path="model", trial=0, again=True).number == 3
    with pytest.raises(NotFound):
        result.register("a", path="model", trial=7)


def test_a_book_opened_for_reading_changes_the_registry_when_asked_to(trial: str) -> None:
    sweeper.register("digits:0", "a", path="model")
    close_all()
    models = sweeper.open().models
    assert [model.name for model in models.search()] == ["a"]
    models.set_alias("a", "champion", 1)
    assert models.get("a").aliases == {"champion": 1}


def test_loading_names_what_is_missing(trial: str) -> None:
    with pytest.raises(UsageError, match="says no version"):
        sweeper.load_model("models:/a")
    with pytest.raises(NotFound, match="no registered model 'a'"):
        sweeper.load_model("models:/a/1")
    with pytest.raises(NotFound):
        sweeper.load_model("somewhere/else")


def test_nothing_is_made_by_reading(folder: Path) -> None:
    with pytest.raises(StoreUnavailable):
        sweeper.load_model("models:/a/1")
    assert not (folder / "sweeper.db").exists()


def test_another_environment_is_warned_of(folder: Path) -> None:
    from sklearn.linear_model import LinearRegression

    with sweeper.start_run("fit") as run:
        run.log_model(LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]), requirements=["scikit-learn==0.1", "gone==2"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = sweeper.load_model(f"runs:/{run.id}/model")
    said = [str(each.message) for each in caught if each.filename == __file__]
    assert any("scikit-learn is" in line and "it had 0.1" in line for line in said)
    assert any("gone is not installed here, it had 2" in line for line in said)
    assert model.predict([[2.0]])[0] == pytest.approx(2.0)
