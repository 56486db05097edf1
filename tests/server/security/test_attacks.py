"""The attacks that MLflow's servers have seen, one by one: each has its test."""

from __future__ import annotations

import ast
import base64
import json
import pickle
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

import sweeper
from sweeper.server.app import FILES, OWN, TRACKING, table
from sweeper.server.routing import Route
from sweeper.server.security import tokens
from sweeper.store.store import SqlStore

from ..conftest import API, BASE, Client
from ..protocol.test_artifacts import OUT, encodings
from ..served import application
from .test_access import ENDS

SECRET = "canary-of-a-file-outside"
ROUTES = table()
PATHS = {route.path for route in ROUTES}
ROOM = Path(sweeper.__file__).parent / "server"

HERE = "server/security/test_attacks"
ACCESS = "server/security/test_access"
FILES_TESTS = "server/protocol/test_artifacts"
COMMAND = "cli/test_server"
#: number of the attack -> (module, test)
ATTACKS = {
    1: (HERE, "test_no_parameter_is_a_way_out"),
    2: (HERE, "test_a_source_lies_below_the_root"),
    3: (HERE, "test_a_source_lies_below_the_root"),
    4: (HERE, "test_a_source_lies_below_the_root"),
    5: (FILES_TESTS, "test_no_path_leads_out"),
    6: (HERE, "test_a_source_lies_below_the_root"),
    7: (HERE, "test_a_source_lies_below_the_root"),
    8: (HERE, "test_a_source_lies_below_the_root"),
    9: (FILES_TESTS, "test_no_path_leads_out"),
    10: (FILES_TESTS, "test_no_link_is_followed"),
    11: (HERE, "test_the_server_calls_nobody"),
    12: (HERE, "test_there_is_no_such_route"),
    13: (HERE, "test_there_is_no_such_route"),
    14: (HERE, "test_there_is_no_such_route"),
    15: (ACCESS, "test_a_form_is_no_json"),
    16: (ACCESS, "test_a_foreign_host_is_refused_everywhere"),
    17: (HERE, "test_no_other_site_may_read"),
    18: (HERE, "test_there_is_no_such_route"),
    19: (ACCESS, "test_a_foreign_page_changes_nothing"),
    20: (HERE, "test_no_password_is_known_beforehand"),
    21: (ACCESS, "test_a_role_is_enough_or_not"),
    22: (ACCESS, "test_nobody_gets_in_without_a_token"),
    23: (HERE, "test_every_prefix_has_the_same_rules"),
    24: (HERE, "test_there_is_no_such_route"),
    25: (HERE, "test_two_spellings_of_a_field_are_refused"),
    26: (HERE, "test_a_model_is_never_loaded"),
    27: (COMMAND, "test_files_are_their_owners_alone"),
    28: (HERE, "test_the_server_starts_no_program_and_opens_no_archive"),
    29: (HERE, "test_the_server_starts_no_program_and_opens_no_archive"),
    30: (HERE, "test_the_server_starts_no_program_and_opens_no_archive"),
    31: (HERE, "test_names_come_back_as_json_and_files_as_text"),
    32: (HERE, "test_one_request_asks_for_so_much"),
    33: (HERE, "test_names_have_an_end"),
    34: (HERE, "test_broken_fields_are_a_clients_mistake_told_in_words"),
    35: (HERE, "test_a_client_does_not_choose_where_files_lie"),
    36: (COMMAND, "test_other_machines_need_a_token"),
}


