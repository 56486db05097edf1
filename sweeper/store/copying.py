"""A whole copy of a SQLite file, made while others write it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from sweeper.errors import StoreUnavailable


def copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy what is committed in ``source`` to a file that only its owner can read: checked, and whole or not there."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        source.execute("VACUUM INTO ?", (str(part),))
        _check(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _check(path: Path) -> None:
    """Look at every page of a copy, and bring it to the disk."""
    with contextlib.closing(sqlite3.connect(path)) as copied:
        wrong = [row[0] for row in copied.execute("PRAGMA quick_check(1)") if row[0] != "ok"]
    if wrong:
        raise StoreUnavailable(f"the copy is damaged ({wrong[0]}): so may be the store. Run: sweeper doctor")
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.close(file)
