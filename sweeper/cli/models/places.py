"""What a person may write for a model: a URI, the short form of one, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sweeper.errors import NotFound

if TYPE_CHECKING:
    from sweeper.cli.session import Session
    from sweeper.registry.registry import Resolved


@contextmanager
def finder(session: Session, what: str) -> Iterator[Callable[[], Resolved]]:
    """Give what finds the files of a model, each time anew: an alias may have moved. A folder needs no store."""
    from sweeper.registry.registry import Registry, Resolved
    from sweeper.registry.uris import is_uri

    if not is_uri(what) and Path(what).expanduser().is_dir():
        folder = str(Path(what).expanduser().resolve())
        yield lambda: Resolved(what, folder)
        return
    if not is_uri(what) and what.startswith(("./", "../", "/", "~/")):
        raise NotFound("folder", what, hint=f"It was looked for from {Path.cwd()}.")
    uri = what if is_uri(what) else f"models:/{what}"
    with session.store() as store:
        registry = Registry(store)
        yield lambda: registry.resolve(uri)
