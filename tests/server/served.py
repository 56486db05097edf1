"""A server that listens on loopback in a thread of this process, over a real store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from sweeper.artifacts import open_artifacts
from sweeper.server.app import Access, make_app
from sweeper.server.listen import _Server, address, listen
from sweeper.server.security.hosts import HostPolicy
from sweeper.server.security.tokens import Token, Tokens
from sweeper.store.store import SqlStore


def application(store: SqlStore, *tokens: Token) -> Any:
    return make_app(store, open_artifacts(store.artifacts), Access(Tokens(tokens), HostPolicy("127.0.0.1")))


@contextmanager
def served(store: SqlStore, *tokens: Token, port: int = 0) -> Iterator[str]:
    """Serve a store; gives the address. Without tokens everybody may do everything."""
    listening = listen("127.0.0.1", port)
    ready = threading.Event()
    config = uvicorn.Config(application(store, *tokens), log_level="warning", access_log=False, lifespan="off")
    server = _Server(config, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert ready.wait(20)
    yield address(listening)
    server.should_exit = True
    thread.join(20)
    listening.close()
