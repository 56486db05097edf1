"""MLflow's own client, as it is installed, against the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sweeper.store.store import SqlStore

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")


def test_nested_runs(client: Any, store: SqlStore) -> None:
    # given what the tutorials do
    mlflow.set_experiment("digits")
    with mlflow.start_run(run_name="sweep") as parent:
        for fold in range(3):
            with mlflow.start_run(run_name=f"fold-{fold}", nested=True):
                mlflow.log_params({"fold": fold, "kind": "x"})
                for step in range(4):
                    mlflow.log_metric("loss", 1 / (fold + step + 1), step=step)
                mlflow.set_tag("team", "a")
    # then it can be read back by the client, and by us
    found = client.search_runs(
        [parent.info.experiment_id],
        f"tags.mlflow.parentRunId = '{parent.info.run_id}' and metrics.loss < 0.21",
        order_by=["metrics.loss ASC"],
    )
    assert [run.info.run_name for run in found] == ["fold-2", "fold-1"]
    assert found[0].data.params == {"fold": "2", "kind": "x"}
    assert [(point.step, point.value) for point in client.get_metric_history(found[0].info.run_id, "loss")] == [
        (step, 1 / (step + 3)) for step in range(4)
    ]
    assert [run.name for run in store.children(parent.info.run_id)] == ["fold-0", "fold-1", "fold-2"]
    assert {run.state.value for run in store.children(parent.info.run_id)} == {"complete"}


def test_a_run_that_raises_failed(client: Any, store: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), mlflow.start_run() as run:
        raise ZeroDivisionError
    assert store.run(run.info.run_id).state.value == "failed"


def test_params_keep_their_first_value(client: Any) -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("a", 1)
        with pytest.raises(mlflow.exceptions.MlflowException, match="Changing param values is not allowed"):
            client.log_param(run.info.run_id, "a", 2)


def test_artifacts(client: Any, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a b.txt").write_text("hello")
    (tmp_path / "in" / "deep" / "größe.bin").write_bytes(bytes(range(256)) * 5000)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(tmp_path / "in"), "files")
        mlflow.log_text("text", "notes/a.txt")
        mlflow.log_dict({"a": [1]}, "d.json")
    run_id = run.info.run_id
    assert {item.path for item in client.list_artifacts(run_id)} == {"files", "notes", "d.json"}
    listed = {(item.path, item.is_dir, item.file_size) for item in client.list_artifacts(run_id, "files")}
    assert listed == {("files/a b.txt", False, 5), ("files/deep", True, None)}
    folder = Path(client.download_artifacts(run_id, "files", str(tmp_path)))
    assert (folder / "a b.txt").read_text() == "hello"
    assert (folder / "deep" / "größe.bin").read_bytes() == bytes(range(256)) * 5000
    assert mlflow.artifacts.load_dict(f"runs:/{run_id}/d.json") == {"a": [1]}


def test_experiments(client: Any) -> None:
    made = client.create_experiment("one", tags={"k": "v"})
    client.rename_experiment(made, "two")
    assert client.get_experiment_by_name("one") is None
    assert client.get_experiment_by_name("two").tags == {"k": "v"}
    client.delete_experiment(made)
    assert client.get_experiment(made).lifecycle_stage == "deleted"
    client.restore_experiment(made)
    assert [found.name for found in client.search_experiments(filter_string="name LIKE 't%'")] == ["two"]


def test_runs_are_renamed_deleted_restored_and_tagged(client: Any) -> None:
    run = client.create_run("0", run_name="first")
    client.update_run(run.info.run_id, name="second")
    client.set_tag(run.info.run_id, "k", "v")
    client.delete_tag(run.info.run_id, "k")
    client.delete_run(run.info.run_id)
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    client.restore_run(run.info.run_id)
    found = client.get_run(run.info.run_id)
    assert (found.info.run_name, found.info.lifecycle_stage, "k" in found.data.tags) == ("second", "active", False)


def test_a_parent_is_named_by_its_id(client: Any, store: SqlStore) -> None:
    with mlflow.start_run() as parent:
        pass
    with mlflow.start_run(parent_run_id=parent.info.run_id) as child:
        pass
    assert [run.id for run in store.children(parent.info.run_id)] == [child.info.run_id]
