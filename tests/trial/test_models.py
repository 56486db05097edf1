"""Models of trials in MLflow's format."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import sweeper
from sweeper.api.outside import StoreSink
from sweeper.errors import MissingPackage, UsageError
from sweeper.interfaces import Store
from sweeper.store import open_store
from sweeper.trial.handle import ChildRun
from sweeper.trial.models import check_needs, digest, flavor_of, models_of, save_model, sha256_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "runs.db")
    yield opened
    opened.close()


def fitted() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])


def test_a_model_is_a_folder_of_the_run_with_its_digest(store: Store) -> None:
    sink = StoreSink(store)
    with ChildRun("fit", sink, parent_id=None, experiment_id="0", closing=sink.settled) as run:
        run.log_model(fitted(), "clf", requirements=["scikit-learn"])
    folder = Path(store.artifacts, run.id, "clf")
    written = yaml.safe_load((folder / "MLmodel").read_text())
    assert (written["run_id"], written["artifact_path"]) == (run.id, "clf")
    assert written["flavors"]["sklearn"]["serialization_format"] == "skops"
    assert "scikit-learn\n" in (folder / "requirements.txt").read_text() + "\n"
    found = models_of(store.run(run.id).tags)["clf"]
    files = {path.name: sha256_of(path) for path in folder.iterdir()}
    assert found == {
        "flavor": "sklearn",
        "size": sum(p.stat().st_size for p in folder.iterdir()),
        "sha256": digest(files),
    }


def test_a_model_logged_again_takes_the_place_of_the_first(store: Store) -> None:
    sink = StoreSink(store)
    with ChildRun("fit", sink, parent_id=None, experiment_id="0", closing=sink.settled) as run:
        run.log_model(fitted(), serialization="cloudpickle")
        run.log_model(fitted(), serialization="skops")
    names = {path.name for path in Path(store.artifacts, run.id, "model").iterdir()}
    assert "model.skops" in names
    assert "model.pkl" not in names


def test_requirements_are_what_is_installed(tmp_path: Path) -> None:
    import sklearn

    save_model(fitted(), tmp_path / "m", name="m", run_id="r")
    lines = (tmp_path / "m" / "requirements.txt").read_text().split()
    assert f"scikit-learn=={sklearn.__version__}" in lines
    assert any(line.startswith("skops==") for line in lines)


def test_what_skops_cannot_save_safely_is_pickled(tmp_path: Path) -> None:
    from sklearn.preprocessing import FunctionTransformer

    model = FunctionTransformer(json.dumps)
    save_model(model, tmp_path / "m", name="m", run_id="r")
    flavors = yaml.safe_load((tmp_path / "m" / "MLmodel").read_text())["flavors"]
    assert flavors["sklearn"]["serialization_format"] == "cloudpickle"
    with pytest.raises(UsageError, match="serialization='cloudpickle'"):
        save_model(model, tmp_path / "n", name="m", run_id="r", serialization="skops")


def test_flavors_are_known_by_class() -> None:
    import lightgbm
    import xgboost

    assert flavor_of(fitted()) == "sklearn"
    assert flavor_of(xgboost.XGBRegressor()) == "xgboost"
    assert flavor_of(lightgbm.LGBMRegressor()) == "lightgbm"
    assert flavor_of(flavor_of) == "pyfunc"
    with pytest.raises(UsageError, match="a dict is no model of sklearn, xgboost, lightgbm, torch, keras"):
        flavor_of({})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "a/b"}, "letters, digits"),
        ({"flavor": "sklean"}, "did you mean 'sklearn'"),
        ({"serialization": "pickle"}, "did you mean 'cloudpickle'"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        save_model(fitted(), tmp_path / "m", **{"name": "m", "run_id": "r"} | options)
    assert not (tmp_path / "m").exists()


def test_without_the_package_it_is_said_before_the_first_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @sweeper.objective(space={"x": sweeper.Float(0, 1)})
    def train(x: float, trial: sweeper.Trial) -> float:
        trial.log_model(fitted())
        return x

    monkeypatch.chdir(tmp_path)
    check_needs(train)
    monkeypatch.setattr("sweeper.trial.models.find_spec", lambda name: None)
    with pytest.raises(MissingPackage, match="Run: pip install mlflow-skinny"):
        train.sweep(trials=2, executor="inline", progress=False)
    assert not (tmp_path / "sweeper.db").exists() or not sweeper.open().store.sweeps()


def test_a_sweep_without_models_imports_nothing_of_it() -> None:
    check_needs(sha256_of)

    code = "import sys, sweeper.trial.worker, sweeper.trial.models; print('mlflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "False", done.stderr


OWN = "def scale(rows, by):\n    return [row * by for row in rows]\n"


def test_code_of_own_files_travels_with_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "helpers_of_mine.py").write_text(OWN)
    monkeypatch.syspath_prepend(str(tmp_path))
    from helpers_of_mine import scale  # type: ignore[import-not-found]  # written above

    def predict(model_input: list[str]) -> list[str]:
        result: list[str] = scale(model_input, 2)
        return result

    save_model(predict, tmp_path / "m", name="m", run_id="r")
    # then a process that knows nothing of the file can load it
    code = "import sweeper, sys; print(sweeper.load_model(sys.argv[1], unpickle=True).predict(['ab']))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "m")],
        capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout == "['abab']\n", done.stderr
