"""What every executor must do. Inherit, and give a fixture ``executor`` with two slots (one for ``inline``)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sweeper.interfaces import Executor, WorkerDied

PATIENCE = 30  #: seconds that a call of these tests may take on a slow machine

_started: list[tuple[int, str]] = []


def begin(slot: int, word: str) -> None:
    """The start function: remembers how it was called."""
    _started.append((slot, word))


def started() -> list[tuple[int, str]]:
    return list(_started)


def echo(value: Any) -> Any:
    return value


def pid() -> int:
    return os.getpid()


def fail(message: str) -> None:
    raise ValueError(message)


def leave(code: int) -> None:
    os._exit(code)


def kill_self(number: int) -> None:
    os.kill(os.getpid(), number)


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def sleep_with_child(seconds: float, path: str) -> None:
    """Start a child process that ignores SIGTERM, write its pid to ``path``, and sleep."""
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    with open(path, "w") as file:
        file.write(str(child.pid))
    time.sleep(seconds)


def alive(process: int) -> bool:
    """Return whether a process exists and is not a zombie."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until(condition: Any, seconds: float = PATIENCE) -> bool:
    """Wait for ``condition()``; return whether it came true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


class ExecutorConformance:
    """For all executors."""

    @pytest.fixture
    def executor(self) -> Iterator[Executor]:
        raise NotImplementedError("give a fixture `executor`, made with (slots, begin, ('word',))")

    def test_a_call_returns_its_value(self, executor: Executor) -> None:
        assert executor.submit(0, echo, [1, None, "x"]).result(PATIENCE) == [1, None, "x"]

    def test_the_start_function_ran_once_before_the_first_call(self, executor: Executor) -> None:
        seen = executor.submit(0, started).result(PATIENCE)
        again = executor.submit(0, started).result(PATIENCE)

        assert seen[-1] == (0, "word")
        assert again == seen

    def test_an_exception_comes_back_and_the_slot_goes_on(self, executor: Executor) -> None:
        failed = executor.submit(0, fail, "no good")

        with pytest.raises(ValueError, match="no good"):
            failed.result(PATIENCE)
        assert executor.submit(0, echo, 2).result(PATIENCE) == 2

    def test_calls_of_a_slot_run_in_order(self, executor: Executor) -> None:
        futures = [executor.submit(0, echo, number) for number in range(20)]

        assert [future.result(PATIENCE) for future in futures] == list(range(20))

    def test_submitting_from_a_callback_works(self, executor: Executor) -> None:
        chained: list[Any] = []
        executor.submit(0, echo, 1).add_done_callback(lambda _: chained.append(executor.submit(0, echo, 2)))

        assert wait_until(lambda: chained)
        assert chained[0].result(PATIENCE) == 2

    def test_closing_leaves_no_worker(self, executor: Executor) -> None:
        workers = {executor.submit(slot, pid).result(PATIENCE) for slot in range(executor.slots)} - {os.getpid()}
        executor.close()

        assert wait_until(lambda: not any(alive(worker) for worker in workers))


class ProcessExecutorConformance(ExecutorConformance):
    """For executors whose calls run in processes of their own; the fixture has two slots."""

    def worker(self, executor: Executor, slot: int) -> int:
        """Return the process that a slot keeps between calls."""
        found: int = executor.submit(slot, pid).result(PATIENCE)
        return found

    def test_slots_are_different_processes(self, executor: Executor) -> None:
        workers = [executor.submit(slot, pid).result(PATIENCE) for slot in (0, 1)]

        assert len({*workers, os.getpid()}) == 3

    @pytest.mark.parametrize("code", [0, 3])
    def test_an_exit_costs_one_call_and_names_its_code(self, executor: Executor, code: int) -> None:
        neighbour = executor.submit(1, sleep, 0.5)
        left, behind = executor.submit(0, leave, code), executor.submit(0, echo, "behind")

        with pytest.raises(WorkerDied) as death:
            left.result(PATIENCE)
        assert death.value.exit_code == code
        assert behind.result(PATIENCE) == "behind"
        assert neighbour.result(PATIENCE) == "slept"

    def test_a_signal_costs_one_call_and_is_named(self, executor: Executor) -> None:
        neighbour = executor.submit(1, sleep, 0.5)
        killed = executor.submit(0, kill_self, signal.SIGKILL)

        with pytest.raises(WorkerDied) as death:
            killed.result(PATIENCE)
        assert death.value.signal == signal.SIGKILL
        assert executor.submit(0, echo, 1).result(PATIENCE) == 1
        assert neighbour.result(PATIENCE) == "slept"

    def test_a_worker_that_dies_idle_costs_no_call(self, executor: Executor) -> None:
        os.kill(self.worker(executor, 0), signal.SIGKILL)

        assert executor.submit(0, echo, "ran").result(PATIENCE) == "ran"

    def test_kill_ends_a_call_and_its_children_and_only_those(self, executor: Executor, tmp_path: Any) -> None:
        note = tmp_path / "child"
        neighbour = self.worker(executor, 1)
        hanging = executor.submit(0, sleep_with_child, 600, str(note))
        assert wait_until(lambda: note.exists() and note.read_text())
        child = int(note.read_text())

        executor.kill(0, grace=0.2)

        with pytest.raises(WorkerDied):
            hanging.result(PATIENCE)
        assert wait_until(lambda: not alive(child))
        assert executor.submit(0, echo, 1).result(PATIENCE) == 1
        assert self.worker(executor, 1) == neighbour

    def test_running_since_tells_when_a_call_began(self, executor: Executor) -> None:
        before = time.monotonic()
        running = executor.submit(0, sleep, 0.5)

        assert wait_until(lambda: executor.running_since(0) is not None)
        since = executor.running_since(0)
        assert since is not None
        assert before <= since <= time.monotonic()
        running.result(PATIENCE)
        assert wait_until(lambda: executor.running_since(0) is None)

    def test_closing_with_cancel_ends_a_running_call(self, executor: Executor) -> None:
        worker = executor.submit(0, pid).result(PATIENCE)
        running = executor.submit(0, sleep, 600)
        executor.close(cancel=True)

        with pytest.raises(WorkerDied):
            running.result(PATIENCE)
        assert wait_until(lambda: not alive(worker))
