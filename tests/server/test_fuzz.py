"""Whatever is sent to whatever route: an answer in MLflow's words that no client repeats, and never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from sweeper.server.app import table
from sweeper.server.routing import Route
from sweeper.store import open_store

from .conftest import BASE
from .served import application

ROUTES = table()
TRACKING = [route for route in ROUTES if route.path.startswith("/api/2.0/")]
REPEATED = {408, 429, 500, 502, 503, 504}
FIELDS = [
    "run_id", "run_uuid", "experiment_id", "experiment_ids", "name", "key", "value", "timestamp", "step", "metrics",
    "params", "tags", "filter", "order_by", "max_results", "page_token", "run_view_type", "view_type", "status",
    "end_time", "start_time", "run_name", "model_id", "models", "datasets", "dataset", "version", "alias", "stage",
    "archive_existing_versions", "source", "new_name", "new_experiment_name", "metric_key", "run_ids", "path",
    "model_json", "artifact_location", "description", "experiment_name", "field_name", "ascending", "tag_key",
]  # fmt: skip

repeatable = settings(
    max_examples=60, derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
known = st.sampled_from(["0", "$run", "$model", "1", "acc", "digits", "latest", "Production", "FINISHED", "ALL",
                         "metrics.acc > 0", "acc DESC", "runs:/$run/model", "models:/digits/1", "ä/../b", "\x00",
                         "9" * 30, "\ud800"])  # fmt: skip
scalars = st.one_of(
    known, st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*FIELDS, "x", "runId"]), inner, max_size=4)
    ),
    max_leaves=8,
)
RIGHT: dict[str, Any] = {
    "run_id": "$run", "experiment_id": "0", "experiment_ids": ["0"], "name": "digits", "key": "k", "value": "1",
    "timestamp": 1, "max_results": 5, "model_id": "$model", "version": "1", "alias": "best", "stage": "Staging",
    "metric_key": "acc", "run_ids": ["$run"], "path": "x", "status": "FINISHED", "models": [{"model_id": "$model"}],
    "metrics": [{"key": "acc", "value": 1, "timestamp": 1}], "archive_existing_versions": False,
    "source": "models:/$model", "experiment_name": "Default", "order_by": [],
}  # fmt: skip
#: what is right for most routes, with some fields changed, added or left out
bodies = st.builds(
    lambda changed, gone: {name: value for name, value in {**RIGHT, **changed}.items() if name not in gone},
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=3),
    st.sets(st.sampled_from(list(RIGHT)), max_size=3),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A server that has one run, one logged model and one registered model; and their ids."""
    store = open_store(str(tmp_path_factory.mktemp("fuzz") / "runs.db"))
    app = application(store)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as http:

        def post(path: str, **body: Any) -> Any:
            answer = http.post(f"/api/2.0/mlflow/{path}", json=body)
            assert answer.status_code == 200, answer.text
            return answer.json()

        run = post("runs/create", experiment_id="0", start_time=1)["run"]["info"]["run_id"]
        post("runs/log-metric", run_id=run, key="acc", value=1, timestamp=1)
        model = post("logged-models", experiment_id="0", name="m", source_run_id=run)["model"]["info"]["model_id"]
        post("registered-models/create", name="digits")
        post("model-versions/create", name="digits", source=f"models:/{model}", model_id=model)
        yield http, {"$run": run, "$model": model}
    store.close()


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value.replace("$run", names["$run"]))
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    return [filled(item, names) for item in value] if isinstance(value, list) else value


def send(server: tuple[TestClient, dict[str, str]], route: Route, body: dict[str, Any]) -> Any:
    http, names = server
    body = filled(body, names)
    path = re.sub(r"\{path:path\}", "x/y.txt", route.path).replace("{model_id}", names["$model"])
    path = re.sub(r"\{\w+\}", "x", path)
    if route.path.endswith("/events"):
        body = {**body, "s": "none"}  # a stream goes on for ever; that of a sweep that is not there is refused
    if route.body == "bytes":
        return http.request(route.method, path, params=_query(body), content=b"x")
    if route.body == "query":
        return http.request(route.method, path, params=_query(body))
    text = json.dumps(body)
    return http.request(route.method, path, content=text.encode("utf-8", "replace"),
                        headers={"content-type": "application/json"})  # fmt: skip


def _query(body: dict[str, Any]) -> dict[str, Any]:
    texts = {name: str(value).encode("utf-8", "replace").decode() for name, value in body.items() if value is not None}
    return {name: text for name, text in texts.items() if text}


def check(route: Route, answer: Any) -> None:
    assert answer.status_code not in REPEATED, f"{route.method} {route.path}: {answer.status_code} {answer.text[:500]}"
    assert "Traceback" not in answer.text
    if answer.status_code >= 400:
        said = answer.json()
        assert said["error_code"] != "INTERNAL_ERROR"
        assert said["message"]
        assert not re.search(r"(?i)\bsqlite|\bselect .* from\b|/tmp/", said["message"].split("filter ")[0])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_empty_request_gets_an_answer(server: tuple[TestClient, dict[str, str]], route: Route) -> None:
    check(route, send(server, route, {}))


@settings(repeatable, max_examples=800)
@given(st.sampled_from(TRACKING), bodies)
def test_any_fields_get_an_answer(
    server: tuple[TestClient, dict[str, str]], route: Route, body: dict[str, Any]
) -> None:
    check(route, send(server, route, body))


@repeatable
@given(st.sampled_from([route for route in TRACKING if route.body == "json"]), st.binary(max_size=60))
def test_any_bytes_get_an_answer(server: tuple[TestClient, dict[str, str]], route: Route, body: bytes) -> None:
    http, _ = server
    path = re.sub(r"\{\w+\}", "x", route.path.replace("{path:path}", "x/y.txt"))
    answer = http.request(route.method, path, content=body, headers={"content-type": "application/json"})
    check(route, answer)
