"""Frames: a piece of an attempt's numbered stream of records, as one line of JSON.

The same bytes go over the channel, come back as the result of a call, and lie in the spool.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sweeper import wire
from sweeper.events import Event


@dataclass(frozen=True, slots=True)
class Frame:
    """Records ``first``, ``first + 1``, ... of one attempt's stream. ``serial`` numbers a controller's calls."""

    run_id: str
    attempt: int
    serial: int
    first: int
    events: tuple[Event, ...]

    @property
    def end(self) -> int:
        return self.first + len(self.events)


def pack(run_id: str, attempt: int, serial: int, first: int, events: Sequence[list[Any]]) -> bytes:
    """Return a frame of already encoded events."""
    return wire.dumps(["frame", run_id, attempt, serial, first, events])


def line(frame: Frame) -> bytes:
    """Return the line that a frame was unpacked from."""
    return pack(frame.run_id, frame.attempt, frame.serial, frame.first, [wire.encode(event) for event in frame.events])


def unpack(line: bytes | list[Any]) -> Frame:
    """Return the frame in a line (or in its parsed form). Raises ValueError when it is not one."""
    try:
        kind, run_id, attempt, serial, first, events = json.loads(line) if isinstance(line, bytes) else line
    except (TypeError, ValueError) as error:
        raise ValueError(f"not a frame: {line[:100]!r}") from error
    if kind != "frame":
        raise ValueError(f"not a frame: {str(kind)[:100]!r}")
    return Frame(run_id, attempt, serial, first, tuple(wire.decode(event) for event in events))
