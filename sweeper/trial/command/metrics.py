"""Metrics in what a command writes: lines of JSON on standard output, or a file of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sweeper.errors import UsageError
from sweeper.records import Failure, FailureClass
from sweeper.store.names import check_key, shown
from sweeper.trial.values import CommandFailed, number, step_number

STEPS = ("step", "_step")  #: keys of a line that number it
SUMMARY = "summary"  #: the key of a line that holds final values
LONGEST = 1 << 20  #: bytes of a line that are looked at

Log = Callable[[dict[str, float], int | None], None]  #: (metrics, step or None)


class MetricReader:
    """Takes lines, hands metrics on as they come, and knows the final values.

    A line that is a JSON object gives all numbers in it; in a line with other text around the object, they count when
    the object has one of ``goals``. ``log(metrics, step)`` may raise Pruned. ``note(sentence)`` is told what is left
    out.
    """

    def __init__(self, goals: Sequence[str], log: Log, note: Callable[[str], None]) -> None:
        self._goals, self._log, self._note = tuple(goals), log, note
        names = "|".join(re.escape(json.dumps(goal)[1:-1]) for goal in self._goals)
        self._mention = re.compile(rf"""\{{.*(["'])({names})\1\s*:""") if names else None
        self._last: dict[str, float] = {}
        self._summary: dict[str, float] = {}
        self._wrong = ""
        self._near = ""  # the first line that names a goal and has no object
        self._noted: set[str] = set()

    def line(self, text: str, place: str) -> None:
        """Take one line; ``place`` says where it stands, for a message."""
        if "{" not in text:
            if not self._near and any(goal in text for goal in self._goals):
                self._near = f"; {place} is no JSON object: {shown(text.strip())}"
            return
        named = self._mention is not None and self._mention.search(text) is not None
        found = _object(text, around=named)
        if found is not None:
            self.object(found, place, text)
        elif named:
            self._wrong = f"{place} is no JSON: {shown(text.strip())}{_hint(text)}"

    def object(self, found: Mapping[str, Any], place: str, text: str = "") -> None:
        """Take the metrics of one JSON object."""
        mentions = any(goal in found for goal in self._goals)
        try:
            if isinstance(found.get(SUMMARY), dict):
                self._summary |= self._numbers(found[SUMMARY])
                return
            metrics, step = self._numbers(found), self._step(found)
        except UsageError as error:
            self._wrong = f"{place}: {error}: {shown(text.strip() or dict(found))}" if mentions else self._wrong
            return
        if mentions:
            self._wrong = ""
        if metrics:
            self._last |= metrics
            self._log(metrics, step)

    def result(self, elsewhere: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the final values: the last of each goal, and what a summary says.

        ``elsewhere`` are values that the command logged with a client: they count for a goal that it did not write.
        Raises CommandFailed when there is none of a goal, or the last line that names one cannot be read.
        """
        final = {goal: self._last[goal] for goal in self._goals if goal in self._last} | self._summary
        final = {goal: value for goal, value in (elsewhere or {}).items() if goal in self._goals} | final
        if self._wrong:
            raise _invalid(self._wrong)
        for goal in self._goals:
            if goal not in final:
                example = json.dumps({goal: 0.93})
                raise _invalid(
                    f"the command wrote no {goal!r}, the metric of this sweep: have it print a line such as "
                    f"{example}, write that to the file named by SWEEPER_METRICS_FILE, or log it with an MLflow client"
                    f"{self._near if goal in self._near else ''}"
                )
        return final

    def _numbers(self, found: Mapping[str, Any]) -> dict[str, float]:
        metrics = {}
        for name, value in found.items():
            wanted = name in self._goals
            if (name in STEPS or isinstance(value, bool) or not isinstance(value, int | float)) and not wanted:
                continue
            try:
                if isinstance(value, bool):
                    raise UsageError(f"metric {name!r} must be a number, not {json.dumps(value)}")
                metrics[check_key(name, "metric")] = number(value, name)
            except UsageError as error:
                if wanted:
                    raise
                self._say(str(error))
        return metrics

    def _step(self, found: Mapping[str, Any]) -> int | None:
        for key in STEPS:
            if found.get(key) is not None and key not in self._goals:
                return step_number(found[key], next((goal for goal in self._goals if goal in found), key))
        return None

    def _say(self, sentence: str) -> None:
        if sentence not in self._noted and len(self._noted) < 20:
            self._noted.add(sentence)
            self._note(f"not kept: {sentence}")


class Lines:
    """Bytes as they come, cut into lines."""

    def __init__(self, take: Callable[[str, int], None]) -> None:
        self._take = take
        self._rest = b""
        self._number = 0
        self._skip = False

    def feed(self, chunk: bytes) -> None:
        """Take a piece; whole lines are handed on, each with its number from 1."""
        *whole, rest = (self._rest + chunk).split(b"\n")
        self._rest = b""
        for line in whole:
            self._hand_on(line)
        self._rest = rest
        if len(rest) > LONGEST:
            self._rest, self._skip = b"", True

    def end(self) -> None:
        """Take what is left as a last line."""
        if self._rest:
            rest, self._rest = self._rest, b""
            self._hand_on(rest)

    def _hand_on(self, line: bytes) -> None:
        self._number += 1
        if self._skip or len(line) > LONGEST:
            self._skip = False
            return
        text = line.decode("utf-8", "replace").rstrip("\r")
        self._take(text.rpartition("\r")[2], self._number)


class MetricsFile:
    """The file a command may write its metrics to: lines of JSON that grow, or JSON written at the end."""

    def __init__(self, path: Path, reader: MetricReader) -> None:
        self._path, self._reader = path, reader
        self._begin()

    def poll(self) -> None:
        """Read what was added since the last call."""
        try:
            size = self._path.stat().st_size
            if size < self._read:
                self._begin()
            if size == self._read:
                return
            with self._path.open("rb") as file:
                file.seek(self._read)
                added = file.read(size - self._read)
        except OSError:
            return
        self._read += len(added)
        self._lines.feed(added)

    def end(self) -> None:
        """Read the rest. A file that is no lines of JSON may be one JSON text: an object, or a list of them."""
        self.poll()
        whole = self._whole()
        if whole is None:
            self._lines.end()
            return
        for item in whole:
            if isinstance(item, dict):
                self._reader.object(item, "the metrics file")

    def _whole(self) -> list[Any] | None:
        """Return the objects of a JSON text of several lines; None when the file is none."""
        try:
            text = self._path.read_text("utf-8") if self._read <= LONGEST else ""
            found = json.loads(text)
        except (OSError, ValueError):
            return None
        if "\n" not in text.strip() and isinstance(found, dict):
            return None  # a single line
        return found if isinstance(found, list) else [found]

    def _begin(self) -> None:
        self._read = 0
        self._lines = Lines(lambda text, line: self._reader.line(text, f"line {line} of the metrics file"))


def _object(text: str, *, around: bool) -> dict[str, Any] | None:
    """Return the JSON object that a line is, or with ``around`` holds; None when there is none."""
    inner = text.strip()
    if around:
        inner = inner[inner.index("{") : inner.rfind("}") + 1]
    if not inner.startswith("{"):
        return None
    try:
        found = json.loads(inner)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _hint(text: str) -> str:
    inner = text.strip()
    if "'" in inner and '"' not in inner:
        return "; JSON has double quotes (in Python: print(json.dumps({...})))"
    return "" if inner.endswith("}") else "; it does not end in }"


def _invalid(message: str) -> CommandFailed:
    return CommandFailed(Failure(FailureClass.INVALID_VALUE, message))
