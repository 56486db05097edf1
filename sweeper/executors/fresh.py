"""A new process for each call, forked from a slot's worker that has everything imported: a few milliseconds.

For objectives that leave something behind: memory, threads, a GPU context, changed globals.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import struct
from collections.abc import Callable
from typing import Any

from sweeper.interfaces import WorkerDied

_HEAD = struct.Struct("<Q")  #: the length of an answer


def watch_parent(parent: int) -> None:
    """End this process within a second or so when its parent is gone, without a thread: it must stay safe to fork."""

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
    answer = _answer(reading, child)
    os.close(reading)
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
    try:
        _write(writing, answer)
    finally:
        os._exit(0)


def _write(writing: int, answer: tuple[Any, BaseException | None]) -> None:
    try:
        body = pickle.dumps(answer)
    except Exception as error:
        body = pickle.dumps((None, RuntimeError(f"the answer cannot be pickled: {type(error).__name__}: {error}")))
    view = memoryview(_HEAD.pack(len(body)) + body)
    while view:
        view = view[os.write(writing, view) :]


def _answer(reading: int, child: int) -> bytes:
    """Return what the child wrote. A process that it started may hold the pipe open: the child's own end counts."""
    received = bytearray()
    process = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        poll.register(process, select.POLLIN)
        while not _whole(received):
            ready = [descriptor for descriptor, _ in poll.poll()]
            part = os.read(reading, 1 << 16) if reading in ready else b""
            if not part:
                return b""
            received += part
    finally:
        os.close(process)
    return bytes(received[_HEAD.size :])


def _whole(received: bytearray) -> bool:
    return len(received) >= _HEAD.size and len(received) - _HEAD.size >= _HEAD.unpack_from(received)[0]
