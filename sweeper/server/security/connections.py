"""One connection and its bounds: how many there may be, and how long one may take to say what it wants.

What speaks HTTP is uvicorn's; it knows neither a limit for headers that never end nor one for open connections.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

CONNECTIONS = 500  #: open at the same time; more are told to come again
HEADER_SECONDS = 20.0  #: from the first byte of a request to the end of its headers, and for a first byte
HEADER_BYTES = 64 << 10
REST_SECONDS = 60.0  #: for the rest of a body that was refused: who is cut off while sending sees no answer
ANSWER_SECONDS = 120.0  #: that a client may take nothing of an answer
REST_BYTES = 128 << 20
BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 2\r\nconnection: close\r\n\r\n"


class Guarded(asyncio.Protocol):
    """A connection of uvicorn's that is closed when there are too many, or when a request does not get on."""

    def __init__(self, **given: Any) -> None:
        self._http: Any = AutoHTTPProtocol(**given)
        self._open: set[Any] = given["server_state"].connections
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class, and has all its methods
        if len(self._open) >= CONNECTIONS:
            transport.write(BUSY)
            transport.close()
            return
        self._transport = transport
        self._http.connection_made(transport)
        self._timer = self._loop.call_later(HEADER_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        if self._transport is None:
            return
        self._http.data_received(data)
        cycle = self._http.cycle
        if cycle is not None and not cycle.response_complete:
            self._at_ease()
            return
        refused = cycle is not None and cycle.more_body
        self._bytes += len(data)
        if self._bytes > (REST_BYTES if refused else HEADER_BYTES):
            self._transport.abort()
        elif self._timer is None:
            self._timer = self._loop.call_later(REST_SECONDS if refused else HEADER_SECONDS, self._transport.abort)

    def eof_received(self) -> bool | None:
        return None if self._transport is None else self._http.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._at_ease()
        self._read()
        if self._transport is not None:
            self._http.connection_lost(exc)

    def pause_writing(self) -> None:
        if self._transport is not None:
            self._http.pause_writing()
            self._unread = self._loop.call_later(ANSWER_SECONDS, self._transport.abort)

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._read()
            self._http.resume_writing()

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _at_ease(self) -> None:
        self._bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