@pytest.mark.parametrize("number", range(1, 37))
def test_each_attack_has_its_test(number: int) -> None:
    module, name = ATTACKS[number]
    source = (Path(__file__).parents[2] / f"{module}.py").read_text("utf-8")
    assert f"\ndef {name}(" in source


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file beside the root of artifacts, that nobody may see."""
    (tmp_path / "outside").mkdir()
    made = tmp_path / "outside" / "x"
    made.write_text(SECRET)
    return made


# -- paths and places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*OUT, "../outside/x", "../../outside/x", "..%2foutside%2fx", "....//outside/x"])
def test_no_parameter_is_a_way_out(client: Client, outside: Path, path: str) -> None:
    # given a run, and a path that would lead elsewhere
    run_id = client.run()
    for text in {path, str(outside), *encodings(path), quote(str(outside))}:
        for url, name in (
            ("/get-artifact", "path"),
            (f"{API}/artifacts/list", "path"),
            ("/ajax-api/2.0/mlflow/artifacts/list", "path"),
            (f"{FILES[0]}/artifacts", "path"),
            (f"{API}/artifacts/list", "run_id"),
            ("/get-artifact", "run_uuid"),
        ):
            # when it is asked for, then nothing of it comes
            answer = client.http.get(url, params={"run_id": run_id, "path": "a", name: text})
            assert SECRET not in answer.text
            assert answer.status_code in (200, 400, 403, 404), answer.text
            assert '"x"' not in answer.text  # the name of the file that lies there


def sources(outside: Path) -> list[str]:
    folder = str(outside.parent)
    return [
        "/etc", "/etc/", folder, f"{folder}/", f"file://{folder}", f"file:{folder}", f"file://localhost{folder}",
        f"FILE://{folder}", "file:///etc#/../..", "file:///etc;x", "file:///etc?x=/..", "..", "../outside",
        "mlflow-artifacts:/../outside", "mlflow-artifacts:/%2e%2e/outside", "mlflow-artifacts:/%252e%252e/outside",
        "mlflow-artifacts://host/../../outside", "mlflow-artifacts:/..\\..\\outside", "file:///C:\\..\\..\\etc",
        "s3://bucket/../x", "http://127.0.0.1/x", "ftp://127.0.0.1/x", "sftp://u@127.0.0.1/x", "hdfs://n/x",
        "runs:/../../outside", "runs:/x/../../outside", "models:/../outside", "models:/m-../x", "\\\\host\\share",
        "a\0b", "dbfs:/x", f"mlflow-artifacts:/..{folder}", "runs://user@host/x/y", "C:\\Windows",
    ]  # fmt: skip


@pytest.mark.parametrize("prompt", [False, True])
def test_a_source_lies_below_the_root(client: Client, outside: Path, prompt: bool) -> None:
    tags = [{"key": "mlflow.prompt.is_prompt", "value": "true"}] if prompt else []
    client.ok("registered-models/create", name="m", tags=tags)
    run_id = client.run()
    for source in sources(outside):
        for also in ({}, {"run_id": run_id}):
            status, _, message = client.refused("model-versions/create", name="m", source=source, tags=tags, **also)
            assert status in (400, 404), message
    assert client.found("model-versions/search", filter="name = 'm'").get("model_versions", []) == []


def test_a_client_does_not_choose_where_files_lie(client: Client, store: SqlStore, outside: Path) -> None:
    for place in (
        f"file://{outside.parent}",
        str(outside.parent),
        "/etc",
        "s3://bucket/x",
        "http://127.0.0.1/x",
        "../x",
    ):
        status, code, _ = client.refused("experiments/create", name=f"at {place}", artifact_location=place)
        assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    # also one that looks like ours stays below the root
    made = client.ok("experiments/create", name="ours", artifact_location="mlflow-artifacts:/../outside")
    location = client.found("experiments/get", **made)["experiment"]["artifact_location"]
    assert ".." not in location
    run = client.ok("runs/create", **made, tags=[{"key": "mlflow.artifact_uri", "value": "file:///etc"}])["run"]
    assert run["info"]["artifact_uri"].startswith("mlflow-artifacts:/")
    assert ".." not in run["info"]["artifact_uri"]


@contextmanager
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.setblocking(False)
        yield made


def test_the_server_calls_nobody(client: Client) -> None:
    with listener() as listening:
        port = listening.getsockname()[1]
        run_id = client.run()
        client.ok("registered-models/create", name="m")
        for scheme in ("http", "https", "ftp", "sftp", "hdfs", "s3", "abfss", "mlflow-artifacts", "gs"):
            place = f"{scheme}://127.0.0.1:{port}/x"
            client.post("experiments/create", name=place.replace("/", "_"), artifact_location=place)
            client.post("model-versions/create", name="m", source=place, run_id=run_id)
            client.post("logged-models", experiment_id="0", name="x", source=place)
            data = {"name": "d", "digest": "1", "source_type": scheme, "source": place}
            client.post("runs/log-inputs", run_id=run_id, datasets=[{"dataset": data}])
            client.get("artifacts/list", run_id=run_id, path=place)
        with pytest.raises(BlockingIOError):
            listening.accept()


# -- what is not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/signup", "/api/2.0/mlflow/users/create", "/api/2.0/mlflow/gateway-proxy",
        "/ajax-api/2.0/mlflow/gateway-proxy", "/ajax-api/3.0/jobs", "/api/3.0/mlflow/jobs", "/api/2.0/mlflow/webhooks",
        "/api/2.0/mlflow/webhooks/create",
        "/graphql", "/ajax-api/2.0/mlflow/upload-artifact", "/api/3.0/mlflow/traces", "/docs", "/openapi.json",
        "/api/2.0/mlflow/runs/create/", "/api/2.0/mlflow//runs/create", "//api/2.0/mlflow/runs/create",
        "/API/2.0/mlflow/runs/create", "/api/2.0/mlflow/../mlflow/runs/create", "/.env", "/static/../../etc/passwd",
    ],
)  # fmt: skip
def test_there_is_no_such_route(client: Client, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        answer = client.http.request(method, path, json={})
        assert answer.status_code == 404 or path not in str(answer.request.url.raw_path, "ascii"), answer.text
    words = ("gateway", "webhook", "job", "graphql", "signup", "user", "proxy", "eval", "exec")
    assert not [known for known in PATHS if any(word in known for word in words)]


def test_the_server_starts_no_program_and_opens_no_archive() -> None:
    """What is not imported cannot be reached by a request."""
    forbidden = {"subprocess", "pickle", "cloudpickle", "joblib", "tarfile", "zipfile", "shutil", "jinja2", "yaml",
                 "mlflow", "marshal", "shelve", "requests", "urllib.request", "httpx"}  # fmt: skip
    for path in [*(ROOM / "protocol").glob("*.py"), *(ROOM / "security").glob("*.py"), *(ROOM / "api").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Name):
                assert node.id not in ("eval", "exec", "compile", "__import__"), path
            found = {name for name in names if name in forbidden or name.partition(".")[0] in forbidden}
            assert not found, f"{path}: {found}"


class Touches:
    """Runs code when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Path.touch, (self._path,)  # type: ignore[return-value]  # a path is as good as its name


