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


@pytest.mark.parametrize("already", [0, CONNECTIONS])
def test_a_transport_of_any_loop_is_guarded(already: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    http = SimpleNamespace(connection_made=made.append, connection_lost=lambda error: None)
    monkeypatch.setattr(connections, "AutoHTTPProtocol", lambda **given: http)
    transport = Strange()

    async def connect() -> None:
        guarded = Guarded(server_state=SimpleNamespace(connections=set(range(already))))
        guarded.connection_made(cast(asyncio.BaseTransport, transport))
        guarded.connection_lost(None)

    asyncio.run(connect())

    if already:
        assert (made, transport.written, transport.closed) == ([], BUSY, True)
    else:
        assert (made, transport.closed) == ([transport], False)
