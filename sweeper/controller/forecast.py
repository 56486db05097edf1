"""How long a sweep still takes: played through many times with the durations of trials that ended.

A bootstrap (Efron, "Bootstrap methods: another look at the jackknife", 1979) over durations, list scheduling over slots
(Graham, "Bounds on multiprocessing timing anomalies", 1969).
"""

from __future__ import annotations

import heapq
import json
import random
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

TAG = "sweeper.forecast"  #: on the sweep's run while it runs: {"at", "seconds", "late"}
RECENT = 50  #: trials that durations and the rate look back on
PLAYS = 64  #: times that the rest of a sweep is played through
SINGLY = 128  #: waiting trials that are played one by one; those beyond take their mean each
FEW = 5  #: below so many durations no bound is given


class Estimate(NamedTuple):
    """Seconds until a sweep is over: as likely more as less, and what 95 of 100 plays stay below (None: not known)."""

    seconds: float
    late: float | None = None


def estimate(
    durations: Sequence[float], waiting: int, running: Sequence[float], slots: int, seed: int = 0
) -> Estimate | None:
    """Return how long ``waiting`` trials and those that have run for ``running`` seconds take on ``slots`` slots.

    A running trial takes as long as one that took longer than its age, or as a new one when none did. None without
    ``durations``.
    """
    if not durations:
        return None
    plays = sorted(_play(durations, waiting, running, slots, random.Random(seed + play)) for play in range(PLAYS))
    late = plays[round(0.95 * (PLAYS - 1))] if len(durations) >= FEW else None
    return Estimate(plays[PLAYS // 2], late)


def written(made: Estimate, now: float) -> str:
    """Return an estimate made at ``now`` as the sweep's run keeps it."""
    return json.dumps({"at": now, **made._asdict()})


def read(tag: str | None, now: float) -> Estimate | None:
    """Return what is left at ``now`` of an estimate that was written; None when there is none, or it cannot be read."""
    try:
        kept = json.loads(tag or "{}")
        passed = now - kept["at"]
        late = None if kept["late"] is None else max(kept["late"] - passed, 0.0)
        return Estimate(max(kept["seconds"] - passed, 0.0), late)
    except (ValueError, KeyError, TypeError):
        return None


def _play(
    durations: Sequence[float], waiting: int, running: Sequence[float], slots: int, source: random.Random
) -> float:
    world = sorted(source.choices(durations, k=len(durations)))
    free = [_left(world, age, source.random()) for age in running]
    free += [0.0] * (slots - len(free))
    many = max(waiting - SINGLY, 0) * sum(world) / len(world) / len(free)
    free = [since + many for since in free] if many else free
    heapq.heapify(free)
    for duration in source.choices(world, k=min(waiting, SINGLY)):
        heapq.heapreplace(free, free[0] + duration)
    return max(free)


def _left(world: Sequence[float], age: float, chance: float) -> float:
    """Return the seconds that a trial of some age still runs; ``chance`` in [0, 1) picks one of those possible."""
    first = bisect_right(world, age)
    if first == len(world):
        return world[int(chance * len(world))]
    return world[first + int(chance * (len(world) - first))] - age


class Forecast:
    """Keeps the durations of recent trials of a sweep; ``past`` are those of earlier sweeps, while it has few."""

    def __init__(self, slots: int, past: Sequence[float] = ()) -> None:
        self._slots, self._past = slots, list(past[-RECENT:])
        self._durations: deque[float] = deque(maxlen=RECENT)
        self._ends: deque[float] = deque([time.monotonic()], maxlen=RECENT)
        self._total = 0.0
        self._made, self._next = None, 0.0  # type: Estimate | None, float

    def ended(self, seconds: float) -> None:
        """A trial ended now that took so long. The time before the first one began, of workers starting, is no rate."""
        if not self._durations:
            self._ends[0] = max(self._ends[0], time.monotonic() - max(seconds, 0.0))
        if len(self._durations) == RECENT:
            self._total -= self._durations[0]
        self._durations.append(max(seconds, 0.0))
        self._total += self._durations[-1]
        self._ends.append(time.monotonic())

    def rested(self, seconds: float) -> None:
        """The sweep did nothing for so long, on purpose."""
        self._ends = deque((end + seconds for end in self._ends), maxlen=RECENT)

    @property
    def mean(self) -> float | None:
        """Return the mean duration of recent trials in seconds."""
        return self._total / len(self._durations) if self._durations else None

    @property
    def rate(self) -> float:
        """Return recent trials per second."""
        span = time.monotonic() - self._ends[0]
        return (len(self._ends) - 1) / span if span > 0 else 0.0

    def estimate(self, waiting: int | None, running: Sequence[float]) -> Estimate | None:
        """Return when the sweep is over; None before anything is known, and without a limit.

        Slots that stand idle between trials are seen in the rate. Made anew at most once a second.
        """
        now = time.monotonic()
        if now < self._next:
            return self._made
        self._made = None if waiting is None else self._estimate(waiting, running)
        spent = time.monotonic() - now
        self._next = now + max(1.0, 100 * spent)
        return self._made

    def _estimate(self, waiting: int, running: Sequence[float]) -> Estimate | None:
        durations = list(self._durations)
        if len(durations) < FEW:
            durations += self._past
        made = estimate(durations, waiting, running, self._slots)
        if made is None or len(self._ends) < FEW or not self.rate:
            return made
        slower = max(waiting / self.rate - made.seconds, 0.0)
        return Estimate(made.seconds + slower, None if made.late is None else made.late + slower)
