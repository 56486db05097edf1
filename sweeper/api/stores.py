"""The stores that code of this process has open: one per database, closed when the interpreter ends."""

from __future__ import annotations

import atexit
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sweeper.interfaces import Store

_Key = tuple[str, str | None, bool]

_open: dict[_Key, Store] = {}
_inherited: list[Store] = []  # a forked child may neither use nor close what its parent has open
_lock = threading.Lock()


def shared_store(url: str | None = None, artifacts: str | None = None, *, read_only: bool = False) -> Store:
    """Return the store of ``url`` (None: SWEEPER_STORE, else sweeper.db in the current directory), opened once.

    For reading only, a store that this process already writes will do.
    """
    from sweeper.store import open_store
    from sweeper.store.url import locate, server_of

    place = server_of(url) or locate(url).shown
    with _lock:
        if not _open:
            atexit.register(close_all)
        writable, key = (place, artifacts, False), (place, artifacts, read_only)
        if writable in _open:
            return _open[writable]
        if key not in _open:
            _open[key] = open_store(url, artifacts=artifacts, read_only=read_only)
        return _open[key]


def writable(store: Store) -> Store:
    """Return the same store for writing, when this one was opened for reading only."""
    return shared_store(store.url) if getattr(store, "read_only", False) else store


def close_all() -> None:
    """Close every store; the next use opens anew."""
    atexit.unregister(close_all)
    with _lock:
        while _open:
            _open.popitem()[1].close()


def _forget() -> None:
    global _lock
    _lock = threading.Lock()
    _inherited.extend(_open.values())
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
