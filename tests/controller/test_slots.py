"""Which attempt is where."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from sweeper.controller.intake import Active
from sweeper.controller.slots import Slots
from sweeper.interfaces import WorkerDied
from sweeper.trial.worker import Task


class TwoSlots:
    """An executor whose calls end when a test says so."""

    own_process = True
    slots = 2

    def __init__(self) -> None:
        self.futures: list[tuple[int, Future[Any]]] = []
        self.since: dict[int, float] = {}
        self.killed: list[int] = []
        self.unusable: set[int] = set()

    def submit(self, slot: int, fn: Any, /, *args: Any) -> Future[Any]:
        self.futures.append((slot, Future()))
        return self.futures[-1][1]

    def usable(self, slot: int) -> bool:
        return slot not in self.unusable

    def running_since(self, slot: int) -> float | None:
        return self.since.get(slot)

    def pid(self, slot: int) -> int | None:
        return None

    def kill(self, slot: int, grace: float = 2.0) -> None:
        self.killed.append(slot)

    def close(self, *, cancel: bool = False) -> None:
        pass


@pytest.fixture
def executor() -> TwoSlots:
    return TwoSlots()


@pytest.fixture
def slots(executor: TwoSlots) -> Slots:
    return Slots(executor)


def give(slots: Slots, serial: int, done: Any = lambda serial, future: None) -> Active:
    slot = slots.free(2)
    assert slot is not None
    active = Active(serial, f"r{serial}", {}, 1, serial=serial, slot=slot)
    slots.give(active, Task("", active.run_id, serial, 1, serial, 0, {}), done)
    return active


def test_the_emptiest_slot_is_filled_first(slots: Slots) -> None:
    assert (len(slots), bool(slots), slots.room(1), slots.room(2)) == (2, False, 2, 4)

    assert [give(slots, serial).slot for serial in range(4)] == [0, 1, 0, 1]
    assert slots.free(2) is None
    assert slots.free(1) is None
    assert (bool(slots), slots.room(1), slots.room(2), slots.room(3)) == (True, 0, 0, 2)


def test_a_call_that_returned_makes_room_though_its_records_may_still_come(slots: Slots, executor: TwoSlots) -> None:
    returned: list[int] = []
    active = give(slots, 5, lambda serial, future: returned.append(serial))
    executor.futures[0][1].set_result(b"")

    assert returned == [5]
    assert slots.leave(5) is active
    assert slots.free(1) is not None
    assert slots.get(5) is active
    slots.forget(active)
    assert slots.get(5) is None
    assert not slots


def test_only_what_a_worker_executes_now_is_running(slots: Slots, executor: TwoSlots) -> None:
    first, second = give(slots, 1), give(slots, 2)
    give(slots, 3)
    assert slots.running() == []

    executor.since = {0: 10.0, 1: 11.0}
    assert slots.running() == [(first, 10.0), (second, 11.0)]


def test_a_call_that_returned_is_not_running_even_if_its_slot_is(slots: Slots, executor: TwoSlots) -> None:
    give(slots, 1)
    give(slots, 2)
    give(slots, 3)
    slots.leave(1)
    executor.since = {0: 10.0, 1: 11.0}

    assert sorted((active.serial, since) for active, since in slots.running()) == [(2, 11.0), (3, 10.0)]


def test_the_dead_are_found(slots: Slots) -> None:
    give(slots, 1)
    dead = give(slots, 2)
    dead.death = WorkerDied(signal=9)

    assert slots.dead() == [dead]


def test_killing_remembers_why(slots: Slots, executor: TwoSlots) -> None:
    give(slots, 1)
    active = give(slots, 2)
    executor.since = {1: 11.0}
    slots.kill(active, "cancelled", 10.0)
    assert (active.killed, executor.killed) == ("", [])  # what was meant has ended meanwhile

    slots.kill(active, "cancelled", 11.0)
    assert (active.killed, executor.killed) == ("cancelled", [1])
