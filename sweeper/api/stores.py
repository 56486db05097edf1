"""The stores that code of this process has open: one per URL, closed when the interpreter ends."""

from __future__ import annotations

import atexit
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sweeper.interfaces import Store

_open: dict[tuple[str | None, str | None, str], Store] = {}
_lock = threading.Lock()


def shared_store(url: str | None = None, artifacts: str | None = None) -> Store:
    """Return the store of ``url`` (None: SWEEPER_STORE, else sweeper.db in the current directory), opened once."""
    import os

    from sweeper.store import open_store

    key = (url or os.environ.get("SWEEPER_STORE"), artifacts, os.getcwd())
    with _lock:
        if key not in _open:
            if not _open:
                atexit.register(close_all)
            _open[key] = open_store(url, artifacts=artifacts)
        return _open[key]


def close_all() -> None:
    """Close every store; the next use opens anew."""
    with _lock:
        while _open:
            _open.popitem()[1].close()
