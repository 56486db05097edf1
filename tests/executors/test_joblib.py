"""The joblib executor: the shared suite, and what is its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from sweeper.executors.joblib import JoblibExecutor
from sweeper.interfaces import Executor, WorkerDied
from sweeper.testing import executors
from sweeper.testing.executors import PATIENCE, ProcessExecutorConformance, begin, echo


def variable(name: str) -> str | None:
    return os.environ.get(name)


def broken_start(slot: int) -> None:
    raise RuntimeError("no licence")


def dying_start(slot: int) -> None:
    os._exit(7)


class Kept(JoblibExecutor):
    """Tells whether it was closed."""

    closed = False

    def close(self, *, cancel: bool = False) -> None:
        self.closed = True
        super().close(cancel=cancel)


@pytest.fixture(scope="module")
def kept() -> Iterator[Callable[[bool], Kept]]:
    """The executor that tests share until one closes it: its processes take longer to start than most tests."""
    made: dict[bool, Kept] = {}

    def give(fresh: bool) -> Kept:
        if fresh not in made or made[fresh].closed:
            made[fresh] = Kept(2, begin, ("word",), fresh=fresh)
        return made[fresh]

    yield give
    for executor in made.values():
        executor.close(cancel=True)


class TestJoblibExecutor(ProcessExecutorConformance):
    @pytest.fixture
    def executor(self, kept: Callable[[bool], Kept]) -> JoblibExecutor:
        return kept(False)


class TestFreshProcesses(ProcessExecutorConformance):
    @pytest.fixture
    def executor(self, kept: Callable[[bool], Kept]) -> JoblibExecutor:
        return kept(True)

    def worker(self, executor: Executor, slot: int) -> int:
        found: int = executor.submit(slot, os.getppid).result(PATIENCE)
        return found

    def test_slots_are_different_processes(self, executor: JoblibExecutor) -> None:  # type: ignore[override]
        """Also the calls of one slot are."""
        workers = [executor.submit(slot, executors.pid).result(PATIENCE) for slot in (0, 1, 0)]

        assert len({*workers, os.getpid()}) == 4

    def test_kill_leaves_the_worker_that_forks(self, executor: JoblibExecutor) -> None:
        parent = executor.submit(0, os.getppid).result(PATIENCE)
        hanging = executor.submit(0, executors.sleep, 600)
        assert executors.wait_until(lambda: executor.running_since(0) is not None)
        executor.kill(0, grace=0.2)

        assert isinstance(hanging.exception(PATIENCE), WorkerDied)
        assert executor.submit(0, os.getppid).result(PATIENCE) == parent


def test_inner_threads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    executor = JoblibExecutor(1, begin, ("word",), threads=3)
    try:
        assert executor.submit(0, variable, "OMP_NUM_THREADS").result(PATIENCE) == "3"
    finally:
        executor.close()


def test_a_thread_limit_of_the_user_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    executor = JoblibExecutor(1, begin, ("word",), threads=3)
    try:
        assert executor.submit(0, variable, "OMP_NUM_THREADS").result(PATIENCE) == "5"
    finally:
        executor.close()


@pytest.mark.parametrize(("start", "said"), [(broken_start, "no licence"), (dying_start, "exit code 7")])
def test_a_worker_that_cannot_start_fails_its_calls_with_the_reason(start: object, said: str) -> None:
    executor = JoblibExecutor(1, start)  # type: ignore[arg-type]  # two functions of one shape
    try:
        first = executor.submit(0, echo, 1)
        with pytest.raises(WorkerDied, match="could not start") as death:
            first.result(PATIENCE)
        assert said in str(death.value)
        with pytest.raises(WorkerDied, match="could not start"):
            executor.submit(0, echo, 2).result(PATIENCE)
    finally:
        executor.close(cancel=True)


def test_a_call_that_did_not_begin_is_not_lost(tmp_path: object) -> None:
    executor = JoblibExecutor(1, begin, ("word",))
    try:
        dead = executor.submit(0, executors.leave, 1)
        behind = [executor.submit(0, echo, number) for number in range(5)]
        assert isinstance(dead.exception(PATIENCE), WorkerDied)
        assert [call.result(PATIENCE) for call in behind] == list(range(5))
    finally:
        executor.close()


ORPHANED = """
import os, signal, sys
from sweeper.executors.joblib import JoblibExecutor
from sweeper.testing.executors import begin
executor = JoblibExecutor(2, begin, ("word",), fresh={fresh})
print(*(executor.pid(slot) for slot in (0, 1)), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("fresh", [False, True])
def test_workers_leave_when_their_controller_died_before_they_were_up(fresh: bool) -> None:
    command = [sys.executable, "-c", ORPHANED.format(fresh=fresh)]
    controller = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert controller.stdout is not None
    workers = [int(pid) for pid in controller.stdout.readline().split()]
    controller.wait()
    controller.stdout.close()

    assert len(workers) == 2
    assert executors.wait_until(lambda: not any(map(executors.alive, workers)))
