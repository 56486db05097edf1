"""The same requests to ``sweeper models serve`` and to the application that ``mlflow models serve`` runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from starlette.testclient import TestClient

from sweeper.registry.registry import Resolved
from sweeper.serving.app import make_app
from sweeper.serving.current import CurrentModel

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")
scoring: Any = pytest.importorskip("mlflow.pyfunc.scoring_server", reason="MLflow's scoring server needs FastAPI")

Pair = tuple[TestClient, TestClient]


class Echo(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # MLflow has no types here
    """Answers with what it is given, scaled by a param."""

    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # MLflow reads type hints
        return model_input["a"] * (params or {}).get("scale", 1.0)


def save(folder: Path, kind: str) -> None:
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec

    columns = Schema([ColSpec("double", "a"), ColSpec("long", "n"), ColSpec("string", "kind", required=False)])
    if kind == "columns":
        scale = ParamSchema([ParamSpec("scale", "double", 1.0)])
        signature = ModelSignature(columns, Schema([ColSpec("double")]), scale)
        mlflow.pyfunc.save_model(folder, python_model=Echo(), signature=signature, pip_requirements=[])
        return
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), [0.0, 1.0, 2.0])
    tensors = ModelSignature(Schema([TensorSpec(np.dtype("float64"), (-1, 2))]))
    frame = pd.DataFrame({"x": [0.0, 1.0], "y": [1.0, 0.0]})
    signature = {"tensors": tensors, "no signature": None, "rows": infer_signature(frame, np.zeros(2))}[kind]
    mlflow.sklearn.save_model(model, folder, signature=signature, pip_requirements=[])


@pytest.fixture(scope="module", params=["columns", "tensors", "no signature", "rows"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """MLflow's application and ours with one and the same model."""
    folder = tmp_path_factory.mktemp("served") / "model"
    save(folder, request.param)
    theirs = scoring.init(mlflow.pyfunc.load_model(str(folder)))
    current = CurrentModel(lambda: Resolved("models:/m/1", str(folder)), lambda text: None, unpickle=True)
    with (
        TestClient(theirs, raise_server_exceptions=False) as one,
        TestClient(make_app(current), raise_server_exceptions=False) as other,
    ):
        yield one, other
    current.close()


ROWS = [{"a": 1.5, "n": 2, "kind": "p", "x": 1.0, "y": 2.0}, {"a": 2.5, "n": 3, "kind": "q", "x": 3.0, "y": 4.0}]
BODIES: dict[str, Any] = {
    "split": {"dataframe_split": {"columns": list(ROWS[0]), "data": [list(row.values()) for row in ROWS]}},
    "split with an index": {"dataframe_split": {"columns": ["a", "n"], "index": [4, 5], "data": [[1.0, 2], [3.0, 4]]}},
    "records": {"dataframe_records": ROWS},
    "records with gaps": {"dataframe_records": [{"a": 1.0, "n": 2}, {"a": None, "n": 3}]},
    "no records": {"dataframe_records": []},
    "instances": {"instances": ROWS},
    "instances as lists": {"instances": [[1.0, 2.0], [3.0, 4.0]]},
    "inputs": {"inputs": {"a": [1.0, 2.0], "n": [1, 2], "x": [1.0, 2.0], "y": [3.0, 4.0]}},
    "inputs as lists": {"inputs": [[1.0, 2.0], [3.0, 4.0]]},
    "inputs of another width": {"inputs": [[1.0, 2.0, 3.0]]},
    "params": {"dataframe_records": ROWS, "params": {"scale": 2.0}},
    "params of another type": {"dataframe_records": ROWS, "params": {"scale": "much"}},
    "params that are unknown": {"dataframe_records": ROWS, "params": {"other": 2.0}},
    "a column too few": {"dataframe_records": [{"a": 1.0}]},
    "a column too many": {"dataframe_records": [{**ROWS[0], "more": 1}]},
    "text for a number": {"dataframe_records": [{**ROWS[0], "a": "one", "x": "one"}]},
    "a float for a whole number": {"dataframe_records": [{**ROWS[0], "n": 2.5}]},
    "a whole number for a float": {"dataframe_records": [{**ROWS[0], "a": 2, "x": 2}]},
    "a bool for a number": {"dataframe_records": [{**ROWS[0], "a": True}]},
    "two keys": {"dataframe_records": ROWS, "instances": ROWS},
    "another key": {"rows": ROWS},
    "a list": ROWS,
    "a number": 5,
    "null": None,
    "nothing": {},
    "split without columns": {"dataframe_split": {"data": [[1.0, 2.0]]}},
    "split that is a list": {"dataframe_split": [1]},
    "records that are text": {"dataframe_records": "x"},
    "ragged": {"dataframe_split": {"columns": ["a", "n"], "data": [[1.0], [1.0, 2]]}},
}
RAW: dict[str, tuple[bytes, str | None]] = {
    "csv": (b"a,n,kind,x,y\n1.5,2,p,1,2\n2.5,3,q,3,4\n", "text/csv"),
    "csv with a charset": (b"a,n,kind,x,y\n1.5,2,p,1,2\n", "text/csv; charset=utf-8"),
    "csv without rows": (b"a,n,kind,x,y\n", "text/csv"),
    "csv without a header": (b"1.5,2\n", "text/csv"),
    "csv of another charset": (b"a,n\n\xff,2\n", "text/csv"),
    "no csv": (b"\x00\x01", "text/csv"),
    "empty csv": (b"", "text/csv"),
    "json with a charset": (json.dumps({"instances": ROWS}).encode(), "application/json; charset=utf-8"),
    "json with another param": (json.dumps({"instances": ROWS}).encode(), "application/json; format=split"),
    "no json": (b"nonsense", "application/json"),
    "empty json": (b"", "application/json"),
    "bytes as json": (b"\xff\xfe", "application/json"),
    "plain text": (b"a,n\n1,2\n", "text/plain"),
    "no type": (b"a,n\n1,2\n", None),
    "parquet": (pd.DataFrame(ROWS).to_parquet(), "application/vnd.apache.parquet"),
    "no parquet": (b"PAR1", "application/vnd.apache.parquet"),
}
#: requests that are answered otherwise, and why: a crash over there
LISTED = {"no type": (500, 415)}


def compare(both: Pair, name: str, content: bytes, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    real, ours = (client.post("/invocations", content=content, headers=headers) for client in both)
    if name in LISTED:
        assert (real.status_code, ours.status_code) == LISTED[name]
        return
    assert ours.status_code == real.status_code, f"MLflow: {real.text[:300]}\nhere: {ours.text[:300]}"
    assert "Traceback" not in ours.text
    if real.status_code == 200:
        assert ours.json() == real.json()
        assert ours.headers["content-type"].partition(";")[0] == real.headers["content-type"].partition(";")[0]
    elif real.headers["content-type"].startswith("application/json") and "error_code" in real.text:
        assert ours.json()["error_code"] == real.json()["error_code"]


@pytest.mark.parametrize("body", BODIES)
def test_json_gets_the_same_answer(both: Pair, body: str) -> None:
    compare(both, body, json.dumps(BODIES[body]).encode(), "application/json")


@pytest.mark.parametrize("raw", RAW)
def test_other_bodies_get_the_same_answer(both: Pair, raw: str) -> None:
    compare(both, raw, *RAW[raw])


@pytest.mark.parametrize("path", ["/ping", "/health", "/version"])
def test_probes_get_the_same_answer(both: Pair, path: str) -> None:
    real, ours = (client.get(path) for client in both)
    assert (ours.status_code, ours.text) == (real.status_code, real.text)
