"""A store that opens later: the pages are there meanwhile, and the API says in words what is wrong."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sweeper.errors import StoreForeign, UsageError
from sweeper.server import late
from sweeper.server.app import assemble
from sweeper.server.late import LateStore
from sweeper.server.protocol.errors import Refused
from sweeper.server.security.access import Access
from sweeper.server.security.hosts import HostPolicy
from sweeper.server.security.tokens import Tokens
from sweeper.server.shell import Shell
from sweeper.store import open_database
from sweeper.store.revision import TABLE

from .conftest import BASE


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "AGAIN", 0.02)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "runs.db"
    open_database(made).close()
    return made


@pytest.fixture
def opening() -> Iterator[Callable[..., LateStore]]:
    made: list[LateStore] = []

    def make(path: Path, *, read_only: bool = False) -> LateStore:
        made.append(LateStore(str(path), lambda: open_database(path, read_only=read_only)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def version(file: Path, text: str) -> str:
    with sqlite3.connect(file) as connection:
        before = connection.execute(f"SELECT version_num FROM {TABLE}").fetchone()[0]
        connection.execute(f"UPDATE {TABLE} SET version_num = ?", (text,))
    connection.close()
    return str(before)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def client(opened: LateStore) -> TestClient:
    access = Access(Tokens([]), HostPolicy("127.0.0.1"))
    return TestClient(assemble(opened, access, shell=Shell(access)), base_url=BASE)


def test_a_store_that_opens_is_there_at_once(file: Path, opening: Callable[..., LateStore]) -> None:
    opened = opening(file)
    assert opened.wait(20)
    assert opened.ready
    assert opened()[0].sweeps() == []


def test_a_newer_store_is_told_and_looked_at_again(file: Path, opening: Callable[..., LateStore]) -> None:
    # given a store that a newer version wrote
    before = version(file, "9999")
    opened = opening(file)
    assert not opened.wait(20)
    http = client(opened)
    # when pages are opened, then they come, and the API says what is wrong and that one may try again
    assert http.get("/s/x", headers={"accept": "text/html"}).status_code == 200
    for path in ("/api/v1/sweeps", "/api/v1/events", "/api/2.0/mlflow/experiments/get?experiment_id=0"):
        answer = http.get(path)
        assert answer.status_code == 503
        assert answer.json()["error_code"] == "TEMPORARILY_UNAVAILABLE"
        assert "newer version of sweeper" in answer.json()["message"]
    # and when it is one of ours again, it opens by itself
    version(file, before)
    until(lambda: opened.ready)
    assert http.get("/api/v1/sweeps").status_code == 200


def test_a_locked_store_is_waited_for(file: Path, opening: Callable[..., LateStore]) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA journal_mode=delete")
    holder.execute("BEGIN EXCLUSIVE")
    opened = opening(file, read_only=True)
    assert not opened.wait(0.1)
    with pytest.raises(Refused, match="locked"):
        opened()
    holder.execute("COMMIT")
    holder.close()
    until(lambda: opened.ready)


def test_a_store_that_is_not_made_yet_is_waited_for(tmp_path: Path, opening: Callable[..., LateStore]) -> None:
    opened = opening(tmp_path / "later.db", read_only=True)
    assert not opened.wait(20)
    with pytest.raises(Refused, match="the first sweep creates it"):
        opened()
    open_database(tmp_path / "later.db").close()
    until(lambda: opened.ready)


def test_what_no_waiting_helps_is_raised(tmp_path: Path, opening: Callable[..., LateStore]) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE studies (x)")
    connection.close()
    with pytest.raises(StoreForeign):
        opening(foreign).wait(20)
    with pytest.raises(UsageError):
        opening(tmp_path / "runs.db?x=1").wait(20)


def test_it_stops_trying_when_it_is_closed(tmp_path: Path, opening: Callable[..., LateStore]) -> None:
    opened = opening(tmp_path / "never.db", read_only=True)
    opened.wait(20)
    opened.close()
    opened._thread.join(20)
    assert not opened._thread.is_alive()
