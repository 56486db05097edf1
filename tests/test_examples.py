"""Every example runs as a reader would run it, and leaves in the store what it says it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sweeper
from sweeper import content
from sweeper.config import load_config
from sweeper.records import RunState
from sweeper.store import open_store
from sweeper.trial.objective import from_target

FOLDER = content.folder("examples")
PYTHON = [path.stem for path in sorted(FOLDER.glob("*.py"))]
SWEEPS = ["quickstart", "digits_forest", "breast_cancer_svm", "cross_validation", "diabetes_multi", "early_stopping"]


Run = Callable[..., tuple[str, sweeper.Book]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs an example in a folder of its own; returns what it printed, and the store it left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SWEEPER_STORE", raising=False)
    root = str(Path(sweeper.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])))

    def run(name: str, *arguments: str) -> tuple[str, sweeper.Book]:
        command = [sys.executable, str(FOLDER / f"{name}.py"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=150)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout, sweeper.open(f"sqlite:///{tmp_path / 'sweeper.db'}")

    return run


def test_there_are_at_least_six_and_each_says_how_it_is_run():
    assert len(PYTHON) >= 6
    for name in PYTHON:
        assert f"python {name}.py" in (FOLDER / f"{name}.py").read_text().split('"""')[1]


@pytest.mark.parametrize("name", SWEEPS)
def test_an_objective_called_twice_with_one_seed_gives_the_same(name):
    _, function = from_target(f"{FOLDER / name}.py:train")
    space = function.config().space
    import random

    params = space.sample(random.Random(1))

    class Trial:
        """Takes whatever is logged and never stops."""

        seed = 3

        def should_prune(self) -> bool:
            return False

        def __getattr__(self, _: str) -> object:
            return lambda *args, **more: self

        def __enter__(self) -> Trial:
            return self

        def __exit__(self, *_: object) -> None: ...

    takes_trial = "trial" in function.__code__.co_varnames[: function.__code__.co_argcount]
    extra = {"trial": Trial()} if takes_trial else {}
    assert function(**params, **extra) == function(**params, **extra)


def test_quickstart(run):
    printed, book = run("quickstart", "3")
    assert "best accuracy 0." in printed
    result = book.result("quickstart")
    assert (result.state, len(result.trials)) == ("finished", 3)
    assert result.best.value > 0.5
    points = book.metrics(result.best.run_id, "accuracy")
    assert len(points) >= 5
    assert {"model", "components"} <= set(result.best.params)


def test_digits_forest(run):
    printed, book = run("digits_forest", "2")
    assert "params.max_depth" in printed
    result = book.result("digits-forest")
    assert [trial.state for trial in result.trials] == [RunState.COMPLETE] * 2
    assert all(trial.params["n_estimators"] * trial.params["max_depth"] <= 1600 for trial in result.trials)
    folder = Path(book.store.artifacts_of(result.best.run_id))
    assert {"pixels.png", "report.txt", "feature_importance.json"} <= {path.name for path in folder.iterdir()}
    assert len(json.loads((folder / "feature_importance.json").read_text())) == 64


def test_breast_cancer_svm(run):
    printed, book = run("breast_cancer_svm", "5")
    assert "best balanced accuracy 0." in printed
    for trial in book.result("breast-cancer-svm").trials:
        assert ("degree" in trial.params) == (trial.params["kernel"] == "poly")
        assert ("gamma" in trial.params) == (trial.params["kernel"] != "linear")


def test_cross_validation(run):
    printed, book = run("cross_validation", "2")
    assert "fold-4" in printed
    result = book.result("wine-grid")
    folds = book.store.children(result.best.run_id)
    assert [fold.name for fold in folds] == [f"fold-{number}" for number in range(5)]
    assert all(fold.state is RunState.COMPLETE for fold in folds)
    mean = sum(fold.metrics["accuracy"] for fold in folds) / 5
    assert result.best.value == pytest.approx(mean)


def test_diabetes_multi(run):
    printed, book = run("diabetes_multi", "3")
    assert "leaves   rmse" in printed
    trials = book.result("diabetes-multi").trials
    assert all(len(trial.values) == 2 for trial in trials)
    assert all(trial.metrics["r2"] < 1 for trial in trials)