def test_a_model_is_never_loaded(client: Client, tmp_path: Path) -> None:
    # given a model that does something when it is loaded
    canary = tmp_path / "ran"
    run_id = client.run()
    kinds = {"python_function": {"loader_module": "mlflow.sklearn", "model_path": "model.pkl"}}
    files = {"MLmodel": json.dumps({"flavors": kinds}).encode(), "model.pkl": pickle.dumps(Touches(canary))}
    for name, body in files.items():
        client.http.put(f"{FILES[0]}/artifacts/{run_id}/model/{name}", content=body)
    # when it is registered, found, listed and fetched
    client.ok("registered-models/create", name="m")
    client.ok("model-versions/create", name="m", source=f"runs:/{run_id}/model", run_id=run_id)
    client.ok("registered-models/alias", name="m", alias="a", version="1")
    client.found("model-versions/search", filter="name = 'm'")
    client.found("model-versions/get-download-uri", name="m", version="1")
    client.found("artifacts/list", run_id=run_id, path="model")
    assert client.http.get(f"{FILES[0]}/artifacts/{run_id}/model/model.pkl").content == files["model.pkl"]
    # then it never ran
    assert not canary.exists()
    pickle.loads(files["model.pkl"])
    assert canary.exists()


# -- who asks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*sorted(PATHS), "/health", "/nothing"])
def test_no_other_site_may_read(client: Client, path: str) -> None:
    path = re.sub(r"\{[\w:]+\}", "x", path) + ENDS.get(path, "")
    for method in ("OPTIONS", "GET"):
        headers = {"origin": "http://evil.example", "access-control-request-method": "POST"}
        answer = client.http.request(method, path, headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_no_password_is_known_beforehand(store: SqlStore) -> None:
    _, kept = tokens.make("anna", "admin")
    with TestClient(application(store, kept), base_url=BASE) as http:
        for pair in (
            "admin:password1234",
            "admin:",
            ":",
            "anna:anna",
            "anna:",
            f"anna:{kept.sha256}",
            "admin:password",
        ):
            for header in (f"Basic {base64.b64encode(pair.encode()).decode()}", f"Bearer {pair.partition(':')[2]}"):
                answer = http.post(f"{API}/runs/search", json={}, headers={"authorization": header})
                assert answer.status_code == 401
        assert http.post(f"{API}/runs/search?token={kept.sha256}", json={}).status_code == 401


def test_every_prefix_has_the_same_rules() -> None:
    def rules(prefix: str) -> set[tuple[Any, ...]]:
        below = [route for route in ROUTES if route.path.startswith(prefix)]
        return {(r.method, r.path.removeprefix(prefix), r.handler, r.role, r.body, r.limit) for r in below}

    for one, other in (TRACKING, FILES):
        assert rules(f"{one}/") == rules(f"{other}/")
        assert rules(f"{one}/")
    assert len(OWN) == 1


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.body == "json" and route.path.startswith(f"{API}/runs/")],
    ids=lambda r: r.path,
)
def test_two_spellings_of_a_field_are_refused(client: Client, route: Route) -> None:
    for one, other in (("run_id", "runId"), ("experiment_ids", "experimentIds")):
        answer = client.http.request(route.method, route.path, json={one: "a", other: "b"})
        assert answer.status_code == 400
        assert "two spellings" in answer.json()["message"]


