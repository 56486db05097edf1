"""A new process for each call, forked from a slot's worker that has everything imported: a few milliseconds.

For objectives that leave something behind: memory, threads, a GPU context, changed globals.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from typing import Any

from sweeper.interfaces import WorkerDied


def watch_parent() -> None:
    """End this process within a second or so when its parent is gone, without a thread: it must stay safe to fork."""
    parent = os.getppid()

    def look(number: int, frame: object) -> None:
        if os.getppid() != parent:
            os._exit(0)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)


def call_in_child(note: Callable[[int], None], start: Callable[[], Any], fn: Callable[..., Any], args: Any) -> Any:
    """Fork; in the child run ``start()`` and then ``fn(*args)``; return its value or raise what it raised.

    ``note(pid)`` is told the child, which leads a process group of its own. Raises WorkerDied when the child ends
    without an answer.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(writing, start, fn, args)
    os.close(writing)
    note(child)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    code = os.waitstatus_to_exitcode(status)
    if not answer or code:
        raise WorkerDied(signal=-code, pid=child) if code < 0 else WorkerDied(exit_code=code, pid=child)
    value, error = pickle.loads(answer)
    if error is not None:
        raise error
    return value


def _child(writing: int, start: Callable[[], Any], fn: Callable[..., Any], args: Any) -> None:
    os.setsid()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    answer: tuple[Any, BaseException | None]
    try:
        start()
        answer = (fn(*args), None)
    except BaseException as error:
        answer = (None, error)
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(pickle.dumps(answer))
    os._exit(0)
