"""A whole copy of a SQLite store, made while others write it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from sweeper.errors import StoreUnavailable, UsageError
from sweeper.store import schema
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
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with contextlib.closing(sqlite3.connect(location.path.as_uri() + "?mode=ro", uri=True)) as source:
            schema.check(source, location.path)
            copy(source, part)
        _check(part)
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"{target} could not be written: {error}") from None
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy what is committed in ``source`` to a new file that only its owner can read."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source.execute("VACUUM INTO ?", (str(target),))


def _check(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as copied:
        wrong = [row[0] for row in copied.execute("PRAGMA quick_check(1)") if row[0] != "ok"]
    if wrong:
        raise StoreUnavailable(f"the copy is damaged ({wrong[0]}): is the store? sweeper doctor tells")
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.close(file)
