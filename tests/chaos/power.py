"""Power cuts, simulated: from a log of writes and syncs, what a disk may hold after a cut at any point of it.

What was synced is there. Of what was not, a random part is; half of the writes that are there are torn at 512 bytes.
(A disk that lies about its flush, and lost directory entries, are not modelled.)
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("<cHQI")
SECTOR = 512


@dataclass(frozen=True)
class Operation:
    """``kind``: a (append), w (write at offset), t (truncate to offset), s (sync)."""

    kind: str
    path: str
    offset: int
    data: bytes


@dataclass
class Disk:
    """One file: what is synced, and what came after."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)

    def take(self, operation: Operation) -> None:
        if operation.kind == "s":
            for each in self.pending:
                _apply(self.synced, each)
            self.pending.clear()
        else:
            self.pending.append(operation)

    def after_cut(self, chance: random.Random) -> bytes:
        """Return what the file may hold when the power goes now."""
        content = bytearray(self.synced)
        share = chance.random()
        for each in self.pending:
            if chance.random() < share:
                _apply(content, each, chance if chance.random() < 0.5 else None)
        return bytes(content)


def _apply(content: bytearray, operation: Operation, tear: random.Random | None = None) -> None:
    if operation.kind == "t":
        del content[operation.offset :]
        content.extend(bytes(operation.offset - len(content)))
        return
    at = len(content) if operation.kind == "a" else operation.offset
    for start in range(0, len(operation.data), SECTOR):
        if tear is not None and tear.random() < 0.5:
            continue
        piece = operation.data[start : start + SECTOR]
        content.extend(bytes(max(0, at + start - len(content))))
        content[at + start : at + start + len(piece)] = piece


def operations(log: Path) -> Iterator[Operation]:
    """Read the log that ``native/disk.c`` wrote."""
    body, at = log.read_bytes(), 0
    while at < len(body):
        kind, path, offset, data = _HEAD.unpack_from(body, at)
        at += _HEAD.size
        yield Operation(kind.decode(), body[at : at + path].decode(), offset, body[at + path : at + path + data])
        at += path + data


def cuts(log: Sequence[Operation], names: Sequence[str], acks: str, count: int, chance: random.Random) -> Iterator[
    tuple[dict[str, bytes], list[int]]
]:
    """Yield ``count`` times what the files ``names`` hold after a cut, and what had been acknowledged before it."""
    first = next(i for i, operation in enumerate(log) if operation.path.endswith(f"/{acks}"))
    points = sorted(chance.randrange(first + 1, len(log) + 1) for _ in range(count))
    disks = {name: Disk() for name in names}
    acknowledged: list[int] = []
    done = 0
    for point in points:
        for operation in log[done:point]:
            name = operation.path.rpartition("/")[2]
            if name in disks:
                disks[name].take(operation)
            elif name == acks:
                acknowledged += [int(line) for line in operation.data.split()]
        done = point
        yield {name: disk.after_cut(chance) for name, disk in disks.items()}, list(acknowledged)
