"""What an objective prints, kept per trial: the tail, bounded."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TextIO

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
    """For trials in this very process: prints go on to the terminal, and a copy is kept."""

    def __init__(self) -> None:
        self._kept = io.StringIO()
        self._stdout, self._stderr = sys.stdout, sys.stderr
        sys.stdout = _Copy(self._stdout, self._kept)
        sys.stderr = _Copy(self._stderr, self._kept)

    def close(self) -> str:
        """Put the streams back and return what was printed."""
        sys.stdout, sys.stderr = self._stdout, self._stderr
        return self._kept.getvalue()[-TAIL:]


class _Copy(io.TextIOBase):
    def __init__(self, stream: TextIO, kept: io.StringIO) -> None:
        self._stream, self._kept = stream, kept

    def write(self, content: str) -> int:
        self._kept.write(content)
        return self._stream.write(content)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


def _readable(content: bytes, cut: bool) -> str:
    found = content.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"[earlier output not kept]\n{found}" if cut else found


def _flush(stream: TextIO | None) -> None:
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        pass
