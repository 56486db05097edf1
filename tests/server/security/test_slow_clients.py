"""Clients that are slow, many or large, over real sockets: they are cut off, and nobody else notices."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Iterator
from enum import Enum
from urllib.parse import urlsplit

import httpx
import pytest

from sweeper.server.security import connections

HEAD = b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
ASK = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FILE = "/api/2.0/mlflow-artifacts/artifacts/run/a"


class Hurry(Enum):
    """The phases of a request, for tests that do not want to wait."""

    HEADERS = (0.4, 64 << 10)
    BODY = (0.4, 1 << 60)
    REST = (0.4, 1 << 20)


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "Phase", Hurry)


def call(url: str) -> socket.socket:
    place = urlsplit(url)
    made = socket.create_connection((place.hostname or "", place.port or 0), 20)
    made.settimeout(20)
    return made


def is_cut_off(connection: socket.socket) -> bool:
    """Send a byte now and then until the other end closes; False when it never does."""
    connection.settimeout(0.1)
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            connection.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                if connection.recv(1000) == b"":
                    return True
        return False
    return True


def is_fine(url: str) -> bool:
    return httpx.get(f"{url}/health", timeout=20).text == "OK"


@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize(
    "begun", [b"", b"GET /health HT", HEAD, HEAD + b"X-Long: "], ids=["nothing", "line", "headers", "header"]
)
def test_headers_that_trickle_end_the_connection(url: str, begun: bytes) -> None:
    with call(url) as slow:
        slow.sendall(begun)
        assert is_cut_off(slow)
    assert is_fine(url)


@pytest.mark.usefixtures("in_a_hurry")
def test_who_says_nothing_is_not_waited_for(url: str) -> None:
    with call(url) as silent:
        assert silent.recv(1000) == b""


@pytest.mark.usefixtures("in_a_hurry")
def test_a_body_that_trickles_ends_the_connection(url: str) -> None:
    with call(url) as slow:
        slow.sendall(HEAD + b"Content-Length: 100000\r\n\r\n{")
        assert is_cut_off(slow)
    assert is_fine(url)


@pytest.mark.usefixtures("in_a_hurry")
def test_a_body_that_takes_long_but_gets_on_arrives(url: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(8):
            time.sleep(0.15)
            yield b"x" * 20_000

    assert httpx.put(url + FILE, content=pieces(), timeout=20).status_code == 200
    assert len(httpx.get(url + FILE, timeout=20).content) == 160_000


def test_headers_have_an_end(url: str) -> None:
    with call(url) as loud, contextlib.suppress(ConnectionError):
        loud.sendall(HEAD)
        for at in range(4000):
            loud.sendall(b"X-%d: %s\r\n" % (at, b"x" * 1000))
        raise AssertionError("four megabytes of headers were taken")
    assert is_fine(url)


@pytest.mark.usefixtures("in_a_hurry")
def test_a_second_request_of_a_connection_is_bounded_too(url: str) -> None:
    with call(url) as slow:
        slow.sendall(ASK)
        assert slow.recv(1000).startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET /he")
        assert is_cut_off(slow)


def test_there_may_be_so_many_connections(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "CONNECTIONS", 10)
    # given as many as there may be, idle after their first request
    with contextlib.ExitStack() as opened:
        for _ in range(10):
            one = opened.enter_context(call(url))
            one.sendall(ASK)
            assert one.recv(1000).startswith(b"HTTP/1.1 200")
        # when one more comes, then it is told to come again
        more = opened.enter_context(call(url))
        assert more.recv(1000).startswith(b"HTTP/1.1 503")
    # and when they are gone it may
    for _ in range(100):
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/health").status_code == 200:
                break
        time.sleep(0.05)
    assert is_fine(url)


def test_a_huge_body_is_refused_and_never_held(url: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * (1 << 20)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kind = {"content-type": "application/json"}
    answer = httpx.post(f"{url}/api/2.0/mlflow/runs/create", content=pieces(), headers=kind, timeout=60)
    assert answer.status_code == 400
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 << 10
    assert is_fine(url)


def test_others_are_served_while_many_are_slow(url: str) -> None:
    with contextlib.ExitStack() as opened:
        for _ in range(200):
            opened.enter_context(call(url)).sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
        for _ in range(20):
            answer = httpx.post(f"{url}/api/2.0/mlflow/runs/create", json={"experiment_id": "0"}, timeout=20)
            assert answer.status_code == 200


def test_who_takes_no_answer_is_not_waited_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a large file that somebody asks for and never reads
    httpx.put(url + FILE, content=b"x" * (32 << 20), timeout=60)
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.3)
    with call(url) as lazy:
        lazy.sendall(ASK.replace(b"/health", FILE.encode()))
        # when time has passed, then the rest of it does not come any more
        time.sleep(2)
        got = 0
        with contextlib.suppress(ConnectionError):
            while piece := lazy.recv(1 << 20):
                got += len(piece)
        assert got < 32 << 20
    assert is_fine(url)
