"""What a person may write for a model: a URI, the short form of one, or a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sweeper.errors import NotFound

if TYPE_CHECKING:
    from sweeper.interfaces import Store
    from sweeper.registry.registry import Resolved


def finder(store: Store, what: str) -> Callable[[], Resolved]:
    """Return what finds the files of a model, each time anew: an alias may have moved."""
    from sweeper.registry.registry import Registry, Resolved
    from sweeper.registry.uris import is_uri

    if not is_uri(what) and Path(what).expanduser().is_dir():
        folder = str(Path(what).expanduser().resolve())
        return lambda: Resolved(what, folder)
    if not is_uri(what) and what.startswith(("./", "../", "/", "~/")):
        raise NotFound("folder", what, hint=f"It was looked for from {Path.cwd()}.")
    registry = Registry(store)
    uri = what if is_uri(what) else f"models:/{what}"
    return lambda: registry.resolve(uri)
