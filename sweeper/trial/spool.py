"""Results that a worker could not hand over, kept on disk until the sweep is resumed.

One file per worker: for each frame its length, its CRC-32 and its bytes. Written to a temporary name, synced, renamed.
A torn or damaged end is dropped; what stands before it is used.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sweeper.trial.frames import Frame, unpack

SUFFIX = ".spool"
_HEAD = struct.Struct("<4sII")
_MARK = b"SwSp"


def write(folder: Path, name: str, frames: Iterable[bytes]) -> Path | None:
    """Write frames durably and return the file, or None when there are none."""
    body = b"".join(_HEAD.pack(_MARK, len(frame), zlib.crc32(frame)) + frame for frame in frames)
    if not body:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final, temporary = folder / f"{name}{SUFFIX}", folder / f"{name}.tmp"
    descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        view = memoryview(body)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.rename(final)
    directory = os.open(folder, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return final


def read(path: Path) -> Iterator[Frame]:
    """Yield the whole frames of a file, in order."""
    body = path.read_bytes()
    at = 0
    while at + _HEAD.size <= len(body):
        mark, length, check = _HEAD.unpack_from(body, at)
        frame = body[at + _HEAD.size : at + _HEAD.size + length]
        if mark != _MARK or len(frame) < length or zlib.crc32(frame) != check:
            return
        yield unpack(frame)
        at += _HEAD.size + length


def files(folder: Path) -> list[Path]:
    """Return the spool files of a folder, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns) if folder.is_dir() else []