# -- what is sent -----------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</title><svg onload=alert(1)>",
    "\n[ERROR] forged", "\x1b]0;title\x07", "\u202egnp.exe", "=cmd|' /C calc'!A0", "'; DROP TABLE sweeper_runs; --",
    "${jndi:ldap://x}", "{{7*7}}", "%s%n", "\ufeff", "a\x00b",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_names_come_back_as_json_and_files_as_text(client: Client, text: str) -> None:
    # given a run whose words are hostile
    answer = client.post("runs/create", experiment_id="0", run_name=text, tags=[{"key": "note", "value": text}])
    if answer.status_code != 200:
        assert answer.status_code == 400
        return
    run_id = answer.json()["run"]["info"]["run_id"]
    client.post("runs/log-parameter", run_id=run_id, key="p", value=text)
    # when it is read, or an error names the words
    answers = [
        client.get("runs/get", run_id=run_id),
        client.post("runs/search", experiment_ids=["0"]),
        client.post("runs/search", experiment_ids=["0"], filter=text),
        client.get("runs/get", run_id=text),
        client.get("experiments/get-by-name", experiment_name=text),
        client.get("artifacts/list", run_id=run_id, path=text),
        client.http.get(f"{FILES[0]}/artifacts/{quote(text, safe='')}"),
    ]
    # then what comes is JSON, as it was, and no page
    assert answers[0].json()["run"]["info"]["run_name"] == text
    for answer in answers:
        assert answer.headers["content-type"].partition(";")[0] in ("application/json", "text/plain"), answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_file_has_the_type_that_we_say(client: Client) -> None:
    for kind in ("text/html", "image/svg+xml", "text/html\r\nset-cookie: a=b"):
        headers = {"content-type": kind.partition("\r")[0]}
        client.http.put(f"{FILES[0]}/artifacts/run/a.bin", content=b"<script>", headers=headers)
        assert client.http.get(f"{FILES[0]}/artifacts/run/a.bin").headers["content-type"] == "application/octet-stream"


