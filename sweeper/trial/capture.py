"""What an objective prints, kept per trial: the tail, bounded."""

from __future__ import annotations

import io
import os
import sys
from collections import deque
from pathlib import Path
from typing import Any, TextIO

from sweeper.trial.values import printable

TAIL = 64 * 1024  #: bytes of output kept per attempt
RUNAWAY = 16 * 1024 * 1024  #: a log file longer than this is cut back to its tail while the trial runs


def tail_of(path: Path, limit: int = TAIL) -> str:
    """Return the last ``limit`` bytes of a file as text; empty when there is no such file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - limit))
            return _readable(file.read(), size > limit)
    except OSError:
        return ""


class FileCapture:
    """Sends file descriptors 1 and 2 of a worker into one file: prints of any language and of child processes.

    The file is emptied between trials, so what it holds belongs to the current one, also after a crash.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_TRUNC, 0o600)
        for stream in (sys.stdout, sys.stderr):
            _flush(stream)
        os.dup2(self._file, 1)
        os.dup2(self._file, 2)
        sys.stdout = io.TextIOWrapper(
            os.fdopen(1, "wb", buffering=0, closefd=False), "utf-8", errors="backslashreplace", write_through=True
        )
        sys.stderr = io.TextIOWrapper(
            os.fdopen(2, "wb", buffering=0, closefd=False), "utf-8", errors="backslashreplace", write_through=True
        )

    def take(self) -> str:
        """Return what was printed since the last call, and begin anew."""
        size = os.fstat(self._file).st_size
        if size == 0:
            return ""
        content = os.pread(self._file, TAIL, max(0, size - TAIL))
        os.ftruncate(self._file, 0)
        return _readable(content, size > TAIL)

    def bound(self) -> None:
        """Cut the file of a trial that prints without end back to its tail."""
        size = os.fstat(self._file).st_size
        if size > RUNAWAY:
            content = os.pread(self._file, TAIL, size - TAIL)
            os.ftruncate(self._file, 0)
            os.write(self._file, content)


class Tee:
    """For trials in this very process: prints go on to the terminal, and a copy of the tail is kept."""

    def __init__(self) -> None:
        self._kept = _Tail()
        self._streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self._copies = tuple(_Copy(stream, self._kept) for stream in self._streams)

    def close(self) -> str:
        """Put the streams back, unless somebody replaced them meanwhile, and return what was printed."""
        if sys.stdout is self._copies[0]:
            sys.stdout = self._streams[0]
        if sys.stderr is self._copies[1]:
            sys.stderr = self._streams[1]
        return self._kept.close()


class _Tail:
    """The last :data:`TAIL` characters that were added until it was closed."""

    def __init__(self) -> None:
        self._parts: deque[str] = deque()
        self._size = 0
        self._cut = self._closed = False

    def add(self, content: str) -> None:
        if self._closed or not content:
            return
        self._parts.append(content[-TAIL:])
        self._size += len(self._parts[-1])
        self._cut |= len(content) > TAIL
        while self._size - len(self._parts[0]) >= TAIL:
            self._size -= len(self._parts.popleft())
            self._cut = True

    def close(self) -> str:
        self._closed = True
        kept = "".join(self._parts)
        return _marked(printable(kept[-TAIL:]), self._cut or len(kept) > TAIL)


class _Copy(io.TextIOBase):
    """A stream that keeps what is written through it; in everything else it is the stream."""

    def __init__(self, stream: TextIO, kept: _Tail) -> None:
        self._stream, self._kept = stream, kept

    def write(self, content: str) -> int:
        self._kept.add(content)
        return self._stream.write(content)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # read-only here: it is the stream's
        return self._stream.encoding

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _readable(content: bytes, cut: bool) -> str:
    return _marked(printable(content.decode("utf-8", "replace")), cut)


def _marked(kept: str, cut: bool) -> str:
    return f"[earlier output not kept]\n{kept}" if cut else kept


def _flush(stream: TextIO | None) -> None:
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        pass
