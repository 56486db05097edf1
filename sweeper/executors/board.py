"""What each slot does right now, in shared memory: the worker writes, the controller reads, no system call."""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import time
from pathlib import Path

_PLACE = struct.Struct("<QQdQ")  #: calls begun, calls ended, start of the current call (monotonic seconds), its process


class Board:
    """One place per slot in a memory-mapped file. ``CLOCK_MONOTONIC`` is one clock for all processes of a host."""

    def __init__(self, path: str, slots: int) -> None:
        self.path, self._size = path, max(slots, 1) * _PLACE.size
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), self._size)

    @classmethod
    def create(cls, slots: int, folder: str | None = None) -> Board:
        """Make the file, in ``folder`` or in the system's folder for temporary files."""
        descriptor, path = tempfile.mkstemp(prefix="sweeper-board-", dir=folder)
        os.write(descriptor, bytes(max(slots, 1) * _PLACE.size))
        os.close(descriptor)
        return cls(path, slots)

    def begin(self, slot: int, pid: int = 0) -> None:
        """A call begins; ``pid`` is its process if it is not the slot's worker."""
        begun, ended, _, _ = self._read(slot)
        _PLACE.pack_into(self._map, slot * _PLACE.size, begun + 1, ended, time.monotonic(), pid)

    def end(self, slot: int) -> None:
        begun, _, since, _ = self._read(slot)
        _PLACE.pack_into(self._map, slot * _PLACE.size, begun, begun, since, 0)

    def reset(self, slot: int) -> None:
        _PLACE.pack_into(self._map, slot * _PLACE.size, 0, 0, 0.0, 0)

    def running_since(self, slot: int) -> float | None:
        """Return when the current call began, or None while the slot is idle."""
        begun, ended, since, _ = self._read(slot)
        return since if begun > ended else None

    def pid(self, slot: int) -> int | None:
        """Return the process of the current call if it is not the slot's worker."""
        return self._read(slot)[3] or None

    def close(self) -> None:
        self._map.close()
        Path(self.path).unlink(missing_ok=True)

    def _read(self, slot: int) -> tuple[int, int, float, int]:
        begun, ended, since, pid = _PLACE.unpack_from(self._map, slot * _PLACE.size)
        return begun, ended, since, pid
