"""Failed trials by cause: the class, what the message says, and the last line of code."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from sweeper.analysis.columns import TrialTable
from sweeper.records import Failure, RunState

FRAME = re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+), in (?P<function>[^\n]+)$', re.MULTILINE)
VARIABLE = re.compile(r"0x[0-9a-fA-F]+|\b[0-9a-f]{16,}\b|[-+]?\b\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
LONGEST = 2_000  #: characters of a message that are compared


class FailureGroup(NamedTuple):
    """Trials that failed alike. ``example`` is the first one's failure, ``place`` its last line of code, or ""."""

    kind: str
    message: str
    place: str
    numbers: tuple[int, ...]
    example: Failure

    @property
    def size(self) -> int:
        return len(self.numbers)


def failure_groups(table: TrialTable) -> list[FailureGroup]:
    """Group the failed trials, the most frequent cause first.

    Two failures are alike when class, last line of code and message are, numbers and addresses in it aside.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    rows = np.flatnonzero(table.state == RunState.FAILED)
    for row in rows:
        failure = table.failures[row]
        if failure is not None:
            groups.setdefault(signature(failure), []).append(int(row))
    found = []
    for members in groups.values():
        example = table.failures[members[0]]
        assert example is not None
        numbers = tuple(int(table.number[row]) for row in members)
        found.append(FailureGroup(str(example.kind), first_line(example.message), place(example), numbers, example))
    return sorted(found, key=lambda group: (-group.size, group.numbers))


def signature(failure: Failure) -> tuple[str, str, str]:
    """Return what failures of the same cause have in common."""
    frame = _last_frame(failure.traceback)
    where = f"{frame['file']}:{frame['function']}" if frame else ""
    return str(failure.kind), VARIABLE.sub("#", first_line(failure.message)[:LONGEST]), where


def place(failure: Failure) -> str:
    """Return the last line of code as ``train.py:12 in fit``, or ""."""
    frame = _last_frame(failure.traceback)
    return f"{frame['file'].rpartition('/')[2]}:{frame['line']} in {frame['function']}" if frame else ""


def first_line(message: str) -> str:
    return next((line.strip() for line in message.splitlines() if line.strip()), "")


def _last_frame(traceback: str) -> re.Match[str] | None:
    found = None
    for found in FRAME.finditer(traceback):  # noqa: B007  # only the last one matters
        pass
    return found
