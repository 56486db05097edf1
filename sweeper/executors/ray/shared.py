"""A folder of the controller that workers on every host see: sent once to each node, kept once there.

Ray's object store carries it (``ray.put``, fetched once by each node); on a node it is written to files, which workers
map read-only. The last host to leave a node removes them; a lock shows who is still there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any


@dataclass
class SharedFolder:
    """The folder ``source`` of the controller's host; ``key`` is what its copies are called."""

    source: str
    key: str
    lock: IO[bytes] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, folder: str) -> SharedFolder:
        return cls(folder, hashlib.sha256(f"{folder}{os.urandom(8).hex()}".encode()).hexdigest()[:16])

    def content(self) -> dict[str, Any]:
        """Return the files as arrays of bytes, which Ray's object store carries without a copy."""
        import numpy as np

        return {path.name: np.fromfile(path, np.uint8) for path in Path(self.source).iterdir()}

    def mark(self) -> None:
        """Leave a sign in the source, by which a host knows that it sees the very same folder."""
        (Path(self.source) / f".{self.key}").touch()

    def settle(self, fetch: Callable[[], dict[str, Any]]) -> str:
        """Return where the folder is on this host: the source itself, or a copy made by whoever comes first."""
        if (Path(self.source) / f".{self.key}").exists():
            return self.source
        place = self._place()
        _sweep(place.parent)
        self.lock = _held(place)
        whole = place / "whole"
        with open(place / "making", "ab") as making:
            fcntl.flock(making, fcntl.LOCK_EX)
            if not whole.exists():
                part = Path(tempfile.mkdtemp(dir=place))
                for name, content in fetch().items():
                    content.tofile(part / name)
                part.rename(whole)
        return str(whole)

    def leave(self) -> None:
        """This host needs the folder no more."""
        if self.lock is not None:
            _remove_if_alone(self._place(), self.lock)
            self.lock.close()

    def _place(self) -> Path:
        return Path(tempfile.gettempdir()) / f"sweeper-data-{os.getuid()}" / self.key


def _held(place: Path) -> IO[bytes]:
    """Return the lock of a folder, held with others; the folder is made if it is not there, or was just removed."""
    while True:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock = open(place / "lock", "ab")  # noqa: SIM115  # held until its host leaves
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_SH)
        if os.fstat(lock.fileno()).st_nlink:
            return lock
        lock.close()


def _sweep(root: Path) -> None:
    """Remove copies that nobody holds any more: their hosts were killed."""
    for place in root.iterdir() if root.is_dir() else ():
        try:
            with open(place / "lock", "ab") as lock:
                _remove_if_alone(place, lock)
        except OSError:
            continue


def _remove_if_alone(place: Path, lock: IO[bytes]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    shutil.rmtree(place, ignore_errors=True)
    try:
        place.parent.rmdir()
    except OSError:
        return
