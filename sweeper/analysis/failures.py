"""Failed trials by cause: the class, what the message says, and the last line of code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sweeper.records import Failure, RunState

if TYPE_CHECKING:
    from sweeper.analysis.columns import TrialTable

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
    """Group the failed trials of a table, the most frequent cause first."""
    states = zip(table.number.tolist(), table.state.tolist(), table.failures, strict=True)
    return alike((number, failure) for number, state, failure in states if failure and state == RunState.FAILED)


def alike(failed: Iterable[tuple[int, Failure]]) -> list[FailureGroup]:
    """Group failures, each with its trial's number, the most frequent cause first.

    Two failures are alike when class, last line of code and message are, numbers and addresses in it aside.
    """
    groups: dict[tuple[str, str, str], list[tuple[int, Failure]]] = {}
    for number, failure in failed:
        groups.setdefault(signature(failure), []).append((number, failure))
    found = []
    for members in groups.values():
        numbers, example = tuple(number for number, _ in members), members[0][1]
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
