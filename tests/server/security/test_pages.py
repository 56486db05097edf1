"""What a hostile address, or somebody who may write, could do to the pages and to who looks at them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sweeper import wire
from sweeper.artifacts import open_artifacts
from sweeper.events import Event, RunStarted, SweepCreated, TrialCreated
from sweeper.records import Run
from sweeper.server.api.heavy import AT_ONCE, room
from sweeper.server.app import make_app, table
from sweeper.server.routing import Route
from sweeper.server.security.access import Access
from sweeper.server.security.hosts import HostPolicy
from sweeper.server.security.tokens import Role, Tokens
from sweeper.server.shell import Shell
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial, sweep_record

from ..conftest import BASE
from .test_access import ask
from .test_attacks import TELLING

LONG = "9" * 5000
ADDRESSES = (
    f"trials/last:{LONG}", "trials/last:99999999999999999999", f"trials/last:{LONG}/metrics", f"trials/{LONG}:1",
    "trials/%00", "trials/..%2f..%2fetc", f"models/digits/{LONG}", "models/digits/99999999999999999999",
    "models/digits/@__proto__", "models/__proto__", f"sweeps/{LONG}", "sweeps/%00", "sweeps/%ed%a0%80",
    "sweeps/last/trials?sort=__proto__", f"sweeps/last/trials?limit={LONG}", "sweeps/last/trials?limit=1e999",
    f"sweeps/last/trials?f=number:{LONG}..", "sweeps/last/trials?f=:::..",
    "sweeps/last/trials?offset=9223372036854775807",
    "sweeps/last/curves?numbers=²,٣", "sweeps/last/curves?points=-1&numbers=999999999",
    "sweeps/last/importance?goal=-1",
    f"sweeps/last/columns?since={LONG}-{LONG}", f"changes?since={LONG}", "changes?s=%00", "sparks?ids=%00,__proto__",
    "sweeps?cursor=%00&limit=-1", "sweeps?tag=", "sweeps?tag==", "sweeps?state=__proto__&q=%00", "runs?cursor=%ff",
    "search?q=%00", "search?q=last:999999999", f"search?q={LONG}", "ranges?merge=__proto__", "ranges?p=constructor",
    "ranges?name=[[[", "ranges?tag==x", "ranges?sweeps=,,%00", "compare?s=last,last", "compare?s=%00,__proto__",
)  # fmt: skip
IDS = (
    "x;reboot", "$(reboot)", "a b", "../../x", "a/b", "a\nb", "-rf", "", "x" * 65, "<b>", "\x1b[2J", "ä", "?a=b", "#a",
)  # fmt: skip


@pytest.fixture
def http(store: SqlStore) -> Iterator[TestClient]:
    with site(store) as client:
        yield client


def site(store: SqlStore, *, read_only: bool = False) -> TestClient:
    access = Access(Tokens([]), HostPolicy("127.0.0.1"), read_only=read_only)
    app = make_app(store, open_artifacts(store.artifacts), access, shell=Shell(access))
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:40])
def test_no_address_breaks_the_server(http: TestClient, store: SqlStore, address: str) -> None:
    add_trial(store, add_sweep(store), 0, value=0.5)

    answer = http.get(f"/api/v1/{address}")

    assert answer.status_code in (200, 202, 400, 404), answer.text[:300]
    if answer.status_code >= 400:
        assert not TELLING.search(answer.text)


@pytest.mark.parametrize("made", IDS)
def test_an_id_is_nothing_else(http: TestClient, store: SqlStore, made: str) -> None:
    """It stands in addresses and in commands that people copy."""
    sweep = add_sweep(store)
    begun: tuple[Event, ...] = (
        RunStarted(Run(made, "name", started=1.0)),
        SweepCreated(replace(sweep_record("other"), id=made), {}, {}),
        TrialCreated(sweep.id, made, 0, {}, 1, 1.0),
    )
    for event in begun:
        answer = _write(http, event)
        assert answer.status_code == 400, answer.text
        assert "no id of a run" in answer.json()["message"]
    assert [each.id for each in store.sweeps()] == [sweep.id]
    assert store.trials(sweep.id) == []


def test_an_id_as_they_are_made_is_taken(http: TestClient, store: SqlStore) -> None:
    made = sweep_record("other")

    assert _write(http, SweepCreated(made, {}, {})).json()["value"] == [None]
    assert store.find_sweep("other").id == made.id


def _write(http: TestClient, event: Event) -> Any:
    body = {"items": [{"events": [wire.encode(event)], "fence": None}]}
    return http.post("/api/v1/store/batch", json=body)


@pytest.mark.parametrize("route", table(), ids=lambda route: f"{route.method} {route.path}")
def test_read_only_holds_on_every_route(reading: TestClient, route: Route) -> None:
    answer = ask(reading, route)

    if route.role > Role.READ:
        assert answer.status_code == 403
        assert "--read-only" in answer.json()["message"]
    else:
        assert answer.status_code != 403


def test_what_may_be_asked_of_a_read_only_server_writes_nothing(store: SqlStore, tmp_path: Path) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0, value=0.5)
    before = _content(store)
    with site(store, read_only=True) as reading:
        for route in table():
            if route.role <= Role.READ and route.path != "/api/v1/events":
                path = route.path.replace("{ref}", sweep.id).replace("{run_id}", sweep.id)
                ask(reading, replace(route, path=path))
        drafted = reading.post(f"/api/v1/sweeps/{sweep.id}/draft", json={"numbers": [0]})

    assert drafted.status_code == 200
    assert _content(store) == before


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    from sweeper.store import open_database

    store = open_database(tmp_path_factory.mktemp("reading") / "runs.db")
    with site(store, read_only=True) as client:
        yield client
    store.close()


def _content(store: SqlStore) -> str:
    """A digest of every row there is."""
    import sqlite3

    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as found:
        return hashlib.sha256("\n".join(found.iterdump()).encode()).hexdigest()


MANY = [f"{number:08x}" for number in range(201)]


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        ("sweeps", {"q": " ".join(map(str, range(101)))}, "101 words"),
        ("runs", {"q": " ".join(map(str, range(101)))}, "101 words"),
        ("sweeps/last/trials", {"f": ";".join(["dup:1..2"] * 1001)}, "1,001 conditions"),
        ("ranges", {"sweeps": ",".join(MANY)}, "201 sweeps"),
        ("sparks", {"ids": ",".join(MANY)}, "201 sweeps"),
        ("compare", {"s": ",".join(MANY)}, ""),
    ],
)
def test_one_request_asks_for_so_much(
    http: TestClient, store: SqlStore, path: str, asked: dict[str, str], said: str
) -> None:
    add_trial(store, add_sweep(store), 0, value=0.5)

    answer = http.get(f"/api/v1/{path}", params=asked)

    assert answer.status_code in (400, 404)
    assert said in answer.json()["message"]


@pytest.mark.parametrize("path", ["sweeps/last/draft", "ranges/draft"])
def test_a_draft_learns_from_so_many(http: TestClient, store: SqlStore, path: str) -> None:
    add_sweep(store)

    answer = http.post(f"/api/v1/{path}", json={"recommended": True, "sweeps": MANY})

    assert answer.status_code == 400
    assert "201 sweeps" in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "sweeps/last/report.html"),
        ("GET", "sweeps/last/trials.parquet"),
        ("POST", "sweeps/last/draft"),
        ("POST", "ranges/draft"),
    ],
)
def test_large_answers_are_few_at_the_same_time(http: TestClient, store: SqlStore, method: str, path: str) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0, value=0.5)
    body: dict[str, Any] = {"json": {"numbers": [0], "sweeps": [sweep.id]}} if method == "POST" else {}
    for _ in range(AT_ONCE):
        assert room.acquire(blocking=False)
    try:
        refused = http.request(method, f"/api/v1/{path}", **body)
    finally:
        for _ in range(AT_ONCE):
            room.release()

    assert refused.status_code == 503
    assert "Try again" in refused.json()["message"]
    assert http.request(method, f"/api/v1/{path}", **body).status_code == 200
