"""One single-worker loky executor (joblib's process pool) per slot, so that a crash touches one slot only.

A call queued behind the running one starts without a round trip. When a worker dies, the call it ran fails with
:class:`WorkerDied`, the ones behind it run in the slot's next worker.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from joblib.externals.loky import process_executor
from joblib.externals.loky.process_executor import ProcessPoolExecutor, ShutdownExecutorError, TerminatedWorkerError

from sweeper.executors.board import Board
from sweeper.executors.fresh import call_in_child, watch_parent
from sweeper.interfaces import SlotUnusable, WorkerDied

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)

DEATHS = (TerminatedWorkerError, ShutdownExecutorError)
STARTS = 3  #: a slot whose workers die at their start this often in a row is given up
RESUBMITS = 3  #: a call whose worker died before it began is given to the next worker at most this often


@dataclass(slots=True)
class _Call:
    future: Future[Any]
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    resubmits: int = 0


class JoblibExecutor:
    """``slots`` worker processes. Inner threads (OpenMP, BLAS) are bounded to cores / slots, or to ``threads``.

    ``folder`` is where its file of what each slot does lies. ``fresh`` runs each call in a process of its own, forked
    from the slot's worker after ``preload()`` ran there.
    """

    own_process = True

    def __init__(
        self,
        slots: int,
        start: Callable[..., Any],
        start_args: tuple[Any, ...] = (),
        *,
        folder: str | None = None,
        threads: int | None = None,
        fresh: bool = False,
        preload: Callable[[], Any] = lambda: None,
    ) -> None:
        self.slots = slots
        self._board = Board.create(slots, folder)
        self._closed = False
        inner = threads or max(1, (os.cpu_count() or 1) // slots)
        environment = {name: str(inner) for name in THREAD_VARIABLES if name not in os.environ}
        fork = preload if fresh else None
        self._slots = [
            _Slot(slot, self._board, (slot, self._board.path, start, start_args, fork), environment)
            for slot in range(slots)
        ]

    def submit(self, slot: int, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        return self._slots[slot].submit(fn, args)

    def usable(self, slot: int) -> bool:
        return True

    def running_since(self, slot: int) -> float | None:
        return self._board.running_since(slot)

    def pid(self, slot: int) -> int | None:
        return self._slots[slot].pid

    def kill(self, slot: int, grace: float = 2.0) -> None:
        self._slots[slot].kill(grace)

    def close(self, *, cancel: bool = False) -> None:
        if self._closed:
            return
        self._closed = True
        closers = [threading.Thread(target=slot.close, args=(cancel,)) for slot in self._slots]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join()
        self._board.close()


class _Slot:
    """One worker process and the calls given to it, oldest first."""

    def __init__(self, number: int, board: Board, start: tuple[Any, ...], environment: dict[str, str]) -> None:
        self._number, self._board = number, board
        self._start = start
        self._environment = environment
        self._lock = threading.RLock()
        self._calls: deque[_Call] = deque()
        self._closed = False
        self._stillborn = 0
        self._unusable = ""
        self._open()

    def submit(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the executor is closed")
            if self._unusable:
                future.set_exception(SlotUnusable(reason=self._unusable))
                return future
            call = _Call(future, fn, args)
            self._calls.append(call)
            self._send(call)
        return future

    @property
    def pid(self) -> int | None:
        return self._board.pid(self._number) or self._process.pid

    def kill(self, grace: float) -> None:
        pid = self.pid
        if _signal_group(pid, signal.SIGTERM):
            timer = threading.Timer(grace, _signal_group, (pid, signal.SIGKILL))
            timer.daemon = True
            timer.start()

    def close(self, cancel: bool) -> None:
        with self._lock:
            self._closed = True
        if cancel:
            _signal_group(self._board.pid(self._number), signal.SIGKILL)
            _signal_group(self._process.pid, signal.SIGKILL)
        self._executor.shutdown(wait=True)
        _signal_group(self._process.pid, signal.SIGKILL)
        with self._lock:
            calls, self._calls = list(self._calls), deque()
        for call in calls:
            call.future.set_exception(WorkerDied(reason="the executor was closed"))

    def _open(self) -> None:
        self._board.reset(self._number)
        executor = self._executor = ProcessPoolExecutor(
            max_workers=1, timeout=None, env=self._environment, initializer=_begin, initargs=(os.getpid(),)
        )
        executor.submit(_start, *self._start).add_done_callback(lambda ready: self._started(executor, ready))
        (self._process,) = executor._processes.values()

    def _started(self, executor: ProcessPoolExecutor, ready: Future[Any]) -> None:
        error = None if ready.cancelled() else ready.exception()
        with self._lock:
            if error is None:
                self._stillborn = 0
            if error is None or self._closed or executor is not self._executor:
                return None
            if isinstance(error, DEATHS):
                error = self._death(executor)
                self._stillborn += 1
                if self._stillborn < STARTS:
                    self._open()
                    return self._send_all()
            self._unusable = f"the worker could not start: {error}"
            calls, self._calls = list(self._calls), deque()
        for call in calls:
            call.future.set_exception(SlotUnusable(reason=self._unusable))

    def _send(self, call: _Call) -> None:
        executor = self._executor
        try:
            inner = executor.submit(_call, self._number, call.fn, call.args)
        except DEATHS:
            if len(self._calls) > 1:
                return None  # the callback of the calls before it opens the next worker and sends again
            self._open()
            return self._send(call)
        inner.add_done_callback(lambda done: self._done(executor, done))

    def _done(self, executor: ProcessPoolExecutor, inner: Future[Any]) -> None:
        error: BaseException | None = None if inner.cancelled() else inner.exception()
        died = inner.cancelled() or isinstance(error, DEATHS)
        with self._lock:
            if not self._calls or executor is not self._executor:
                return None
            call = self._calls[0]
            if died and not self._closed:
                began = self._board.running_since(self._number) is not None
                error = self._death(executor)
                self._open()
                if not began and call.resubmits < RESUBMITS:
                    call.resubmits += 1
                    return self._send_all()
            self._calls.popleft()
            if died and not self._closed:
                self._send_all()
            elif died:
                error = WorkerDied(reason="the executor was closed")
        if error is None:
            call.future.set_result(inner.result())
        else:
            call.future.set_exception(error)

    def _send_all(self) -> None:
        for call in self._calls:
            self._send(call)

    def _death(self, executor: ProcessPoolExecutor) -> WorkerDied:
        """Return how the worker's process ended; its whole group ends with it."""
        process = self._process
        _signal_group(process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while process.exitcode is None and time.monotonic() < deadline:
            time.sleep(0.005)
        code, pid = process.exitcode, process.pid or 0
        if code is None:
            return WorkerDied(reason="the worker process was lost", pid=pid)
        return WorkerDied(signal=-code, pid=pid) if code < 0 else WorkerDied(exit_code=code, pid=pid)


def _begin(parent: int) -> None:
    """Runs first in a new worker: until it is started, and listens to its controller itself, its parent is watched.

    A worker of loky waits for calls for ever, also when nobody is left to give any.
    """
    global _parent
    _parent = parent

    def watch() -> None:
        while not _ready.wait(0.5):
            if os.getppid() != parent:
                os._exit(0)

    threading.Thread(target=watch, name="sweeper-parent", daemon=True).start()


def _start(
    slot: int,
    board: str,
    start: Callable[..., Any],
    start_args: tuple[Any, ...],
    preload: Callable[[], Any] | None,
) -> None:
    """Runs once in a new worker: its own session and process group, then what the controller wants started."""
    global _board, _start_in_child
    os.setsid()
    process_executor._USE_PSUTIL = False  # a worker is not restarted behind our back when its memory grows
    _board = Board(board, slot + 1)
    if preload is None:
        start(slot, *start_args)
    else:
        preload()
        watch_parent(_parent)
        _start_in_child = lambda: start(slot, *start_args)  # noqa: E731
    if os.getppid() != _parent:
        os._exit(0)
    _ready.set()


def _call(slot: int, fn: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    if _start_in_child is None:
        _board.begin(slot)
    try:
        if _start_in_child is None:
            return fn(*args)
        return call_in_child(lambda pid: _board.begin(slot, pid), _start_in_child, fn, args)
    finally:
        _board.end(slot)


_board: Board
_start_in_child: Callable[[], Any] | None = None
_ready = threading.Event()
_parent = 0


def _signal_group(pid: int | None, number: int) -> bool:
    """Send a signal to a process group; False when nothing of it is left."""
    try:
        if pid is not None:
            os.killpg(pid, number)
            return True
    except (ProcessLookupError, PermissionError):
        pass
    return False
