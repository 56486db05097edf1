"""Every route of the table, for every kind of caller, host and origin: nothing that is not allowed gets through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sweeper.server.api.stores import OF_MODELS, READING
from sweeper.server.app import table
from sweeper.server.routing import Route
from sweeper.server.security import tokens
from sweeper.server.security.tokens import Role
from sweeper.store import open_database
from sweeper.store.store import SqlStore

from ..conftest import BASE
from ..served import application

ROUTES = table()
NAMES = [f"{route.method} {route.path}" for route in ROUTES]
CHANGING = [route for route in ROUTES if route.method not in ("GET",)]
ENDS = {"/api/v1/events": "?s=none"}  #: a stream goes on for ever; that of a sweep that is not there is refused
SECRETS = {role: f"secret-of-the-{role}-role" for role in ("read", "write", "admin")}


def client_of(store: SqlStore) -> TestClient:
    known = [tokens.kept(role, role, secret) for role, secret in SECRETS.items()]
    return TestClient(application(store, *known), base_url=BASE, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One server for all: what is asked for here is not there, or is refused."""
    store = open_database(tmp_path_factory.mktemp("access") / "runs.db")
    with client_of(store) as client:
        yield client
    store.close()


def ask(http: TestClient, route: Route, **headers: str) -> Any:
    path = re.sub(r"\{path:path\}", "run/file", route.path)
    path = re.sub(r"\{\w+\}", "x", path) + ENDS.get(path, "")
    body: dict[str, Any] = {"json": {}} if route.body == "json" else {"content": b""} if route.method == "PUT" else {}
    return http.request(route.method, path, headers=headers, **body)


def bearer(role: str) -> dict[str, str]:
    return {"authorization": f"Bearer {SECRETS[role]}"}


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_nobody_gets_in_without_a_token(http: TestClient, route: Route) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic OnNlY3JldA=="}):
        answer = ask(http, route, **headers)
        assert answer.status_code == 401
        assert answer.json()["error_code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_a_role_is_enough_or_not(http: TestClient, route: Route) -> None:
    for role in SECRETS:
        answer = ask(http, route, **bearer(role))
        assert (answer.status_code == 403) == (Role[role.upper()] < route.role), answer.text
        assert answer.status_code < 500 or answer.status_code == 501


@pytest.mark.parametrize("route", [route for route in ROUTES if route.role > Role.READ], ids=lambda r: r.path)
def test_what_changes_something_needs_more_than_reading(route: Route) -> None:
    assert route.method != "GET"


def test_only_searches_and_what_a_store_tells_are_posts_that_read() -> None:
    told = {f"/api/v1/store/{name}" for name in READING} | {f"/api/v1/models/{name}" for name in OF_MODELS}
    reading = {route.path for route in CHANGING if route.role is Role.READ} - told
    names = {path.rpartition("/")[2] for path in reading}
    assert all("search" in name or name in ("get-latest-versions", "draft") for name in names), reading


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_a_foreign_host_is_refused_everywhere(http: TestClient, route: Route) -> None:
    for host in ("10.evil.example:5000", "127.0.0.1.evil.example", "localhost.evil.example"):
        assert ask(http, route, host=host, **bearer("admin")).status_code == 403


@pytest.mark.parametrize("path", ["/health", "/version", "/", "/nothing"])
def test_also_where_no_token_is_asked(http: TestClient, path: str) -> None:
    assert http.get(path, headers={"host": "10.evil.example"}).status_code == 403


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: f"{route.method} {route.path}")
def test_a_foreign_page_changes_nothing(http: TestClient, route: Route) -> None:
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:5001"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert ask(http, route, **headers, **bearer("admin")).status_code == 403


@pytest.mark.parametrize("route", [route for route in CHANGING if route.body == "json"], ids=lambda route: route.path)
def test_a_form_is_no_json(http: TestClient, route: Route) -> None:
    path = re.sub(r"\{[\w:]+\}", "x", route.path)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = http.request(
            route.method, path, content=b"{}", headers={"content-type": kind, **bearer("admin")}
        )
        assert answer.status_code == 400, answer.text


def test_our_own_page_may(http: TestClient) -> None:
    answer = http.post(
        "/api/2.0/mlflow/runs/search",
        json={"experiment_ids": ["0"]},
        headers={"origin": BASE, "sec-fetch-site": "same-origin", **bearer("read")},
    )
    assert answer.status_code == 200


def test_what_is_open_to_all(http: TestClient) -> None:
    assert http.get("/health").text == "OK"
    assert http.get("/version").text == "3.17.2"
    unknown = http.get("/api/2.0/mlflow/traces")
    assert (unknown.status_code, unknown.text) == (404, "Not Found")


def test_bodies_are_bounded(http: TestClient) -> None:
    path, headers = "/api/2.0/mlflow/runs/search", bearer("read") | {"content-type": "application/json"}
    for body in (
        b'{"experiment_ids": ["' + b"0" * (3 << 20) + b'"]}',
        b'{"a": ' * 100_000,
        b'{"a": ' + b"[" * 65 + b"]" * 65 + b"}",
        b'{"max_results": ' + b"9" * 10_000 + b"}",
        b"[]",
        b"nonsense",
        b'"\xff"',
    ):
        answer = http.post(path, content=body, headers=headers)
        assert answer.status_code == 400, body[:40]
    assert http.post(path, content=b'{"filter": "' + b"(" * 10_000 + b'"}', headers=headers).status_code in (200, 400)


def test_every_answer_says_how_it_may_be_used(http: TestClient) -> None:
    for path in ("/health", "/nothing", "/api/2.0/mlflow/experiments/get?experiment_id=0"):
        headers = http.get(path, headers=bearer("read")).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_errors_show_neither_sql_nor_paths(store: SqlStore, tmp_path: Path) -> None:
    with client_of(store) as http:
        store.close()
        answer = http.get("/api/2.0/mlflow/experiments/get?experiment_id=0", headers=bearer("read"))
    assert answer.status_code >= 400
    assert "sqlite" not in answer.text.lower()
    assert str(tmp_path) not in answer.text
