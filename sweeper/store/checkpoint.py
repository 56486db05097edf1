"""Which process copies the write-ahead log back into a SQLite file: the one that holds a lock beside it.

SQLite before 3.51.3 can corrupt a database when two connections write and checkpoint at the same moment, so
there is only ever one that does. The lock is the system's: it is gone with its process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


class CheckpointLock:
    """The lock file ``<database>-checkpoint``."""

    def __init__(self, database: Path) -> None:
        self._path = f"{database}-checkpoint"
        self._file: int | None = None

    def take(self) -> bool:
        """Return whether this object holds the lock, taking it if nobody does."""
        if self._file is None:
            file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            if not _lock(file):
                os.close(file)
                return False
            self._file = file
        return True

    def close(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock(file: int) -> bool:
    if sys.platform == "win32":  # no such lock there: one process writes
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
