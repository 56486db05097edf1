"""Keeping the lease and hearing wishes."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sweeper.config import parse_config
from sweeper.controller import guard
from sweeper.controller.guard import Guard
from sweeper.controller.plan import make_plan
from sweeper.errors import LeaseLost
from sweeper.events import ControlWanted, SweepCreated
from sweeper.interfaces import Control, Store
from sweeper.processes import this_process
from sweeper.records import Fence

from .conftest import PATIENCE


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(guard, "RENEW_SECONDS", 0.02)


@pytest.fixture
def fence(store: Store) -> Fence:
    config = parse_config({"name": "s", "metric": {"name": "m"}, "parameters": {"x": {"min": 0, "max": 1}}}, name="s")
    sweep = make_plan(config, experiment_id=store.experiment("e"), artifacts=store.artifacts).sweep
    store.write(SweepCreated(sweep, {}, {})).result()
    return store.acquire(sweep.id, this_process(), 30)


class Ears:
    def __init__(self) -> None:
        self.heard: queue.Queue[Any] = queue.Queue()


Watch = Callable[..., Ears]


@pytest.fixture
def watch(fence: Fence) -> Iterator[Watch]:
    made: list[Guard] = []

    def watch(store: Store, seen: Control | None = None) -> Ears:
        ears = Ears()
        made.append(Guard(store, fence, seen))
        made[-1].listen(lambda control: ears.heard.put(control.wanted), ears.heard.put)
        return ears

    yield watch
    for one in made:
        one.close()


def wish(store: Store, fence: Fence, wanted: str) -> None:
    store.write(ControlWanted(fence.sweep_id, wanted, "me", time.time())).result()


def test_each_wish_is_heard_once_and_in_order(store: Store, fence: Fence, watch: Watch) -> None:
    ears = watch(store)
    for wanted in ("pause", "resume", "stop"):
        wish(store, fence, wanted)
        assert ears.heard.get(timeout=PATIENCE) == wanted
    time.sleep(0.1)

    assert ears.heard.empty()


def test_a_wish_for_an_earlier_controller_is_not_heard(store: Store, fence: Fence, watch: Watch) -> None:
    wish(store, fence, "cancel")
    ears = watch(store, store.control(fence.sweep_id))
    wish(store, fence, "pause")

    assert ears.heard.get(timeout=PATIENCE) == "pause"


def test_a_wish_made_before_anybody_listens_is_heard(store: Store, fence: Fence) -> None:
    heard: queue.Queue[str] = queue.Queue()
    made = Guard(store, fence, None)
    wish(store, fence, "stop")
    time.sleep(0.05)

    made.listen(lambda control: heard.put(control.wanted), lambda error: None)

    assert heard.get(timeout=PATIENCE) == "stop"
    made.close()


def test_the_lease_is_renewed_until_somebody_takes_it(store: Store, fence: Fence, watch: Watch) -> None:
    ears = watch(store)
    time.sleep(0.1)
    assert ears.heard.empty()

    taken = store.acquire(fence.sweep_id, this_process(), 30, dead=this_process())

    error = ears.heard.get(timeout=PATIENCE)
    assert isinstance(error, LeaseLost)
    store.renew(taken, 30)


def test_a_database_that_is_away_for_a_moment_ends_nothing(store: Store, fence: Fence, watch: Watch) -> None:
    class Shaky:
        """The store, but every third look at it fails."""

        looks = failures = 0

        def __getattr__(self, name: str) -> Any:
            Shaky.looks += 1
            if Shaky.looks % 3 == 0:
                Shaky.failures += 1
                raise OSError("connection reset")
            return getattr(store, name)

    shaky: Any = Shaky()
    ears = watch(shaky)
    deadline = time.monotonic() + PATIENCE
    while Shaky.failures < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    wish(store, fence, "pause")

    assert ears.heard.get(timeout=PATIENCE) == "pause"
    assert Shaky.failures >= 3
