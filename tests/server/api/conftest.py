"""The pages' API without a socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ..conftest import Client

API = "/api/v1"


@dataclass(frozen=True)
class Pages:
    """Asks as a page does: ``get`` and ``post`` must succeed and give JSON, ``refused`` gives status and answer."""

    client: Client

    def raw(self, path: str, /, **query: Any) -> httpx.Response:
        answer: httpx.Response = self.client.http.get(f"{API}/{path}", params=query)
        return answer

    def get(self, path: str, /, **query: Any) -> Any:
        answer = self.raw(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, /, **body: Any) -> Any:
        answer = self.client.http.post(f"{API}/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, /, **query: Any) -> tuple[int, Any]:
        answer = self.raw(path, **query)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()

    def refused_post(self, path: str, /, **body: Any) -> tuple[int, Any]:
        answer = self.client.http.post(f"{API}/{path}", json=body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()


@pytest.fixture
def pages(client: Client) -> Pages:
    return Pages(client)