def test_one_request_asks_for_so_much(client: Client) -> None:
    many = [f"{number:032x}" for number in range(101)]
    assert client.get("metrics/get-history-bulk", run_id=many, metric_key="a").status_code in (400, 404)
    assert client.get("metrics/get-history-bulk-interval", run_ids=many, metric_key="a").status_code == 400
    for wanted in (0, -1, 50_001, 2**63, 10**30, "x", 1.5):
        assert client.post("runs/search", experiment_ids=["0"], max_results=wanted).status_code == 400
        assert client.post("experiments/search", max_results=wanted).status_code == 400
    metric = {"key": "a", "value": 1, "timestamp": 1}
    assert client.post("runs/log-batch", run_id=client.run(), metrics=[metric] * 1001).status_code == 400
    for where in (" and ".join(["metrics.a > 1"] * 5000), "(" * 5000, "metrics.a IN (" + "1," * 50_000 + "1)"):
        assert client.post("runs/search", experiment_ids=["0"], filter=where).status_code in (200, 400)
    for order in (["metrics.a"] * 3000, [f"params.`{number}`" for number in range(500)]):
        assert client.post("runs/search", experiment_ids=["0"], order_by=order).status_code in (200, 400)
    assert client.post("runs/search", experiment_ids=[str(n) for n in range(40_000)]).status_code in (200, 400)


def test_names_have_an_end(client: Client) -> None:
    long, run_id = "x" * 100_000, client.run()
    assert client.refused("experiments/create", name=long)[0] == 400
    assert client.refused("registered-models/create", name=long)[0] == 400
    assert client.refused("runs/set-tag", run_id=run_id, key=long, value="a")[0] == 400
    assert client.refused("runs/log-parameter", run_id=run_id, key=long, value="a")[0] == 400
    assert client.refused("runs/log-metric", run_id=run_id, key=long, value=1, timestamp=1)[0] == 400
    assert client.refused("runs/update", run_id=run_id, run_name=long)[0] == 400
    assert client.refused("experiments/set-experiment-tag", experiment_id="0", key=long, value="a")[0] == 400
    assert client.refused("registered-models/set-tag", name="m", key=long, value="a")[0] in (400, 404)


WORDS = (
    "run_id", "run_uuid", "experiment_id", "experiment_ids", "experiment_name", "name", "new_name", "version", "alias",
    "key", "value", "timestamp", "step", "metrics", "params", "tags", "models", "datasets", "filter", "order_by",
    "max_results", "page_token", "run_view_type", "view_type", "stage", "source", "status", "end_time", "metric_key",
    "path", "model_id", "model_json", "start_time", "user_id", "run_name", "description", "items", "arguments", "order",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, -1, 2**70, 1e400, "", "x", "\ud800", "a\0b", "NaN", [], {}, [[]], [{}], [None], {"a": {}}, "9" * 400,
    "'", "%", "x" * 70_000, [{"key": {}}], [{"key": "a", "value": []}], "1; SELECT 1", [1, "a", None],
)  # fmt: skip
TELLING = re.compile(r"sqlite|SELECT |INSERT |UPDATE |Traceback|File \"|/tmp/|\.py\b|sweeper_\w|psycopg", re.IGNORECASE)


@pytest.mark.parametrize(
    "route",
    [r for r in ROUTES if r.body != "bytes" and r.path.startswith((API, OWN[0]))],
    ids=lambda r: f"{r.method} {r.path}",
)
def test_broken_fields_are_a_clients_mistake_told_in_words(client: Client, route: Route, store: SqlStore) -> None:
    run_id = client.run()
    path = re.sub(r"\{[\w:]+\}", "x", route.path)
    for number, odd in enumerate(ODD):
        # given every field odd, or every other one
        fields = WORDS if number % 3 else WORDS[number % 2 :: 2]
        values = {"run_id": run_id, "experiment_id": "0", **dict.fromkeys(fields, odd)}
        if route.body == "query":
            plain = {k: v for k, v in values.items() if isinstance(v, (str, int, float))}
            plain = {k: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for k, v in plain.items()}
            answer = client.http.get(path, params={k: v for k, v in plain.items() if len(str(v)) < 5000})
        else:
            content = json.dumps(values).encode()
            kind = {"content-type": "application/json"}
            answer = client.http.request(route.method, path, content=content, headers=kind)
        # then it is answered, and not as a failure of the server
        assert answer.status_code < 500 or answer.status_code == 501, (values, answer.text)
        if answer.status_code >= 400:
            found = TELLING.search(answer.text.replace("1; SELECT 1", ""))
            assert not found, answer.text
    assert store.run(run_id).id == run_id
