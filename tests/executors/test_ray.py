"""The Ray executor: the shared suite, and what is its own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sweeper.executors.ray import RayExecutor
from sweeper.interfaces import SlotUnusable, WorkerDied
from sweeper.records import FailureClass
from sweeper.testing.executors import PATIENCE, ProcessExecutorConformance, begin, echo, pid, sleep, wait_until

pytestmark = pytest.mark.usefixtures("cluster")


def variable(name: str) -> str | None:
    return os.environ.get(name)


def node() -> str:
    """The node that a call runs on, by the process of it that started the worker's host."""
    with open(f"/proc/{os.getppid()}/stat") as file:
        return file.read().rpartition(")")[2].split()[1]


def folder() -> str:
    return os.getcwd()


def broken_start(slot: int) -> None:
    raise RuntimeError("no licence")


def second_breaks(slot: int) -> None:
    if slot == 1:
        raise RuntimeError("no licence")


def grow(megabytes: int) -> None:
    kept = bytearray(megabytes << 20)
    time.sleep(600 if kept else 0)


def make(slots: int = 1, **options: Any) -> RayExecutor:
    return RayExecutor(slots, begin, ("word",), **options)


@pytest.fixture(scope="module")
def kept() -> Iterator[list[RayExecutor]]:
    """The executor that tests share until one closes it: its actors take seconds to start."""
    found: list[RayExecutor] = []
    yield found
    for executor in found:
        executor.close(cancel=True)


class TestRayExecutor(ProcessExecutorConformance):
    @pytest.fixture
    def executor(self, kept: list[RayExecutor]) -> RayExecutor:
        if not kept or kept[-1].closed:
            kept.append(make(2))
        return kept[-1]


@pytest.fixture
def executor(request: pytest.FixtureRequest) -> Iterator[RayExecutor]:
    made = make(**getattr(request, "param", {}))
    yield made
    made.close(cancel=True)


@pytest.mark.parametrize(
    "executor",
    [{"slots": 2, "cpu": 0.5, "gpu": 1, "threads": 3, "runtime_env": {"env_vars": {"WORD": "said"}}}],
    indirect=True,
)
def test_gpus_threads_variables_and_the_folder_reach_the_workers(executor: RayExecutor) -> None:
    gpus = [executor.submit(slot, variable, "CUDA_VISIBLE_DEVICES").result(2 * PATIENCE) for slot in (0, 1)]

    assert sorted(map(str, gpus)) == ["0", "1"]
    assert executor.submit(0, variable, "OMP_NUM_THREADS").result(PATIENCE) == "3"
    assert executor.submit(0, variable, "WORD").result(PATIENCE) == "said"
    assert executor.submit(0, folder).result(PATIENCE) == os.getcwd()


@pytest.mark.parametrize("executor", [{"memory": 400 << 20}], indirect=True)
def test_a_call_that_uses_too_much_memory_is_ended(executor: RayExecutor) -> None:
    with pytest.raises(WorkerDied) as death:
        executor.submit(0, grow, 600).result(2 * PATIENCE)

    assert death.value.kind is FailureClass.OOM
    assert "more than the 419 MB allowed" in death.value.reason
    assert executor.submit(0, echo, 1).result(PATIENCE) == 1


@pytest.mark.parametrize("executor", [{"runtime_env": {"conda": "no-such-environment"}}], indirect=True)
def test_a_runtime_env_that_cannot_be_made_is_said_in_words(executor: RayExecutor) -> None:
    call = executor.submit(0, echo, 1)

    with pytest.raises(SlotUnusable, match=r"^Ray cannot set up runtime_env: \w+: .*onda"):
        call.result(4 * PATIENCE)


def test_a_worker_that_cannot_start_fails_its_calls_with_the_reason() -> None:
    executor = RayExecutor(1, broken_start)
    try:
        with pytest.raises(SlotUnusable, match="no licence"):
            executor.submit(0, echo, 1).result(2 * PATIENCE)
        assert executor.usable(0)
        with pytest.raises(SlotUnusable, match="no licence"):
            executor.submit(0, echo, 2).result(PATIENCE)
    finally:
        executor.close(cancel=True)


