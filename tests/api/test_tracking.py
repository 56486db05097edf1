"""Plain MLflow inside a trial writes to the trial's own run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from sweeper.api.running import run_sweep
from sweeper.api.tracking import wanted
from sweeper.config import parse_config
from sweeper.store import open_store
from sweeper.store.store import SqlStore

pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")

FUNCTION = """
import mlflow

def train(x):
    mlflow.log_param("inside", "yes")
    for step in range(3):
        mlflow.log_metric("loss", x + step, step=step)
    with mlflow.start_run(run_name="fold", nested=True):
        mlflow.log_metric("fold_loss", x)
    mlflow.log_text("hello", "notes.txt")
    mlflow.start_run(run_name="left open", nested=True)
"""
SCRIPT = """
import sys, mlflow
x = float(sys.argv[1].partition("=")[2])
with mlflow.start_run():
    mlflow.log_metric("loss", x)
    mlflow.set_tag("script", "yes")
"""


def sweep(tmp_path: Path, **keys: Any) -> tuple[SqlStore, list[Any]]:
    store = open_store(str(tmp_path / "runs.db"))
    config = parse_config(
        {
            "name": "s",
            "metric": {"name": "loss"},
            "method": "random",
            "parameters": {"x": {"min": 0.0, "max": 1.0}},
            "budget": {"trials": 3},
            **keys,
        }
    )
    result = run_sweep(config, store=store, report=False)
    return store, store.trials(result.sweep.id)


@pytest.mark.parametrize("kind", ["joblib", "inline"])
def test_a_function_logs_with_mlflow(tmp_path: Path, kind: str) -> None:
    # given an objective that knows nothing of sweeper and returns nothing
    (tmp_path / "train.py").write_text(FUNCTION)
    store, trials = sweep(
        tmp_path,
        objective=f"{tmp_path / 'train.py'}:train",
        executor={"kind": kind, **({"workers": 2} if kind == "joblib" else {})},
        tracking={"mlflow": True},
    )
    # then each trial has what was logged inside it, and its value is the last one logged
    for trial in trials:
        assert trial.failure is None, trial.failure
        assert trial.values == (trial.params["x"] + 2,)
        run = store.run(trial.run_id)
        assert run.params["inside"] == "yes"
        assert [point.step for point in store.points([run.id], ["loss"])[run.id]] == [0, 1, 2]
        children = store.children(run.id)
        assert [child.name for child in children] == ["fold", "left open"]
        assert all(child.state.ended for child in children)
        assert (Path(store.artifacts) / run.id / "notes.txt").read_text() == "hello"
    store.close()


def test_a_script_logs_with_mlflow(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(SCRIPT)
    store, trials = sweep(
        tmp_path, command=[sys.executable, str(tmp_path / "train.py"), "${args}"], executor={"workers": 2}
    )
    for trial in trials:
        assert trial.failure is None, trial.failure
        assert trial.values == (trial.params["x"],)
        assert store.run(trial.run_id).tags["script"] == "yes"
    store.close()


def test_the_protocol_is_open_where_it_may_be_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mlflow", raising=False)
    base: dict[str, Any] = {"metric": {"name": "a"}, "parameters": {"x": {"min": 0.0, "max": 1.0}}}
    assert not wanted(parse_config(base | {"objective": "a.py:f"}))
    assert wanted(parse_config(base | {"objective": "a.py:f", "tracking": {"mlflow": True}}))
    assert wanted(parse_config(base | {"command": ["true", "${args}"]}))
    monkeypatch.setitem(sys.modules, "mlflow", object())  # type: ignore[arg-type]  # as good as imported
    assert wanted(parse_config(base | {"objective": "a.py:f"}))
