"""A store behind a server that listens on loopback, and the same application without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sweeper.store import open_store
from sweeper.store.store import SqlStore

from .served import application, served

BASE = "http://127.0.0.1:5000"
API = "/api/2.0/mlflow"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(str(tmp_path / "runs.db"))
    yield made
    made.close()


@dataclass(frozen=True)
class Client:
    """Speaks the protocol without a socket; ``ok`` calls must succeed, ``refused`` ones must not."""

    http: TestClient

    def post(self, path: str, /, **body: Any) -> Any:
        return self.http.post(f"{API}/{path}", json=body)

    def get(self, path: str, /, **query: Any) -> Any:
        return self.http.get(f"{API}/{path}", params=query)

    def ok(self, path: str, /, **body: Any) -> dict[str, Any]:
        answer = self.post(path, **body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def found(self, path: str, /, **query: Any) -> dict[str, Any]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def refused(self, path: str, /, **body: Any) -> tuple[int, str, str]:
        answer = self.post(path, **body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error_code"], answer.json()["message"]

    def run(self, **body: Any) -> str:
        run_id: str = self.ok("runs/create", experiment_id="0", start_time=1000, **body)["run"]["info"]["run_id"]
        return run_id


@pytest.fixture
def client(store: SqlStore) -> Iterator[Client]:
    with TestClient(application(store), base_url=BASE, raise_server_exceptions=False) as http:
        yield Client(http)


@pytest.fixture
def url(store: SqlStore) -> Iterator[str]:
    """The address of a server that runs in a thread of this process."""
    with served(store) as address:
        yield address
