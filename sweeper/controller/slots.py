"""Which attempt is in which slot of the executor, running or queued behind the running one."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from signal import SIGKILL, SIGTERM
from typing import Any

from sweeper.controller.intake import Active
from sweeper.interfaces import Executor
from sweeper.processes import group_memory
from sweeper.trial.worker import Task, evaluate

BYSTANDER_SECONDS = 5.0  #: a kill reaches a slot within its grace and a bit


class Slots:
    """Gives attempts to the executor's slots and knows who is where."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self._load = [0] * executor.slots
        self._holding = [set(range(executor.slots))]  # slots by how many attempts they hold: most have their fill
        self._attempts: dict[int, Active] = {}
        self._killed: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._load)

    def __bool__(self) -> bool:
        return bool(self._attempts)

    def free(self, depth: int) -> int | None:
        """Return the emptiest usable slot if it holds fewer than ``depth`` attempts."""
        for slots in self._holding[:depth]:
            if slots and (usable := [slot for slot in slots if self.executor.usable(slot)]):
                return min(usable)
        return None

    def room(self, depth: int) -> int:
        """Return how many attempts fit."""
        holding = enumerate(self._holding[:depth])
        return sum((depth - load) * sum(map(self.executor.usable, slots)) for load, slots in holding)

    def _add(self, slot: int, change: int) -> None:
        self._holding[self._load[slot]].discard(slot)
        self._load[slot] += change
        if self._load[slot] == len(self._holding):
            self._holding.append(set())
        self._holding[self._load[slot]].add(slot)

    def give(self, active: Active, task: Task, done: Callable[[int, Future[Any]], None]) -> None:
        """Run an attempt in its slot; ``done(serial, future)`` is called in some thread."""
        self._attempts[active.serial] = active
        self._add(active.slot, 1)
        future = self.executor.submit(active.slot, evaluate, task)
        future.add_done_callback(lambda finished: done(active.serial, finished))

    def leave(self, serial: int) -> Active:
        """The call of an attempt returned or died: its slot has room again. Its records may still come."""
        active = self._attempts[serial]
        self._add(active.slot, -1)
        active.returned = True
        return active

    def forget(self, active: Active) -> None:
        """Everything of an attempt is known."""
        del self._attempts[active.serial]

    def get(self, serial: int) -> Active | None:
        return self._attempts.get(serial)

    def dead(self) -> list[Active]:
        """Return the attempts whose worker died."""
        return [active for active in self._attempts.values() if active.death is not None]

    def incomplete(self) -> list[Active]:
        """Return the attempts whose call returned and whose earlier records never came."""
        return [active for active in self._attempts.values() if active.incomplete()]

    def running(self) -> list[tuple[Active, float]]:
        """Return the attempts that a worker executes now, each with its start (monotonic seconds)."""
        found: dict[int, tuple[Active, float]] = {}
        for active in self._attempts.values():
            since = self.executor.running_since(active.slot)
            if since is not None and not active.returned and active.slot not in found:
                found[active.slot] = (active, since)
        return list(found.values())

    def memory(self, active: Active) -> int:
        """Return the resident memory in bytes of an attempt's processes."""
        leader = self.executor.pid(active.slot)
        return 0 if leader is None else group_memory(leader)

    def kill(self, active: Active, why: str, since: float) -> None:
        """End an attempt that runs ``since``, its whole process group."""
        if self.executor.running_since(active.slot) == since:
            active.killed = why
            self._killed[active.slot] = time.monotonic()
            self.executor.kill(active.slot)

    def bystander(self, active: Active) -> bool:
        """Return whether an attempt died of a signal that was meant for the one before it in its slot."""
        recent = time.monotonic() - self._killed.get(active.slot, -math.inf) < BYSTANDER_SECONDS
        return recent and not active.killed and active.death is not None and active.death.signal in (SIGTERM, SIGKILL)
