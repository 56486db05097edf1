"""Loading: checked files, flavors, pickles only when asked, differences of the environment."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sweeper.api.outside import StoreSink
from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.registry import mlmodel
from sweeper.registry.loading import choose_flavor, differences, load
from sweeper.registry.registering import register
from sweeper.registry.registry import Registry, Resolved
from sweeper.trial.handle import ChildRun
from tests.registry.conftest import Trained, model_folder

X = np.linspace(0, 1, 40).reshape(20, 2)
Y = np.arange(20) % 2


def logged(store: Store, model: Any, **options: Any) -> str:
    """Log a model with a run; give the run's id."""
    sink = StoreSink(store)
    with ChildRun("fit", sink, parent_id=None, experiment_id="0", closing=sink.settled) as run:
        run.log_model(model, **options)
    return run.id


def silent(line: str) -> None:
    raise AssertionError(line)


def test_a_forest_comes_back_as_it_was_and_as_pyfunc(registry: Registry, store: Store) -> None:
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(5, random_state=0).fit(X, Y)
    version = register(registry, logged(store, model, input_example=X[:2]), "forest").version
    assert version.facts["model"]["runs_code"] == ""
    native = load(registry.resolve("models:/forest/1"), silent)
    common = load(registry.resolve(f"runs:/{version.run_id}/model"), silent, flavor="pyfunc")
    assert (native.predict(X) == model.predict(X)).all()
    assert (common.predict(X) == model.predict(X)).all()
    # when one byte of it changes, it is not loaded any more
    path = Path(version.location, "model.skops")
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(UsageError, match=r"not those that were registered \(changed: model.skops\)"):
        load(registry.resolve("models:/forest/1"), silent)
    with pytest.raises(UsageError, match="not those that the run logged"):
        load(registry.resolve(f"runs:/{version.run_id}/model"), silent)


def test_boosters_and_pipelines_come_back(registry: Registry, store: Store) -> None:
    import lightgbm
    import xgboost
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    for model in (
        xgboost.XGBClassifier(n_estimators=3).fit(X, Y),
        lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y),
        make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y),
    ):
        made = register(registry, logged(store, model), type(model).__name__).version
        back = load(registry.resolve(f"models:/{made.name}/1"), silent)
        assert type(back) is type(model)
        assert (back.predict(X) == model.predict(X)).all()


def test_a_pickle_is_loaded_only_when_asked_to(registry: Registry, store: Store) -> None:
    def double(model_input: list[str]) -> list[str]:
        return [text * 2 for text in model_input]

    made = register(registry, logged(store, double), "double").version
    assert made.facts["model"]["runs_code"] == "python_model.pkl is a pickle"
    with pytest.raises(UsageError, match="unpickle=True"):
        load(registry.resolve("models:/double/1"), silent)
    assert load(registry.resolve("models:/double/1"), silent, unpickle=True).predict(["ab"]) == ["abab"]


def test_nothing_of_a_model_is_executed_before_it_is_loaded(
    registry: Registry, store: Store, trained: Trained, tmp_path: Path
) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "exploded"),)

    import cloudpickle

    folder = model_folder(tmp_path / "m")
    (folder / "model.pkl").write_bytes(cloudpickle.dumps(Bomb()))
    register(registry, trained(0), "bomb", path=folder)
    with pytest.raises(UsageError, match=r"model\.pkl is a pickle"):
        load(registry.resolve("models:/bomb/1"), silent)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "flavors",
    [
        "{sklearn: {pickled_model: w.bin}, python_function: {loader_module: mlflow.sklearn, model_path: w.bin}}",
        "{sklearn: {pickled_model: w.bin, serialization_format: skops}, "
        "python_function: {loader_module: mlflow.sklearn, data: inner/w.bin}}",
        "{python_function: {loader_module: mlflow.sklearn, data: w.bin}}",
    ],
)
def test_a_pickle_by_another_name_is_one(tmp_path: Path, flavors: str) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.makedirs, (str(tmp_path / "exploded"), 0o777, True)

    import cloudpickle

    folder = tmp_path / "m"
    (folder / "inner").mkdir(parents=True)
    for place in ("w.bin", "inner/w.bin"):
        (folder / place).write_bytes(cloudpickle.dumps(Bomb()))
    (folder / "MLmodel").write_text(f"flavors: {flavors}\n")
    resolved = Resolved(str(folder), str(folder))
    for flavor in (None, "pyfunc"):
        with pytest.raises(UsageError, match="runs code of whoever made it"):
            load(resolved, silent, flavor=flavor)
    assert not (tmp_path / "exploded").exists()
    # for MLflow it is a pickle: somebody who asks for it gets what is in it
    with suppress(UsageError):
        load(resolved, lambda line: None, flavor="pyfunc", unpickle=True)
    assert (tmp_path / "exploded").exists()


