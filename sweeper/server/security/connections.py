"""One connection and its bounds: how many there may be, and how long one may take to say what it wants.

What speaks HTTP is uvicorn's; it knows no limit for headers that never end, for bodies that trickle, for answers that
nobody takes.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

CONNECTIONS = 500  #: open at the same time; more are told to come again
SLOWEST = 1024  #: bytes a second that a body has to make on the whole, once its time is over
ANSWER_SECONDS = 120.0  #: that a client may take nothing of an answer
BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 2\r\nconnection: close\r\n\r\n"


class Phase(Enum):
    """What a client is sending: seconds that it has, and bytes that it may be."""

    HEADERS = (20.0, 64 << 10)
    BODY = (60.0, 1 << 60)  #: more time when it is fast enough; its route knows its size
    REST = (60.0, 128 << 20)  #: of a body that was refused: who is cut off while sending sees no answer


class Guarded(asyncio.Protocol):
    """A connection of uvicorn's that is closed when there are too many, or when a request does not get on."""

    def __init__(self, **given: Any) -> None:
        self._http: Any = AutoHTTPProtocol(**given)
        self._open: set[Any] = given["server_state"].connections
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._phase: Phase | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class, and has all its methods
        if len(self._open) >= CONNECTIONS:
            transport.write(BUSY)
            transport.close()
            return
        self._transport = transport
        self._http.connection_made(transport)
        self._open.discard(self._http)
        self._open.add(self)
        self._enter(Phase.HEADERS)

    def data_received(self, data: bytes) -> None:
        if self._transport is None:
            return
        self._http.data_received(data)
        cycle = self._http.cycle
        if cycle is None:
            phase: Phase | None = Phase.HEADERS
        elif cycle.response_complete:
            phase = Phase.REST if cycle.more_body else Phase.HEADERS
        else:
            phase = Phase.BODY if cycle.more_body else None
        if phase is not self._phase:
            self._enter(phase)
        if phase is not None:
            self._bytes += len(data)
            if self._bytes > phase.value[1]:
                self._transport.abort()

    def shutdown(self) -> None:
        """The server ends: an open request gets some time, a stream would never end by itself."""
        self._http.shutdown()
        cycle = self._http.cycle
        if cycle is not None and (end := cycle.scope.get("state", {}).get("end_stream")) is not None:
            end()

    def eof_received(self) -> bool | None:
        return None if self._transport is None else self._http.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._enter(None)
        self._taken()
        if self._transport is not None:
            self._open.discard(self)
            self._http.connection_lost(exc)

    def pause_writing(self) -> None:
        if self._transport is not None:
            self._http.pause_writing()
            self._unread = self._loop.call_later(ANSWER_SECONDS, self._transport.abort)

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._taken()
            self._http.resume_writing()

    def _enter(self, phase: Phase | None) -> None:
        self._phase, self._bytes = phase, 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if phase is not None:
            self._began = self._loop.time()
            self._timer = self._loop.call_later(phase.value[0], self._late)

    def _late(self) -> None:
        """The time of a phase is over: the end, but for a body that gets on, or that waits for us."""
        assert self._transport is not None
        fast = self._bytes >= SLOWEST * (self._loop.time() - self._began)
        if self._phase is Phase.BODY and (fast or self._http.flow.read_paused):
            self._timer = self._loop.call_later(Phase.BODY.value[0], self._late)
        else:
            self._transport.abort()

    def _taken(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
