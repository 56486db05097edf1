"""Libraries that log through MLflow by themselves: scikit-learn, XGBoost, Optuna, Ray Tune, Keras."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sweeper.store.store import SqlStore

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")


def test_scikit_learn_logs_and_registers_its_model(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    X, y = load_iris(return_X_y=True, as_frame=True)
    # MLflow finds requirements out by loading the model in a process of its own: many seconds, and nothing of ours
    monkeypatch.setattr(mlflow.models, "infer_pip_requirements", lambda *_, fallback, **__: fallback)
    mlflow.sklearn.autolog(silent=True, registered_model_name="iris", log_input_examples=True)
    try:
        with mlflow.start_run() as run:
            model = LogisticRegression(C=0.5, max_iter=200).fit(X, y)
    finally:
        mlflow.sklearn.autolog(disable=True)
    found = client.get_run(run.info.run_id)
    assert found.data.params["C"] == "0.5"
    assert found.data.metrics["training_score"] > 0.9
    assert [used.dataset.source_type for used in found.inputs.dataset_inputs] == ["code"]
    version = client.get_model_version("iris", "1")
    assert (version.run_id, version.status) == (run.info.run_id, "READY")
    loaded = mlflow.pyfunc.load_model("models:/iris/1")
    assert list(loaded.predict(X[:5])) == list(model.predict(X[:5]))


def test_xgboost_logs_its_rounds(client: Any) -> None:
    xgboost = pytest.importorskip("xgboost", reason="needs XGBoost: pip install xgboost-cpu")
    from sklearn.datasets import load_iris

    X, y = load_iris(return_X_y=True)
    data = xgboost.DMatrix(X, y)
    settings = {"objective": "multi:softprob", "num_class": 3, "max_depth": 2, "nthread": 1}
    mlflow.xgboost.autolog(silent=True, log_models=False)
    try:
        with mlflow.start_run() as run:
            xgboost.train(settings, data, num_boost_round=5, evals=[(data, "train")], verbose_eval=False)
    finally:
        mlflow.xgboost.autolog(disable=True)
    found = client.get_run(run.info.run_id)
    assert (found.data.params["max_depth"], found.data.params["num_boost_round"]) == ("2", "5")
    history = client.get_metric_history(run.info.run_id, "train-mlogloss")
    assert [point.step for point in history] == [0, 1, 2, 3, 4]
    assert history[-1].value < history[0].value
    assert "feature_importance_weight.json" in {item.path for item in client.list_artifacts(run.info.run_id)}


def test_keras_logs_its_epochs(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="Keras needs a backend here: pip install torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras", reason="needs Keras: pip install keras")
    import numpy as np

    mlflow.keras.autolog(silent=True, log_models=False)
    try:
        with mlflow.start_run() as run:
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            model.compile(loss="mse")
            model.fit(np.zeros((8, 2)), np.zeros(8), epochs=3, verbose=0)
    finally:
        mlflow.keras.autolog(disable=True)
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 3


def test_optuna_keeps_a_study_in_its_storage(client: Any, store: SqlStore) -> None:
    import optuna
    from mlflow.optuna.storage import MlflowStorage

    storage = MlflowStorage(experiment_id="0", batch_flush_interval=0.05)
    study = optuna.create_study(study_name="s", storage=storage, sampler=optuna.samplers.TPESampler(seed=1))

    def objective(trial: optuna.Trial) -> float:
        x = trial.suggest_float("x", -1, 1)
        trial.suggest_categorical("kind", ["a", "b"])
        trial.report(x, 0)
        if trial.number == 2:
            raise optuna.TrialPruned
        return x * x

    study.optimize(objective, n_trials=4)
    states = {trial.number: trial.state.name for trial in study.get_trials()}
    assert states == {0: "COMPLETE", 1: "COMPLETE", 2: "PRUNED", 3: "COMPLETE"}
    assert study.best_value == min(trial.value for trial in study.get_trials() if trial.state.name == "COMPLETE")
    # and here it is a run with a child for each trial
    (parent,) = store.runs("tags.`optuna.study_direction` IS NOT NULL")
    assert len(store.children(parent.id)) == 4


def test_a_callback_of_optuna_logs_a_run_for_each_trial(client: Any, store: SqlStore) -> None:
    """The calls of ``optuna_integration.MLflowCallback``: one nested run a trial, its distributions as tags."""
    import optuna

    mlflow.set_experiment("study")

    def log(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        with mlflow.start_run(run_name=str(trial.number), nested=True):
            mlflow.log_metrics({"value": trial.value or 0.0})
            mlflow.log_params(trial.params)
            tags = {f"{key}_distribution": str(kind)[:5000] for key, kind in trial.distributions.items()}
            mlflow.set_tags({"number": str(trial.number), "state": str(trial.state), "direction": "MINIMIZE", **tags})

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    with mlflow.start_run() as parent:
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3, callbacks=[log])
    children = store.children(parent.info.run_id)
    assert [child.name for child in children] == ["0", "1", "2"]
    assert [child.metrics["value"] for child in children] == [trial.value for trial in study.trials]


@dataclass(eq=False)
class TuneTrial:
    """What the callback reads of a trial."""

    path: str
    config: dict[str, Any] = field(default_factory=lambda: {"lr": 0.1, "layers": {"n": 2}})

    def __str__(self) -> str:
        return "train_t1"

    @property
    def local_path(self) -> str:
        return self.path


def test_the_callback_of_ray_tune_logs_a_trial(client: Any, url: str, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray: pip install 'ray[client]'")
    integration = pytest.importorskip("ray.air.integrations.mlflow", reason="needs Ray Tune's packages")
    callback = integration.MLflowLoggerCallback(
        tracking_uri=url, experiment_name="tune", tags={"team": "a"}, save_artifact=True
    )
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "result.json").write_text("{}")
    trial = TuneTrial(str(tmp_path / "trial"))
    callback.setup()
    callback.log_trial_start(trial)
    for iteration in range(3):
        callback.log_trial_result(
            iteration, trial, {"loss": 1 / (iteration + 1), "training_iteration": iteration, "timesteps_total": None}
        )
    callback.log_trial_end(trial, failed=False)
    (run,) = client.search_runs([client.get_experiment_by_name("tune").experiment_id])
    assert (run.info.status, run.data.params["lr"], run.data.tags["team"]) == ("FINISHED", "0.1", "a")
    assert [point.value for point in client.get_metric_history(run.info.run_id, "loss")] == [1, 1 / 2, 1 / 3]
    assert json.loads(mlflow.artifacts.load_text(f"{run.info.artifact_uri}/result.json")) == {}
