"""What a command writes: shown as it comes, its last lines kept, its metrics read."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from typing import TextIO

from sweeper.trial.command.metrics import Lines, MetricReader, MetricsFile

KEPT = 16 * 1024  #: bytes of the end of each stream kept for a failure's message
PYTHON = "Traceback (most recent call last):"


class Relay:
    """Hands on the output of one command. ``aside``: all of it to stderr, as stdout is read by another reader."""

    def __init__(self, reader: MetricReader, file: MetricsFile, *, aside: bool = False) -> None:
        self._file, self._aside = file, aside
        self._lines = Lines(lambda text, line: reader.line(text, f"line {line} of its output"))
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
        self._tails = {name: bytearray() for name in ("stdout", "stderr")}
        self._closed = False

    def take(self, name: str, chunk: bytes) -> None:
        """Take what came on a stream. May raise what the reader raises; from then on nothing is read any more."""
        self._show(name, self._decoders[name].decode(chunk))
        tail = self._tails[name]
        tail += chunk
        del tail[:-KEPT]
        if name == "stdout":
            self._reading(lambda: self._lines.feed(chunk))

    def tick(self) -> None:
        """Look at the metrics file."""
        self._reading(self._file.poll)

    def end(self) -> None:
        """The command has ended: read what is left."""
        self._reading(self._lines.end)
        self._reading(self._file.end)

    def note(self, sentence: str) -> None:
        """Add a sentence of our own to the output."""
        self._show("stderr", f"sweeper: {sentence}\n")

    def said(self) -> tuple[str, str]:
        """Return the last line of stderr, or of stdout when stderr is empty; and the traceback if one came last."""
        texts = [self._tails[name].decode("utf-8", "replace").strip() for name in ("stderr", "stdout")]
        last = next((text.splitlines()[-1].strip() for text in texts if text), "")
        _, found, trace = texts[0].rpartition(PYTHON)
        return last, found + trace if found else ""

    def _reading(self, read: Callable[[], None]) -> None:
        if self._closed:
            return
        try:
            read()
        except BaseException:
            self._closed = True
            raise

    def _show(self, name: str, text: str) -> None:
        stream: TextIO = sys.stderr if self._aside or name == "stderr" else sys.stdout
        try:
            stream.write(text)
            stream.flush()
        except (OSError, ValueError):
            pass  # nobody listens; what the command measures still counts
