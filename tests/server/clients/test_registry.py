"""MLflow's own client, models and registry, against the server."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper import load_model, register
from sweeper.errors import NotFound
from sweeper.registry.registry import Registry
from sweeper.store import open_store
from sweeper.store.store import SqlStore

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")


@pytest.fixture
def fitted() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    X, y = load_iris(return_X_y=True)
    return LogisticRegression(max_iter=200).fit(X, y), X


@pytest.fixture
def logged(client: Any, fitted: tuple[Any, Any]) -> str:
    """A run that logged a model; gives its id."""
    model, X = fitted
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"], input_example=X[:2])
    run_id: str = run.info.run_id
    return run_id


def test_a_model_is_logged_registered_and_loaded(client: Any, logged: str, fitted: tuple[Any, Any]) -> None:
    model, X = fitted
    first = mlflow.register_model(f"runs:/{logged}/model", "iris")
    second = mlflow.register_model(f"runs:/{logged}/model", "iris", tags={"k": "v"})
    assert (first.version, second.version, second.run_id) == ("1", "2", logged)
    client.set_registered_model_alias("iris", "champion", 2)
    client.transition_model_version_stage("iris", "1", "Staging")
    for uri in ("models:/iris@champion", "models:/iris/Staging", "models:/iris/1", "models:/iris/latest",
                f"runs:/{logged}/model"):  # fmt: skip
        assert list(mlflow.pyfunc.load_model(uri).predict(X[:5])) == list(model.predict(X[:5]))


def test_what_a_run_made_is_told(client: Any, logged: str) -> None:
    (model,) = mlflow.search_logged_models(output_format="list")
    assert (model.name, model.source_run_id, str(model.status)) == ("model", logged, "READY")
    (output,) = client.get_run(logged).outputs.model_outputs
    assert output.model_id == model.model_id
    client.set_logged_model_tags(model.model_id, {"a": "1"})
    client.delete_logged_model_tag(model.model_id, "a")
    assert "a" not in client.get_logged_model(model.model_id).tags
    client.delete_logged_model(model.model_id)
    assert mlflow.search_logged_models(output_format="list") == []


def test_stages_and_aliases(client: Any, logged: str, store: SqlStore) -> None:
    for _ in range(3):
        mlflow.register_model(f"runs:/{logged}/model", "iris")
    client.transition_model_version_stage("iris", "1", "Production")
    client.transition_model_version_stage("iris", "2", "production", archive_existing_versions=True)
    client.set_registered_model_alias("iris", "champion", 1)
    client.set_registered_model_alias("iris", "champion", 3)
    found = {
        version.version: (version.current_stage, version.aliases)
        for version in client.search_model_versions("name = 'iris'", order_by=["version_number ASC"])
    }
    assert found == {"1": ("Archived", []), "2": ("Production", []), "3": ("None", ["champion"])}
    assert client.get_model_version_by_alias("iris", "champion").version == "3"
    assert {version.version for version in client.get_latest_versions("iris", ["Production"])} == {"2"}
    assert client.get_registered_model("iris").aliases == {"champion": "3"}
    # and here it is the same registry
    assert Registry(store).by_alias("iris", "champion").number == 3
    client.delete_registered_model_alias("iris", "champion")
    with pytest.raises(mlflow.exceptions.MlflowException, match="INVALID_PARAMETER_VALUE"):
        client.get_model_version_by_alias("iris", "champion")


def test_models_are_described_tagged_renamed_and_deleted(client: Any, logged: str) -> None:
    mlflow.register_model(f"runs:/{logged}/model", "iris")
    client.update_registered_model("iris", "about")
    client.update_model_version("iris", "1", "the first")
    client.set_registered_model_tag("iris", "team", "a")
    client.set_model_version_tag("iris", "1", "k", "v")
    client.delete_model_version_tag("iris", "1", "k")
    client.rename_registered_model("iris", "flowers")
    found = client.get_registered_model("flowers")
    assert (found.description, found.tags) == ("about", {"team": "a"})
    assert client.get_model_version("flowers", "1").description == "the first"
    matching = client.search_registered_models("name LIKE 'f%' and tags.team = 'a'")
    assert [model.name for model in matching] == ["flowers"]
    copied = client.copy_model_version("models:/flowers/1", "copy")
    assert (copied.name, copied.version) == ("copy", "1")
    client.delete_model_version("flowers", "1")
    with pytest.raises(mlflow.exceptions.MlflowException, match="not found"):
        client.get_model_version("flowers", "1")
    client.delete_registered_model("flowers")
    assert [model.name for model in client.search_registered_models()] == ["copy"]


@pytest.mark.parametrize(
    "source",
    ["file:///etc", "/etc/passwd", "s3://other/x", "http://169.254.169.254/", "mlflow-artifacts:/../../etc", "../x",
     "runs:/RUN/../../x", "mlflow-artifacts:/a?b", "mlflow-artifacts:/%2e%2e/x", "models:/m-../x", "dbfs:/x"],
)  # fmt: skip
def test_a_version_lies_in_the_root_of_the_server(client: Any, source: str) -> None:
    client.create_registered_model("iris")
    client.set_registered_model_tag("iris", "mlflow.prompt.is_prompt", "true")  # no tag turns a check off
    with pytest.raises(mlflow.exceptions.MlflowException):
        client.create_model_version("iris", source.replace("RUN", "a" * 32))


def test_a_search_with_cross_validation_logs_itself(client: Any, fitted: tuple[Any, Any]) -> None:
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    X, y = load_iris(return_X_y=True)
    mlflow.sklearn.autolog(silent=True, log_models=False)
    try:
        with mlflow.start_run() as run:
            GridSearchCV(LogisticRegression(max_iter=200), {"C": [0.1, 1.0]}, cv=2).fit(X, y)
    finally:
        mlflow.sklearn.autolog(disable=True)
    children = client.search_runs(["0"], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert {child.data.params["C"] for child in children} == {"0.1", "1.0"}
    whole = client.get_run(run.info.run_id)
    assert "best_cv_score" in whole.data.metrics
    assert whole.inputs.dataset_inputs[0].dataset.name == "dataset"


def test_what_a_client_logged_is_found_here_too(
    client: Any, logged: str, fitted: tuple[Any, Any], store: SqlStore, url: str
) -> None:
    # given a second model of that name, whose files lie below its own id, too
    model, X = fitted
    with mlflow.start_run(run_id=logged):
        second = mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"])
    # when it is named in every way, in the store and through the server
    through = open_store(url)
    for seen in (store, through):
        for uri in (f"runs:/{logged}/model", f"models:/{second.model_id}"):
            # then the latest is loaded
            resolved = Registry(seen).resolve(uri)
            assert (resolved.location.rpartition("/")[2], resolved.run_id) == (second.model_id, logged)
            loaded = load_model(uri, store=seen, unpickle=True)
            assert list(loaded.predict(X[:5])) == list(model.predict(X[:5]))
        made = register(logged, f"iris-{seen is store}", alias="champion", store=seen)
        assert made.facts["model"]["flavors"] == ["sklearn", "python_function"]
        assert made.facts["model"]["files"]["MLmodel"]
        found = load_model(f"models:/{made.name}@champion", store=seen, unpickle=True)
        assert list(found.predict(X[:5])) == list(model.predict(X[:5]))
    through.close()
    # and what is not there is told
    with pytest.raises(NotFound, match="did you mean 'model'"):
        register(logged, "iris", artifact="modle", store=store)
    with pytest.raises(NotFound, match="logged model"):
        Registry(store).resolve(f"models:/m-{'0' * 32}")
    client.delete_logged_model(second.model_id)
    assert Registry(store).resolve(f"runs:/{logged}/model").location.rpartition("/")[2] != second.model_id


def test_one_file_of_a_clients_model_is_registered(client: Any, logged: str, store: SqlStore) -> None:
    made = register(logged, "files", artifact="model/MLmodel", store=store)
    assert list(made.facts["model"]["files"]) == ["MLmodel"]
    with pytest.raises(NotFound):
        register(logged, "files", artifact="model/nothing", store=store)
