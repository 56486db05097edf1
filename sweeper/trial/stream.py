"""The worker's end of an attempt's records: buffered, merged, numbered, and kept until acknowledged."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from sweeper import wire
from sweeper.events import Event, PointsLogged
from sweeper.interfaces import ArtifactStore
from sweeper.trial import frames

FLUSH_SECONDS = 0.2  #: records wait at most about this long before they leave
FLUSH_POINTS = 1000  #: ... or until this many are together


class AttemptSink:
    """Where the records of one attempt go; a thread that outlives its attempt writes into the void."""

    def __init__(self, stream: Stream, serial: int) -> None:
        self._stream, self._serial = stream, serial

    def emit(self, event: Event) -> None:
        self._stream.emit(event, self._serial)

    def artifacts(self) -> ArtifactStore:
        return self._stream.artifacts()


class Stream:
    """Takes the records of one attempt after another, from any thread.

    ``send`` carries a frame to the controller and may block.
    """

    def __init__(self, send: Callable[[bytes], None], artifacts: Callable[[], ArtifactStore]) -> None:
        self._send = send
        self._artifacts = artifacts
        self._lock = threading.Lock()
        self._key = ("", 0, 0)
        self._pending: list[list[Any]] = []
        self._points = 0
        self._next = 0
        self._flushed = 0.0
        self._open = False
        self._kept: deque[tuple[int, int, bytes]] = deque()

    def begin(self, run_id: str, attempt: int, serial: int) -> AttemptSink:
        """Start the stream of another attempt and return where its records go."""
        with self._lock:
            self._key = (run_id, attempt, serial)
            self._pending, self._points, self._next = [], 0, 0
            self._flushed = time.monotonic()
            self._open = True
            return AttemptSink(self, serial)

    def emit(self, event: Event, serial: int | None = None) -> None:
        """Take one record of call ``serial`` (None: the current one); those of a call that ended are ignored."""
        with self._lock:
            if not self._open or serial not in (None, self._key[2]):
                return
            self._append(event)
            if self._points >= FLUSH_POINTS or time.monotonic() - self._flushed > FLUSH_SECONDS:
                self._flush()

    def artifacts(self) -> ArtifactStore:
        return self._artifacts()

    def flush(self) -> None:
        """Send what waits, now: whoever reads the channel has it, even if this process is killed next."""
        with self._lock:
            if self._open and self._pending:
                self._flush()

    def tick(self) -> None:
        """Send what waits, so that a quiet objective's last records are seen."""
        with self._lock:
            if self._open and self._pending and time.monotonic() - self._flushed > FLUSH_SECONDS:
                self._flush()

    def finish(self, last: Callable[[int], Event]) -> bytes:
        """Close the stream with the record ``last(number of records before it)`` and return its final frame."""
        with self._lock:
            self._open = False
            self._pending.append(wire.encode(last(self._next + len(self._pending) + 1)))
            return self._frame()

    def acknowledge(self, serial: int, applied: int) -> None:
        """Forget what the store has: calls before ``serial``, and of that one the first ``applied`` records."""
        with self._lock:
            while self._kept and self._kept[0][:2] <= (serial, applied):
                self._kept.popleft()

    def unacknowledged(self) -> list[bytes]:
        """Return the frames that the store may not have, oldest first."""
        with self._lock:
            return [frame for _, _, frame in self._kept]

    def _append(self, event: Event) -> None:
        if type(event) is PointsLogged:
            self._points += len(event.points)
            last = self._pending[-1] if self._pending else None
            if last is not None and last[0] == "PointsLogged" and last[1]["run_id"] == event.run_id:
                last[1]["points"].extend((p.key, p.value, p.step, p.time) for p in event.points)
                return
        self._pending.append(wire.encode(event))

    def _flush(self) -> None:
        self._send(self._frame())
        self._flushed = time.monotonic()

    def _frame(self) -> bytes:
        run_id, attempt, serial = self._key
        frame = frames.pack(run_id, attempt, serial, self._next, self._pending)
        self._next += len(self._pending)
        self._pending, self._points = [], 0
        self._kept.append((serial, self._next, frame))
        return frame
