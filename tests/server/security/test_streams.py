"""Streams cost a place each: nobody takes more of them than there are, however many hurry."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from sweeper.server.api import live as api
from sweeper.server.security import tokens
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep
from sweeper.web.live import live_of

from ..served import served

MOST = 3


def ask(url: str, method: str) -> socket.socket:
    place = urlsplit(url)
    made = socket.create_connection((place.hostname or "", place.port or 0), 20)
    made.settimeout(20)
    made.sendall(f"{method} /api/v1/events HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    return made


def status(answer: bytes) -> str:
    return answer.split(b" ", 2)[1].decode()


def test_who_hurries_gets_no_more_streams(url: str, store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "STREAMS", MOST)
    with ExitStack() as stack:
        asked = [stack.enter_context(ask(url, "GET")) for _ in range(30)]
        answers = [status(each.recv(64)) for each in asked]

        assert sorted(answers) == ["200"] * MOST + ["503"] * (30 - MOST)
        assert live_of(store).listening == MOST
        assert httpx.get(f"{url}/api/v1/changes", timeout=20).status_code == 200


def test_who_asks_for_headers_alone_holds_no_stream(url: str, store: SqlStore) -> None:
    with ask(url, "HEAD") as asked:
        assert status(asked.recv(64)) == "200"
        assert live_of(store).listening == 0


def test_a_stream_ends_with_the_session_that_opened_it(store: SqlStore) -> None:
    secret = "a-token-of-sixteen-characters"
    with (
        served(store, tokens.kept("anna", "read", secret)) as url,
        httpx.Client(base_url=url, headers={"origin": url}, timeout=20) as browser,
    ):
        assert browser.post("/", data={"token": secret}).status_code == 303
        with browser.stream("GET", "/api/v1/events") as heard:
            lines = heard.iter_lines()
            assert heard.status_code == 200
            while not next(lines).startswith("data:"):
                pass
            assert browser.post("/signout").status_code == 303

            made = add_sweep(store)
            for line in lines:
                assert made.id not in line
