"""Opening the door: a socket, uvicorn, and an orderly end."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from sweeper.errors import UsageError
from sweeper.server.security.connections import Guarded
from sweeper.server.security.gate import App

BACKLOG = 512
KEEP_ALIVE = 75  #: seconds that an idle connection is kept: clients log now and then over one
GRACE = 5  #: seconds that open requests get at the end


@dataclass(frozen=True, slots=True)
class Certificate:
    """TLS: files as ``ssl`` takes them."""

    certificate: Path
    key: Path


class Taken(UsageError):
    """Another program listens at an address."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes any free one. Raises UsageError, Taken.

    It is made for TCP by name: asyncio turns Nagle's algorithm off only then, which costs 40 ms a request otherwise.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        raise UsageError(f"--host {host}: {error.strerror or error}") from None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        where = f"cannot listen at {host}, port {port}"
        if error.errno == errno.EADDRINUSE:
            raise Taken(f"{where}: another program listens there. Choose another --port") from None
        raise UsageError(f"{where}: {error.strerror}") from None
    return made


def address(listening: socket.socket, *, secure: bool = False) -> str:
    """Return the URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{port}"


def settings(app: App, http: type[asyncio.Protocol] = Guarded, **more: Any) -> uvicorn.Config:
    """Return how uvicorn is to serve an application, here and beside a sweep: nothing is told that nobody asked for."""
    return uvicorn.Config(
        app,
        http=http,
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE,
        **more,
    )


def serve(
    app: App,
    listening: socket.socket,
    ready: Callable[[], None],
    tls: Certificate | None = None,
    http: type[asyncio.Protocol] = Guarded,
) -> None:
    """Answer requests until Ctrl-C or SIGTERM; open ones get some seconds to end."""
    options: dict[str, Any] = {}
    if tls is not None:
        options = {"ssl_certfile": str(tls.certificate), "ssl_keyfile": str(tls.key)}
    config = settings(app, http, log_level="warning", timeout_graceful_shutdown=GRACE, **options)
    try:
        config.load()
    except OSError as error:
        raise UsageError(f"--ssl-certfile, --ssl-keyfile: {_named(options)} cannot be used ({error})") from None
    signal.signal(signal.SIGTERM, _end)  # what uvicorn raises again when it is done: the store is closed then
    _Server(config, ready).run(sockets=[listening])


def _named(options: dict[str, Any]) -> str:
    return " and ".join(options.values())


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()