def test_files_that_are_no_model_are_not_loaded(registry: Registry, trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"1")
    register(registry, trained(0), "plain", path=tmp_path / "weights.bin")
    with pytest.raises(UsageError, match="no MLmodel file"):
        load(registry.resolve("models:/plain/1"), silent)


@pytest.mark.parametrize(
    ("flavors", "files", "why"),
    [
        ({"sklearn": {"serialization_format": "skops"}}, ["model.skops"], ""),
        ({"sklearn": {"serialization_format": "cloudpickle"}}, [], "saved as cloudpickle"),
        ({"sklearn": {"serialization_format": "skops", "skops_trusted_types": ["os.system"]}}, [], "os.system"),
        ({"sklearn": {"code": "code"}}, [], "code of its own"),
        ({"python_function": {"loader_module": "evil"}}, [], "loaded by evil"),
        ({"pytorch": {}}, ["data/model.pth"], "model.pth is a pickle"),
        ({"pytorch": {"model_data": "data"}}, ["data/model.pt2"], "may hold pickles"),
        ({"sklearn": {"pickled_model": "w.bin"}}, ["w.bin"], "read as a pickle"),
        ({"sklearn": {"serialization_format": "skops", "pickled_model": "../w.bin"}}, [], "leads out of it"),
        ({"lightgbm": {"data": "/tmp/w.bin"}}, [], "leads out of it"),
        ({"lightgbm": {"data": "w.bin", "model_class": "lightgbm.sklearn.LGBMModel"}}, ["w.bin"], "read as a pickle"),
        ({"lightgbm": {"data": "model.lgb", "model_class": "lightgbm.basic.Booster"}}, ["model.lgb"], ""),
        ({"xgboost": {"data": "model.xgb", "model_class": "xgboost.sklearn.XGBClassifier"}}, ["model.xgb"], ""),
        ({"xgboost": {"data": "model.xgb", "model_class": "somewhere.Evil"}}, ["model.xgb"], "makes a somewhere.Evil"),
        ({"keras": {"data": "data", "save_exported_model": True}}, [], "graph of TensorFlow"),
        ({"keras": {"data": "data"}}, ["data/model.h5"], "model.h5 may hold code"),
        ({"python_function": {"loader_module": "mlflow.sklearn"}}, ["w.bin"], "without saying how it is saved"),
        ({"sklearn": {"serialization_format": "skops"}}, ["inner/MLmodel"], "another model inside"),
        (
            {
                "sklearn": {"serialization_format": "skops"},
                "python_function": {"loader_module": "mlflow.sklearn", "data": "inner/w.bin"},
            },
            ["inner/w.bin"],
            "read as a pickle",
        ),
    ],
)
def test_what_runs_code_is_seen_without_loading(flavors: dict[str, Any], files: list[str], why: str) -> None:
    assert why in mlmodel.runs_code({"flavors": flavors}, dict.fromkeys(files, ""))
    assert bool(mlmodel.runs_code({"flavors": flavors}, dict.fromkeys(files, ""))) == bool(why)


@pytest.mark.parametrize("text", ["flavors: [", "- a\n", "flavors: none\n"])
def test_a_damaged_mlmodel_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "MLmodel").write_text(text)
    with pytest.raises(UsageError, match="MLmodel"):
        mlmodel.read_mlmodel(tmp_path)


def test_each_package_that_differs_is_named() -> None:
    import sklearn

    lines = differences(
        ["scikit-learn==0.1", f"scikit_learn=={sklearn.__version__}", "nobody-has-this[x] == 2", "numpy>=1", "numpy"]
    )
    assert lines == [
        f"scikit-learn is {sklearn.__version__} here, it had 0.1",
        "nobody-has-this is not installed here, it had 2",
    ]


def test_a_flavor_is_chosen_or_refused() -> None:
    read = {"flavors": {"python_function": {}, "sklearn": {}, "odd": {}}}
    assert choose_flavor(read, None, "u") == "sklearn"
    assert choose_flavor(read, "pyfunc", "u") == "python_function"
    for wrong in ("xgboost", "odd"):
        with pytest.raises(UsageError, match="choose from: sklearn, pyfunc"):
            choose_flavor(read, wrong, "u")


def test_files_that_a_library_cannot_read_are_told_in_words(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "broken")
    for content, flavor, said in (
        ("flavors: {sklearn: {serialization_format: skops}}", "sklearn", "cannot be loaded as sklearn: KeyError"),
        ("flavors: {}", None, "has no flavor 'pyfunc' to load; it has: none at all"),
        ("flavors: {onnx: {}}", "pyfunc", "it has: onnx"),
    ):
        (folder / "MLmodel").write_text(content)
        with pytest.raises(UsageError, match=said):
            load(Resolved(str(folder), str(folder)), lambda line: None, flavor=flavor)


def test_a_damaged_signature_is_told() -> None:
    with pytest.raises(UsageError, match="signature"):
        mlmodel.signature({"signature": {"inputs": "[{"}})
