"""A process and all that it starts: what it writes is handed on at once, and when it ends nothing of it is left."""

from __future__ import annotations

import errno
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sweeper.processes import out_of_memory_kills
from sweeper.records import Failure, FailureClass
from sweeper.trial.command.guard import Guard
from sweeper.trial.values import CommandFailed

GRACE = 10.0  #: seconds between SIGTERM and SIGKILL for a command that is to stop
HASTE = 1.5  #: ... when its own worker is being ended, which has two seconds in all
TICK = 0.1  #: ``tick`` is called at least about this often
LAST = 1.0  #: seconds for what is still in the pipes of a process that has ended

NOT_FOUND, NOT_EXECUTABLE = 127, 126  #: exit codes, as a shell has them

Take = Callable[[str, bytes], None]  #: ("stdout" or "stderr", bytes)


class Ended(NamedTuple):
    """How a process ended: one of exit code and signal. ``peak_memory`` in bytes, of it and what it waited for."""

    exit_code: int | None
    signal: int | None
    peak_memory: int
    oom: bool


class Terminated(BaseException):
    """This worker got SIGTERM while a command ran."""


class Watched:
    """Something with a ``fileno`` that is looked at while a command runs."""

    def fileno(self) -> int:
        """Return what becomes readable."""
        raise NotImplementedError

    def serve(self) -> None:
        """Handle what there is; does not block."""
        raise NotImplementedError


def run(
    words: Sequence[str],
    environment: Mapping[str, str],
    folder: Path | None,
    take: Take,
    tick: Callable[[], None],
    *,
    watched: Watched | None = None,
    own_process: bool,
) -> Ended:
    """Run a command to its end. stdin is empty; it leads a process group of its own.

    What ``take``, ``tick`` or a timer raises ends the command: SIGTERM, some grace, SIGKILL; then it is raised again.
    ``own_process``: this process is a worker; when it gets SIGTERM, the command gets it too, before both end. Raises
    CommandFailed when the command cannot be started.
    """
    kills = out_of_memory_kills()
    with Guard() as guard, _terminable(own_process):
        process = _started(words, environment, folder)
        try:
            guard.watch(process.pid)
            return _Life(process, watched).follow(take, tick, kills)
        finally:
            if process.returncode is None:
                _signal(process.pid, signal.SIGKILL)
            guard.watch(None)
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def _started(words: Sequence[str], environment: Mapping[str, str], folder: Path | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            words,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
            bufsize=0,
        )
    except OSError as error:
        raise CommandFailed(_cannot_start(words[0], environment, folder, error)) from None


def _cannot_start(word: str, environment: Mapping[str, str], folder: Path | None, error: OSError) -> Failure:
    """Return what is wrong with a command that the system does not start."""
    if folder is not None and not folder.is_dir():
        return Failure(FailureClass.EXIT, f"there is no folder {folder} on this host", exit_code=NOT_FOUND)
    if isinstance(error, FileNotFoundError):
        if os.path.exists(word):
            message = f"{word} names an interpreter in its first line (#!) that is not there"
        else:
            message = not_found(word, environment.get("PATH", ""))
        return Failure(FailureClass.EXIT, message, exit_code=NOT_FOUND)
    if isinstance(error, PermissionError):
        message = f"{word} may not be executed; run chmod +x {word}, or name its interpreter before it"
        return Failure(FailureClass.EXIT, message, exit_code=NOT_EXECUTABLE)
    if error.errno == errno.ENOEXEC:
        message = f"{word} does not say what runs it; begin it with #!/bin/sh, or name its interpreter before it"
        return Failure(FailureClass.EXIT, message, exit_code=NOT_EXECUTABLE)
    return Failure(FailureClass.EXIT, f"{word} cannot be started: {error.strerror or error}", exit_code=NOT_EXECUTABLE)


def not_found(word: str, path: str) -> str:
    """Return the sentence for a command that is nowhere."""
    return f"there is no file {word}" if "/" in word else f"there is no command {word!r} on PATH ({path})"


class _Life:
    """A process from its start to its end."""

    def __init__(self, process: subprocess.Popen[bytes], watched: Watched | None) -> None:
        self._process = process
        self._selector = selectors.DefaultSelector()
        self._end = os.pidfd_open(process.pid)
        self._selector.register(self._end, selectors.EVENT_READ, self._over)
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            assert pipe is not None
            self._selector.register(pipe, selectors.EVENT_READ, name)
        if watched is not None:
            self._selector.register(watched, selectors.EVENT_READ, watched.serve)
        self._ended = False

    def follow(self, take: Take, tick: Callable[[], None], kills: int) -> Ended:
        with self._selector:
            try:
                self._until(None, take, tick)
            except BaseException as error:
                if not self._ended:
                    _signal(self._process.pid, signal.SIGTERM)
                    grace = HASTE if isinstance(error, Terminated) else GRACE
                    self._until(time.monotonic() + grace, _quiet(take), lambda: None)
                raise
            finally:
                _signal(self._process.pid, signal.SIGKILL)
                result = self._reap(kills)
            self._until(time.monotonic() + LAST, take, tick)
            return result

    def _until(self, deadline: float | None, take: Take, tick: Callable[[], None]) -> None:
        """Hand on what comes until the process ends, or when it has ended until its pipes are empty."""
        drain, ticked = self._ended, time.monotonic()
        while deadline is None or time.monotonic() < deadline:
            ready = self._selector.select(0 if drain else TICK)
            for key, _ in ready:
                if isinstance(key.data, str):
                    self._read(key.fileobj, key.data, take)
                else:
                    key.data()
            if time.monotonic() - ticked > TICK:
                ticked = time.monotonic()
                tick()
            if drain and not any(isinstance(key.data, str) for key, _ in ready):
                return
            if self._ended and not drain:
                return

    def _read(self, pipe: object, name: str, take: Take) -> None:
        assert hasattr(pipe, "fileno")
        if chunk := os.read(pipe.fileno(), 1 << 16):
            take(name, chunk)
        else:
            self._selector.unregister(pipe)

    def _over(self) -> None:
        self._ended = True
        self._selector.unregister(self._end)
        os.close(self._end)
        self._end = -1

    def _reap(self, kills: int) -> Ended:
        _, status, usage = os.wait4(self._process.pid, 0)
        code = self._process.returncode = os.waitstatus_to_exitcode(status)
        if not self._ended:
            self._over()
        peak = usage.ru_maxrss * 1024
        oom = code == -signal.SIGKILL and out_of_memory_kills() > kills
        return Ended(code, None, peak, False) if code >= 0 else Ended(None, -code, peak, oom)


def _quiet(take: Take) -> Take:
    """What is still said by a command that was told to stop changes nothing any more."""

    def listen(name: str, chunk: bytes) -> None:
        try:
            take(name, chunk)
        except Exception:
            pass

    return listen


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass


@contextmanager
def _terminable(own_process: bool) -> Iterator[None]:
    """Let a worker's SIGTERM reach its command first; this process then ends of it, as it would have."""
    here = own_process and threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def end(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Terminated

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    except Terminated:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