@pytest.mark.parametrize("executor", [{"resources": {"unicorn": 1}, "place_timeout": "1s"}], indirect=True)
def test_a_demand_that_no_node_can_meet_is_named_after_the_deadline(executor: RayExecutor) -> None:
    call = executor.submit(0, echo, 1)

    with pytest.raises(SlotUnusable, match=r"1 unicorn, and no node .* they have: .*CPU"):
        call.result(2 * PATIENCE)


@pytest.mark.parametrize("executor", [{"resources": {"late": 1}, "place_timeout": "10m"}], indirect=True)
def test_a_slot_waits_for_a_node_that_comes_later(executor: RayExecutor, add_node: Callable[..., Any]) -> None:
    call = executor.submit(0, echo, 1)
    assert not executor.usable(0)
    add_node(num_cpus=1, resources={"late": 1})

    assert call.result(2 * PATIENCE) == 1
    assert executor.usable(0)


def test_more_slots_than_there_is_room_for_run_on_fewer(
    add_node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sweeper.executors.ray.executor.SOME_WAIT", 0.5)
    add_node(num_cpus=1, resources={"few": 1})
    said: list[str] = []
    executor = make(3, resources={"few": 1}, notice=said.append)
    try:
        assert wait_until(lambda: any(map(executor.usable, range(3))), 2 * PATIENCE)
        assert wait_until(lambda: said)
        assert said == ["1 of 3 workers run: there is no room on Ray for more now."]
        assert sum(map(executor.usable, range(3))) == 1
    finally:
        executor.close()


def test_one_worker_that_cannot_start_is_given_up_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sweeper.executors.ray.executor.SOME_WAIT", 600)  # how long workers take is not told
    said: list[str] = []
    executor = RayExecutor(2, second_breaks, notice=said.append)
    try:
        assert executor.submit(0, echo, 1).result(2 * PATIENCE) == 1
        with pytest.raises(WorkerDied, match="no licence") as death:
            executor.submit(1, echo, 2).result(2 * PATIENCE)
        assert death.value.kind is FailureClass.LOST
        assert [executor.usable(slot) for slot in (0, 1)] == [True, False]
        assert len(said) == 1
        assert said[0].startswith("Worker 1 is given up, the others go on: ")
    finally:
        executor.close(cancel=True)


def test_a_lost_node_costs_one_call_and_the_slot_moves(cluster: Any, add_node: Callable[..., Any]) -> None:
    first = add_node(num_cpus=1, resources={"spot": 1})
    executor = make(1, resources={"spot": 1})
    try:
        before = executor.submit(0, node).result(2 * PATIENCE)
        running, behind = executor.submit(0, sleep, 600), executor.submit(0, node)
        assert wait_until(lambda: executor.running_since(0) is not None)
        add_node(num_cpus=1, resources={"spot": 1})
        cluster.remove_node(first, allow_graceful=False)

        with pytest.raises(WorkerDied) as death:
            running.result(2 * PATIENCE)
        assert death.value.kind is FailureClass.LOST
        assert behind.result(2 * PATIENCE) not in ("", before)
    finally:
        executor.close(cancel=True)


def test_a_host_that_does_not_answer_is_taken_down_with_its_call(
    executor: RayExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sweeper.executors.ray.slot.MARGIN", 0.5)
    host = executor.submit(0, os.getppid).result(2 * PATIENCE)
    hanging = executor.submit(0, sleep, 600)
    assert wait_until(lambda: executor.running_since(0) is not None)
    os.kill(host, signal.SIGSTOP)
    executor.kill(0, grace=0.1)

    assert isinstance(hanging.exception(2 * PATIENCE), WorkerDied)
    assert executor.submit(0, pid).result(2 * PATIENCE) != host
