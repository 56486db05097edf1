"""What every actor invoked and what was acknowledged: one synced file of JSON lines per process (after Jepsen)."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

INVOKE, OK, FAIL = "invoke", "ok", "fail"
"""Phases. What was invoked and neither acknowledged nor refused is unknown: the process died in between."""


@dataclass(frozen=True)
class Record:
    """One thing that an actor did.

    ``op``: "create" a trial, "start" an attempt, "retry" (an attempt ended, the trial goes on), "end" a trial,
    "acquire" the lease, "execute" an objective, "read" the store, "kill". ``key`` is the run id of the trial,
    ``token`` the number that one execution of the objective returned and no other, ``at`` monotonic seconds.
    """

    actor: str
    op: str
    phase: str
    key: str = ""
    number: int = -1
    attempt: int = 0
    state: str = ""
    token: float | None = None
    fence: int = 0
    at: float = field(default_factory=time.monotonic)
    facts: Any = None


class Recorder:
    """Appends records to the file of this process; a record is on the disk when ``append`` returns."""

    def __init__(self, folder: Path, actor: str) -> None:
        self._folder, self._actor = folder, actor
        self._lock = threading.Lock()
        self._file, self._pid = -1, 0

    def append(self, *records: Record) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                path = self._folder / f"{self._actor}-{self._pid}.jsonl"
                self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            lines = "".join(json.dumps(asdict(record), separators=(",", ":")) + "\n" for record in records)
            os.write(self._file, lines.encode())
            os.fdatasync(self._file)

    def note(self, op: str, phase: str, **facts: Any) -> None:
        self.append(Record(f"{self._actor} {os.getpid()}", op, phase, **facts))


def read(folder: Path, pattern: str = "*.jsonl") -> list[Record]:
    """Return the records of all actors in the order of their times; a last line that is torn is left out."""
    found: list[Record] = []
    for path in folder.glob(pattern):
        found += _records(path.read_text().split("\n")[:-1])
    return sorted(found, key=lambda record: record.at)


def _records(lines: Iterable[str]) -> list[Record]:
    return [Record(**json.loads(line)) for line in lines]
