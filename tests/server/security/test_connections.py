"""One connection and its bounds."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from sweeper.server.security import connections
from sweeper.server.security.connections import BUSY, CONNECTIONS, Guarded


class Strange:
    """A transport that is no asyncio.Transport by its class, as uvloop's are."""

    def __init__(self) -> None:
        self.written, self.closed = b"", False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True


class Spoken:
    """What speaks HTTP on a connection."""

    def __init__(self) -> None:
        self.made: list[object] = []

    def connection_made(self, transport: object) -> None:
        self.made.append(transport)

    def connection_lost(self, error: Exception | None) -> None:
        pass


@pytest.mark.parametrize("already", [0, CONNECTIONS])
def test_a_transport_of_any_loop_is_guarded(already: int, monkeypatch: pytest.MonkeyPatch) -> None:
    http = Spoken()
    monkeypatch.setattr(connections, "AutoHTTPProtocol", lambda **given: http)
    transport = Strange()

    async def connect() -> None:
        guarded = Guarded(server_state=SimpleNamespace(connections=set(range(already))))
        guarded.connection_made(cast(asyncio.BaseTransport, transport))
        guarded.connection_lost(None)

    asyncio.run(connect())

    if already:
        assert (http.made, transport.written, transport.closed) == ([], BUSY, True)
    else:
        assert (http.made, transport.closed) == ([transport], False)
