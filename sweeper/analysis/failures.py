"""Failed trials by cause: the class, what the message says, and the last lines of code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sweeper.records import Failure, RunState

if TYPE_CHECKING:
    from sweeper.analysis.columns import TrialTable

FRAME = re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+), in (?P<function>[^\n]+)$', re.MULTILINE)
VARIABLE = re.compile(r"0x[0-9a-fA-F]+|\b[0-9a-f]{16,}\b|[-+]?\b\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
PATH = re.compile(r"(?<![\w.:/])(?:~|[A-Za-z]:)?(?:[/\\][^\s'\"/\\:,;()]+){2,}")
FRAMES = 2  #: last lines of code that are compared
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

    Two failures are alike when class, last lines of code and message are, with the numbers, addresses and folders in
    it aside.
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
    frames = list(FRAME.finditer(failure.traceback))[-FRAMES:]
    where = " > ".join(f"{_name(frame['file'])}:{frame['function']}" for frame in frames)
    message = PATH.sub(lambda match: f"…/{_name(match[0])}", first_line(failure.message)[:LONGEST])
    return str(failure.kind), VARIABLE.sub("#", message), where


def place(failure: Failure) -> str:
    """Return the last line of code as ``train.py:12 in fit``, or ""."""
    frames = list(FRAME.finditer(failure.traceback))
    if not frames:
        return ""
    last = frames[-1]
    return f"{_name(last['file'])}:{last['line']} in {last['function']}"


def first_line(message: str) -> str:
    return next((line.strip() for line in message.splitlines() if line.strip()), "")


def _name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]
