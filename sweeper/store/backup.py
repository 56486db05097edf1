"""``sweeper db backup``: a copy of the SQLite store that a URL names."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from sweeper.errors import StoreUnavailable, UsageError
from sweeper.store import schema
from sweeper.store.copying import copy
from sweeper.store.url import locate


def back_up(url: str | os.PathLike[str] | None, target: Path, *, force: bool = False) -> int:
    """Write a copy of the store to the file ``target``, check it, and return its size in bytes.

    The copy is whole or not there. Raises UsageError for a server or when ``target`` exists (unless ``force``),
    StoreUnavailable when the store cannot be read or the copy not be written.
    """
    location = locate(url)
    if location.path is None:
        raise UsageError(
            f"{location.shown}: a server is backed up by its own tools (pg_dump, mysqldump); "
            "sweeper db export writes its contents as JSON Lines"
        )
    if target.exists() and not force:
        raise UsageError(f"{target} exists already, so nothing was written. To overwrite: --force")
    if not location.path.is_file():
        raise StoreUnavailable(f"there is no store at {location.path}")
    try:
        with contextlib.closing(sqlite3.connect(location.path.as_uri() + "?mode=ro", uri=True)) as source:
            schema.check(source, location.path)
            copy(source, target)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"{target} could not be written: {error}") from None
    return target.stat().st_size
