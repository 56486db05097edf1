"""The channel to workers on other hosts: an outpost beside each of them, and its home at the controller.

The worker speaks to the outpost as it would to its controller, by a Unix socket and a board; the executor carries
messages between the outpost and the home, so that nothing here listens on a port. Records stay lines of JSON.

Upward go ``("frame", line)``, ``("ask", run_id, number, step, value)``, ``("gone", pid)``, ``("broken", sentence)`` and
``("file", operation, path, bytes, is first, is last)``; downward ``("answer", stop)``, ``("ack", serial, applied)`` and
``("file", "ok", value)`` or ``("file", "failed", kind of error, sentence)``.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from signal import SIGKILL
from typing import Any

from sweeper.errors import NotFound, StoreUnavailable, UsageError
from sweeper.interfaces import ArtifactStore, Message, WorkerDied
from sweeper.processes import out_of_memory_kills
from sweeper.records import FailureClass
from sweeper.trial import frames
from sweeper.trial.capture import tail_of
from sweeper.trial.channel import ChannelServer
from sweeper.trial.frames import Frame, unpack
from sweeper.trial.worker import Setup, output_file

CHUNK = 4 << 20  #: bytes of a file that travel at once; the next ones leave when these have arrived
FILERS = 4  #: threads of the home that write files

Post = Callable[..., None]  #: (slot, message, urgent=True)


@dataclass
class WorkerOutpost:
    """Stands in for the controller beside the workers of one slot. ``setup`` is as for a worker of the controller's
    host."""

    setup: Setup

    def open(self, slot: int, folder: Path, data: str, send: Callable[[Message], None]) -> tuple[Any, ...]:
        self._slot, self._folder, self._send = slot, folder, send
        self._answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._kills = out_of_memory_kills()
        self._channel = ChannelServer(
            folder,
            self._on_frame,
            self._on_ask,
            lambda slot, pid: send(("gone", pid)),
            lambda error: send(("broken", f"{type(error).__name__}: {error}")),
            on_file=self._on_file,
            slots=self.setup.slots,
        )
        there = replace(
            self.setup,
            runtime=str(folder),
            spool=str(folder / "spool"),
            data=data,
            artifacts=self.setup.artifacts if reaches(self.setup.artifacts, self.setup.sweep_id) else "",
        )
        return there, self.setup.runtime

    def receive(self, message: Message) -> None:
        if message[0] == "answer":
            self._answers.put(message)
        elif message[0] == "ack":
            self._channel.acks.write(self._slot, *message[1:])
        else:
            self._replies.put(message)

    def died(self, death: WorkerDied) -> WorkerDied:
        path = output_file(self._folder, self._slot, death.pid)
        death.output = tail_of(path)
        path.unlink(missing_ok=True)
        if death.kind is None and death.signal == SIGKILL and out_of_memory_kills() > self._kills:
            death.kind = FailureClass.OOM
            death.reason = "killed by the system of its host, which was out of memory"
        self._kills = out_of_memory_kills()
        return death

    def close(self) -> None:
        self._channel.close()

    def _on_frame(self, slot: int, frame: Frame) -> None:
        self._send(("frame", frames.line(frame)))

    def _on_ask(self, run_id: str, number: int, step: int, value: float) -> bool:
        self._send(("ask", run_id, number, step, value))
        return bool(self._answers.get()[1])

    def _on_file(self, operation: str, path: str, local: str) -> Any:
        """Do something with a file of the controller's artifacts; runs in the channel's thread, one after another."""
        if operation != "put":
            value = self._file(operation, path)
            if operation != "read":
                return value
            Path(local).write_bytes(value)
            return None
        with open(local, "rb") as file:
            left, first = os.fstat(file.fileno()).st_size, True
            while first or left > 0:
                chunk = file.read(min(CHUNK, max(left, 0)))
                left = left - len(chunk) if chunk else 0
                self._file("put", path, chunk, first, left <= 0)
                first = False
        return None

    def _file(self, operation: str, path: str, chunk: bytes = b"", first: bool = True, last: bool = True) -> Any:
        self._send(("file", operation, path, chunk, first, last))
        _, result, *answer = self._replies.get()
        if result == "ok":
            return answer[0]
        kind, sentence = answer
        if kind == "NotFound":
            raise NotFound("artifact", path)
        raise (UsageError if kind == "UsageError" else StoreUnavailable)(sentence)


class Home:
    """The controller's end of all outposts: takes what they send as a :class:`ChannelServer` takes it from workers.

    It is its own board of acknowledgements. ``folder`` is for files on their way into ``artifacts``.
    """

    def __init__(
        self,
        folder: Path,
        artifacts: ArtifactStore,
        on_frame: Callable[[int, Frame], None],
        on_ask: Callable[[str, int, int, float], bool],
        on_gone: Callable[[int, int], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._folder, self._artifacts = folder, artifacts
        self._on_frame, self._on_ask, self._on_gone, self._on_error = on_frame, on_ask, on_gone, on_error
        self._filers = ThreadPoolExecutor(FILERS, "sweeper-files")
        self._connected = threading.Event()
        self.acks = self

    def connect(self, post: Post) -> None:
        """Learn how messages get to outposts. What they send before waits for it."""
        self._post = post
        self._connected.set()

    def receive(self, slot: int, message: Message) -> None:
        """Take what the outpost of a slot sent. Called by one thread; quick, but for prune questions."""
        self._connected.wait()
        try:
            self._take(slot, *message)
        except Exception as error:
            self._on_error(error)
            if message[0] == "ask":
                self._post(slot, ("answer", False))

    def write(self, slot: int, serial: int, applied: int) -> None:
        """Acknowledge the records of a call; this may wait for other messages to travel with."""
        self._post(slot, ("ack", serial, applied), urgent=False)

    def close(self) -> None:
        self._filers.shutdown(wait=False, cancel_futures=True)

    def _take(self, slot: int, kind: str, *content: Any) -> None:
        if kind == "frame":
            self._on_frame(slot, unpack(content[0]))
        elif kind == "ask":
            self._post(slot, ("answer", self._on_ask(*content)))
        elif kind == "gone":
            self._on_gone(slot, content[0])
        elif kind == "file":
            self._filers.submit(self._file, slot, *content)
        else:
            self._on_error(RuntimeError(content[0]))

    def _file(self, slot: int, operation: str, path: str, chunk: bytes, first: bool, last: bool) -> None:
        try:
            reply: Message = ("file", "ok", self._do(slot, operation, path, chunk, first, last))
        except Exception as error:
            reply = ("file", "failed", type(error).__name__, str(error))
        self._post(slot, reply)

    def _do(self, slot: int, operation: str, path: str, chunk: bytes, first: bool, last: bool) -> Any:
        if operation == "list":
            return self._artifacts.list(path)
        if operation == "read":
            return self._artifacts.read(path)
        if operation == "delete":
            return self._artifacts.delete(path)
        part = self._folder / f"incoming-{slot}"
        with part.open("wb" if first else "ab") as file:
            file.write(chunk)
        if last:
            self._artifacts.put(part, path)
            part.unlink()
        return None


def reaches(artifacts: str, sweep_id: str) -> bool:
    """Return whether this host reaches the artifacts: at a URL, or in the very folder where the sweep's own lie."""
    if "://" in artifacts and not artifacts.startswith("file://"):
        return True
    folder = Path(artifacts.removeprefix("file://")) / sweep_id
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