def test_early_stopping(run):
    printed, book = run("early_stopping", "5")
    assert "trials stopped early" in printed
    result = book.result("digits-early-stopping")
    assert {trial.state for trial in result.trials} <= {RunState.COMPLETE, RunState.PRUNED}
    for trial in result.trials:
        epochs = set(book.metrics(trial.run_id, "accuracy")["step"])
        assert len(epochs) == 27 if trial.state is RunState.COMPLETE else len(epochs) in (3, 9)


def test_moons():
    words = [sys.executable, str(FOLDER / "moons.py"), "--units=6", "--epochs=4"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    epochs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [epoch["step"] for epoch in epochs] == [0, 1, 2, 3]
    assert epochs[-1]["accuracy"] > 0.8


def test_inventory(tmp_path):
    words = ["sh", str(FOLDER / "inventory.sh"), "--reorder", "30", "--order_up_to", "90"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=os.environ | {"SWEEPER_SEED": "3"})
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["step"] for line in lines] == [73 * number for number in range(1, 16)]
    again = subprocess.run(words, capture_output=True, text=True, env=os.environ | {"SWEEPER_SEED": "3"})
    assert again.stdout == done.stdout
    assert 5 < lines[-1]["cost"] < 20


def test_workflow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(sweeper.__file__).parent.parent))
    config = load_config("workflow_project", overrides=["budget.trials=1", "executor.kind=inline"])
    store = open_store(f"sqlite:///{tmp_path / 'sweeper.db'}")
    try:
        (trial,) = sweeper.run_sweep(config, store=store, report=False).trials
        prepare, fit = store.children(trial.run_id)
        assert (prepare.name, fit.name) == ("prepare", "fit")
        assert trial.values == (fit.metrics["rmse"],)
        assert prepare.metrics["columns"] == trial.params["degree"] + 1
        assert (Path(store.artifacts_of(fit.id)) / "weights.json").is_file()
    finally:
        store.close()


def test_refits_with_feature_importance(run):
    printed, book = run("refits_with_feature_importance")
    assert printed.splitlines()[-1].split()[0] == "360"
    (parent,) = [run for run in book.store.runs(experiment="diabetes refits") if run.parent_id is None]
    refits = book.store.children(parent.id)
    assert [refit.params["rows"] for refit in refits] == ["120", "180", "240", "300", "360"]
    kept = json.loads((Path(book.store.artifacts_of(refits[-1].id)) / "feature_importance.json").read_text())
    assert kept["bmi"] == pytest.approx(refits[-1].metrics["importance of bmi"])
    assert len(book.metrics(parent.id, "bmi")) == 5


def test_test_results_as_runs(run):
    _, book = run("test_results_as_runs")
    (suite,) = [run for run in book.store.runs(experiment="tests") if run.parent_id is None]
    assert (suite.metrics["passed"], suite.metrics["failed"], suite.metrics["skipped"]) == (4, 1, 1)
    outcomes = {run.name: run.state.value for run in book.store.children(suite.id)}
    assert len(outcomes) == 6
    assert outcomes["test_is_accurate"] == "complete"
    assert outcomes["test_is_certain_of_every_answer"] == "failed"
    assert outcomes["test_is_better_than_last_year"] == "cancelled"


def test_the_notebook_is_clean_and_runs(tmp_path, monkeypatch):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(FOLDER / "notebook.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
    for cell in cells:
        cell.source = cell.source.replace("trials = 30", "trials = 4")
    monkeypatch.delenv("SWEEPER_STORE", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(Path(sweeper.__file__).parent.parent))
    nbclient.NotebookClient(notebook, timeout=150, resources={"metadata": {"path": str(tmp_path)}}).execute()
    result = sweeper.open(f"sqlite:///{tmp_path / 'sweeper.db'}").result("wine-notebook")
    assert (result.state, len(result.trials)) == ("finished", 4)
    assert result.best.value < 1


def test_the_list_of_examples_names_each_of_them_and_each_bundled_sweep():
    listed = (FOLDER / "README.md").read_text()
    for path in FOLDER.iterdir():
        assert path.name in ("README.md", "__pycache__") or f"({path.name})" in listed
    for name in content.names("configs"):
        assert f"`sweeper run {name}`" in listed


def test_the_best_model_is_registered_loaded_and_moved_to_production(run: Run) -> None:
    text, book = run("register_model")
    assert "in production: [1]" in text
    version = book.models.by_alias("breast-cancer", "champion")
    assert (version.number, version.stage) == (1, "Production")
    assert version.facts["tags"] == {"dataset": "breast cancer"}
    assert len(version.facts["importance"]) == 30
    assert version.facts["model"]["runs_code"] == ""
