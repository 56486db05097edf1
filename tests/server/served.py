"""A server that listens on loopback in a thread of this process, over a real store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sweeper.artifacts import open_artifacts
from sweeper.server.app import make_app
from sweeper.server.listen import _Server, address, listen, settings
from sweeper.server.security.access import Access
from sweeper.server.security.hosts import HostPolicy
from sweeper.server.security.tokens import Token, Tokens
from sweeper.server.shell import Shell
from sweeper.store.store import SqlStore


def application(store: SqlStore, *tokens: Token, read_only: bool = False) -> Any:
    access = Access(Tokens(tokens), HostPolicy("127.0.0.1"), read_only=read_only)
    return make_app(store, open_artifacts(store.artifacts), access, shell=Shell(access, store=store.url))


class Exchanged:
    """An application that is exchanged while its server listens on: each test has a store of its own."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@contextmanager
def served(store: SqlStore, *tokens: Token, port: int = 0) -> Iterator[str]:
    """Serve a store; gives the address. Without tokens everybody may do everything."""
    with serving(application(store, *tokens), port) as url:
        yield url


@contextmanager
def serving(app: Any, port: int = 0) -> Iterator[str]:
    """Serve an application; gives the address."""
    listening = listen("127.0.0.1", port)
    ready = threading.Event()
    config = settings(app, log_level="warning")
    server = _Server(config, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert ready.wait(20)
    yield address(listening)
    server.should_exit = True
    thread.join(20)
    listening.close()
