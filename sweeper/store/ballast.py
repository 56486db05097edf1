"""A file beside a SQLite database that only takes room: it is deleted when the disk is full, so that the last results
still find a place."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

SIZE = 8 * 2**20
LEAST_FREE = 200 * 2**20  #: on a disk with less room than this there is none
LOOK_SECONDS = 30.0  #: between two looks whether there is room for it again


class Ballast:
    """The file ``<database>-ballast``, shared by all processes that write the database."""

    def __init__(self, database: Path) -> None:
        self._path = Path(f"{database}-ballast")
        self._look = 0.0

    def keep(self) -> None:
        """Make the file if it is not there and the disk has room to spare; looks now and then, and never fails."""
        now = time.monotonic()
        if now < self._look:
            return
        self._look = now + LOOK_SECONDS
        with contextlib.suppress(OSError):
            if not self._path.exists() and _free(self._path.parent) >= LEAST_FREE:
                self._make()

    def drop(self) -> bool:
        """Delete the file; return whether it was there. It is not made again for a while."""
        self._look = time.monotonic() + LOOK_SECONDS
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _make(self) -> None:
        file = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file, 0, SIZE)
            else:
                os.write(file, b"\0" * SIZE)
        except OSError:
            self._path.unlink(missing_ok=True)
        finally:
            os.close(file)


def _free(folder: Path) -> int:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize
