"""What runs in a slot's Ray actor: a supervisor that keeps one worker process beside it, and carries messages.

The worker is the one that slots of one machine have, so that a trial fails here as it does there: a crash costs one
call, a hang is ended from outside, and the next worker is up again in less than the time of a new actor.
The worker imports this module too, so nothing heavy is imported at its top.
"""

from __future__ import annotations

import os
import pickle
import queue
import shutil
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweeper import plugins
from sweeper.executors.ray.shared import SharedFolder
from sweeper.interfaces import Executor, Message, Outpost, SlotUnusable, WorkerDied
from sweeper.processes import group_memory, runtime_folder
from sweeper.records import FailureClass

NEWS = 200  #: messages that wait for the controller; a worker that sends more is held up
LOOK = 0.1  #: seconds between looks at what the worker does


@dataclass(frozen=True)
class Brief:
    """What a slot's host is told. ``start(slot, *start_args)`` starts a worker, with an outpost its arguments.

    ``memory`` is the limit of a call in bytes; ``options`` are those of the executor for one machine; ``path`` is the
    controller's import path, ``folder`` its current directory ("": Ray sets it); ``keep_threads``: OMP_NUM_THREADS is a
    person's choice, not Ray's.
    """

    slot: int
    start: Callable[..., Any]
    start_args: tuple[Any, ...]
    outpost: Outpost | None
    options: Mapping[str, Any]
    memory: int | None = None
    shared: SharedFolder | None = None
    path: Sequence[str] = ()
    folder: str = ""
    keep_threads: bool = False


class Host:
    """The actor. ``take`` waits for news, in a thread of its own; ``send`` and ``close`` run one after another.

    Both carry messages, numbered so that those of two threads are done in order. ``content`` holds the reference to
    the shared files.
    """

    def __init__(self, brief: Brief, content: Sequence[Any] = ()) -> None:
        self._brief = brief
        self._lock = threading.Lock()
        self._early: dict[int, Sequence[Message]] = {}
        self._next = 0
        self._news: queue.Queue[Message] = queue.Queue(NEWS)
        self._calls: deque[int] = deque()
        self._over: WorkerDied | None = None  # why this host ends the current call
        self._closed = threading.Event()
        _settle(brief)
        self._folder = runtime_folder()
        data = brief.shared.settle(lambda: _fetched(content)) if brief.shared else ""
        args = brief.start_args
        if brief.outpost is not None:
            args = brief.outpost.open(brief.slot, self._folder, data, lambda message: self._news.put(("mail", message)))
        self._inner: Executor = plugins.load("executor", "joblib")(
            1, _start, (brief.slot, brief.start, args), folder=str(self._folder), **brief.options
        )
        threading.Thread(target=self._watch, name="sweeper-watch", daemon=True).start()
        self._news.put(("up", socket.gethostname(), os.getpid()))

    def take(self, number: int, messages: Sequence[Message]) -> list[Message]:
        """Do what ``messages`` say, wait until there is news, and return it, the oldest first."""
        self.send(number, messages)
        found = [self._news.get()]
        while len(found) < NEWS:
            try:
                found.append(self._news.get_nowait())
            except queue.Empty:
                break
        return found

    def send(self, number: int, messages: Sequence[Message]) -> None:
        """Do what ``messages`` say once all before them are done; ``number`` counts from 0."""
        with self._lock:
            self._early[number] = messages
            while (due := self._early.pop(self._next, None)) is not None:
                self._next += 1
                for message in due:
                    self._do(*message)

    # What the decorator ray.method sets: a thread of its own for one, no answer from the other.
    take.__ray_concurrency_group__ = "take"  # type: ignore[attr-defined]
    send.__ray_num_returns__ = 0  # type: ignore[attr-defined]

    def _do(self, kind: str, *content: Any) -> None:
        if kind == "call":
            self._call(*content)
        elif kind == "kill":
            self._kill(*content)
        elif self._brief.outpost is not None:
            self._brief.outpost.receive(content[0])

    def close(self, cancel: bool) -> bool:
        """End the worker, at once with ``cancel``, and leave nothing on this host."""
        self._closed.set()
        self._inner.close(cancel=cancel)
        if self._brief.outpost is not None:
            self._brief.outpost.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._brief.shared is not None:
            self._brief.shared.leave()
        return True

    def _call(self, number: int, payload: bytes) -> None:
        self._calls.append(number)
        self._inner.submit(0, _run, payload).add_done_callback(lambda done: self._done(number, done))

    def _kill(self, number: int, grace: float) -> None:
        if self._calls and self._calls[0] == number:
            self._inner.kill(0, grace)

    def _done(self, number: int, future: Future[bytes]) -> None:
        self._calls.remove(number)
        error, over = future.exception(), self._over
        self._over = None
        if error is None:
            self._news.put(("result", number, future.result()))
        elif isinstance(error, SlotUnusable):
            self._news.put(("unusable", f"on {socket.gethostname()}, {error.reason}"))
        elif isinstance(error, WorkerDied):
            if over is not None:
                error.kind, error.reason = over.kind, over.reason
            death = self._brief.outpost.died(error) if self._brief.outpost is not None else error
            self._news.put(("died", number, death))
        else:
            self._news.put(("result", number, _packed(None, error)))

    def _watch(self) -> None:
        """Tell when a call began that has run for a while, and end one that uses too much memory."""
        seen: tuple[int, float] | None = None
        told: tuple[int, float] | None = None
        while not self._closed.wait(LOOK):
            since = self._inner.running_since(0)
            now = (self._calls[0], since) if since is not None and self._calls else None
            if now is not None and now == seen:
                if now != told:
                    told = now
                    self._news.put(("since", now[0], time.monotonic() - now[1]))
                self._limit()
            seen = now

    def _limit(self) -> None:
        limit, leader = self._brief.memory, self._inner.pid(0)
        if limit is None or leader is None or self._over is not None:
            return
        if (used := group_memory(leader)) > limit:
            reason = f"it used {used / 1e6:.0f} MB, more than the {limit / 1e6:.0f} MB allowed"
            self._over = WorkerDied(reason=reason, kind=FailureClass.OOM)
            self._inner.kill(0)


def _settle(brief: Brief) -> None:
    """Make this process as the controller's is: current directory and import path, where they exist here."""
    if brief.folder and Path(brief.folder).is_dir():
        os.chdir(brief.folder)
    sys.path.extend(entry for entry in brief.path if entry not in sys.path and os.path.exists(entry))
    if not brief.keep_threads:
        os.environ.pop("OMP_NUM_THREADS", None)


def _fetched(content: Sequence[Any]) -> dict[str, Any]:
    import ray

    found: dict[str, Any] = ray.get(content[0])
    return found


def _start(_: int, slot: int, start: Callable[..., Any], args: tuple[Any, ...]) -> None:
    start(slot, *args)


def _run(payload: bytes) -> bytes:
    """Run a call in the worker; what cannot be read or sent there fails that call alone."""
    try:
        fn, args = pickle.loads(payload)
        return _packed(fn(*args), None)
    except Exception as error:
        return _packed(None, error)


def _packed(value: Any, error: BaseException | None) -> bytes:
    import cloudpickle

    try:
        packed: bytes = cloudpickle.dumps((value, error))
    except Exception as broken:
        told = error or broken
        packed = pickle.dumps((None, RuntimeError(f"cannot be sent back: {type(told).__name__}: {told}")))
    return packed
