"""``sweeper failures``: why trials failed, by cause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural, tail
from sweeper.records import Failure, TrialRecord

FRAME = re.compile(r'^ *File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>.+)$', re.MULTILINE)
VARYING = re.compile(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
FEW = 8  #: trial numbers shown for a cause


@dataclass(frozen=True, slots=True)
class Cause:
    """Trials that failed for the same reason. ``place`` is the last line of the traceback's way, if there is one."""

    kind: str
    message: str
    place: str
    trials: tuple[int, ...]

    def shape(self) -> dict[str, Any]:
        trials = list(self.trials)
        return {
            "class": self.kind,
            "message": self.message,
            "place": self.place,
            "count": len(trials),
            "trials": trials,
        }


@command("failures")
@click.argument("sweep")
def failures(session: Session, sweep: str) -> None:
    """Show why trials of SWEEP failed: grouped by cause, the most frequent first.

    \b
    Example:
      sweeper failures last
    """
    with session.store() as store:
        record = store.find_sweep(sweep)
        causes = causes_of(store.trials(record.id))
    if session.as_json:
        for cause in causes:
            session.emit(cause.shape())
        return
    if not causes:
        session.show(f"no trial of {inert(record.name)} failed")
        return
    for cause in causes:
        session.show(*cause_lines(cause))
    session.next(f"sweeper show {tail(record.id)}:{causes[0].trials[0]}")


def causes_of(trials: Sequence[TrialRecord]) -> list[Cause]:
    """Group failed trials: the same class, the same message up to its numbers, the same place."""
    groups: dict[tuple[str, str, str], list[TrialRecord]] = {}
    for trial in trials:
        if trial.failure is not None and str(trial.state) == "failed":
            signature = VARYING.sub("#", trial.failure.message)
            groups.setdefault((str(trial.failure.kind), signature, place_of(trial.failure)), []).append(trial)
    causes = [
        Cause(kind, members[0].failure.message if members[0].failure else "", place, tuple(t.number for t in members))
        for (kind, _, place), members in groups.items()
    ]
    return sorted(causes, key=lambda cause: -len(cause.trials))


def place_of(failure: Failure) -> str:
    """``train.py:12 in train``: where the last frame of the traceback stands."""
    frames = list(FRAME.finditer(failure.traceback))
    if not frames:
        return ""
    last = frames[-1]
    return f"{last['file'].rpartition('/')[2]}:{last['line']} in {last['name']}"


def cause_lines(cause: Cause) -> list[str]:
    """A cause in words: how many, what, where, which trials."""
    numbers = ", ".join(map(str, cause.trials[:FEW])) + (", ..." if len(cause.trials) > FEW else "")
    where = f"  at {inert(cause.place)}" if cause.place else ""
    head = f"{plural(len(cause.trials), 'trial')}: {cause.kind}: {inert(cause.message)}"
    return [head, f"{where}  trials {numbers}" if where else f"  trials {numbers}"]
