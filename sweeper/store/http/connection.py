"""Calls over HTTP that survive a server that is away for a while, and raise what the other end raised."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

import httpx

from sweeper import errors, wire
from sweeper.errors import StoreUnavailable, SweeperError, UsageError
from sweeper.store.trouble import Cause, Patience

API = "/api/v1"
TOKEN = "SWEEPER_TOKEN"
TIMEOUT = httpx.Timeout(120.0, connect=10.0)
AWAY = (502, 503, 504)


class Connection:
    """A server and how long one that is away is looked for. Safe to use from any thread."""

    def __init__(self, url: str, reconnect: float) -> None:
        self.url = url
        self._reconnect = reconnect
        token = os.environ.get(TOKEN, "")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT, trust_env=False)

    def call(self, path: str, body: Mapping[str, Any], patience: Patience | None = None) -> Any:
        """Return what the server answers; asked again while it is away. Raises SweeperError."""
        patience = patience or Patience(self._reconnect)
        content = wire.dumps(body)
        while True:
            try:
                answer = self._client.post(
                    f"{API}/{path}", content=content, headers={"content-type": "application/json"}
                )
                if answer.status_code not in AWAY:
                    found = _read(answer, self.url)
                    patience.over()
                    return found
                error: SweeperError = StoreUnavailable(f"{self.url} says that its store cannot be reached now")
            except httpx.TransportError as lost:
                error = StoreUnavailable(f"{self.url} does not answer ({type(lost).__name__}: {lost})")
            pause = patience.pause(Cause.LOST, error)
            if pause is None:
                raise error
            time.sleep(pause)

    def about(self) -> Mapping[str, Any]:
        """Return what the server says of itself. Raises UsageError when something else answers there."""
        try:
            answer = self._client.get(f"{API}/store")
        except (httpx.TransportError, httpx.InvalidURL) as lost:
            raise StoreUnavailable(f"{self.url} does not answer ({lost}). Start it with: sweeper server") from None
        found: Mapping[str, Any] = _read(answer, self.url)
        return found

    def close(self) -> None:
        self._client.close()


def _read(answer: httpx.Response, url: str) -> Any:
    if answer.status_code == 401:
        raise UsageError(f"{url} asks for a token: set {TOKEN}")
    try:
        said = answer.json()
    except ValueError:
        raise UsageError(f"{url} is not a sweeper server (it answered {answer.status_code})") from None
    if answer.status_code == 200 and isinstance(said, dict) and "value" in said:
        return said["value"]
    raise error_of(said if isinstance(said, dict) else {})


def error_of(said: Mapping[str, Any]) -> SweeperError:
    """Return the error that the other end wrote as its name and its words."""
    kind = getattr(errors, str(said.get("error", "")), UsageError)
    known = kind if isinstance(kind, type) and issubclass(kind, SweeperError) else UsageError
    made = known.__new__(known)
    Exception.__init__(made, str(said.get("message", "the server refused this")))
    return made
