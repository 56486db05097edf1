"""MLflow's own commands as processes, with the server as their tracking server."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..differential.servers import free_port

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")

PROJECT = """
name: example
entry_points:
  main:
    parameters:
      lr: {type: float, default: 0.1}
      kind: {type: string, default: plain}
    command: "PYTHON train.py --lr {lr} --kind {kind}"
"""
TRAIN = """
import argparse, mlflow
reader = argparse.ArgumentParser()
reader.add_argument("--lr", type=float)
reader.add_argument("--kind")
given = reader.parse_args()
with mlflow.start_run():
    mlflow.log_metric("loss", given.lr * 2)
    mlflow.log_text(given.kind, "kind.txt")
"""


def environment() -> dict[str, str]:
    """The commands of this interpreter come first: MLflow starts uvicorn by its name."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_a_project_runs(client: Any, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "MLproject").write_text(PROJECT.replace("PYTHON", sys.executable))
    (tmp_path / "project" / "train.py").write_text(TRAIN)
    command = [sys.executable, "-m", "mlflow", "run", "project", "--env-manager", "local", "-P", "lr=0.5",
               "--experiment-name", "projects"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    (run,) = client.search_runs([client.get_experiment_by_name("projects").experiment_id])
    assert (run.info.status, run.data.metrics, run.data.params) == (
        "FINISHED", {"loss": 1.0}, {"lr": "0.5", "kind": "plain"},
    )  # fmt: skip
    assert run.data.tags["mlflow.project.entryPoint"] == "main"
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/kind.txt") == "plain"


def test_a_registered_model_is_served(client: Any, tmp_path: Path) -> None:
    # given a model with an alias on our server
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.dummy import DummyClassifier

    rows = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    model = DummyClassifier(strategy="constant", constant=7).fit(rows, [7, 8])
    with mlflow.start_run():
        mlflow.sklearn.log_model(
            model, name="model", registered_model_name="seven", pip_requirements=["scikit-learn"],
            signature=infer_signature(rows, model.predict(rows)),
        )  # fmt: skip
    client.set_registered_model_alias("seven", "champion", 1)
    # when MLflow serves it in a process
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", "models:/seven@champion", "--port", str(port),
               "--host", "127.0.0.1", "--env-manager", "local"]  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment(), stdout=log, stderr=log, start_new_session=True
        )
    try:
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            try:
                if httpx.get(f"{address}/ping").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        assert process.poll() is None, (tmp_path / "log").read_text("utf-8", "replace")[-3000:]
        # then it answers rows of a CSV
        answer = httpx.post(
            f"{address}/invocations", content="a,b\n1,2\n3,4\n", headers={"content-type": "text/csv"}, timeout=60
        )
        assert (answer.status_code, answer.json()) == (200, {"predictions": [7, 7]})
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait(10)
