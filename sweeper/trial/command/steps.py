"""Runs below a trial that its command makes: a socket from the command, and what it starts, to who runs it.

Lines of JSON. A client sends ``["hello"]`` and is told where files go; then ``["event", record]`` of runs below the
run that the command belongs to, each answered by ``["ok"]`` or ``["refused", sentence]``. On a host that does not reach
the artifacts it sends ``["file", operation, path, local file]``, answered by ``["ok", value]``.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sweeper import wire
from sweeper.artifacts import open_artifacts
from sweeper.errors import StoreUnavailable, SweeperError, UsageError
from sweeper.events import Event, ParamsLogged, PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.interfaces import ArtifactStore
from sweeper.trial.command.process import Watched
from sweeper.trial.files import ChannelArtifacts
from sweeper.trial.handle import RunHandle

CHANNEL, RUN = "SWEEPER_CHANNEL", "SWEEPER_RUN_ID"
BELOW = (RunEnded, ParamsLogged, PointsLogged, TagsSet)


class StepServer(Watched):
    """The end of who runs the command: ``handle`` is the run that others may be nested below."""

    def __init__(self, path: Path, handle: RunHandle) -> None:
        self._path, self._handle = path, handle
        self._known = {handle.id}

    @property
    def variables(self) -> dict[str, str]:
        """What the command's environment says of this."""
        return {CHANNEL: str(self._path)}

    def __enter__(self) -> Self:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self._path))
        self._listener.listen(16)
        self._selector = selectors.EpollSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()

    def fileno(self) -> int:
        return self._selector.fileno()

    def serve(self) -> None:
        for key, _ in self._selector.select(0):
            if key.data is None:
                connection, _ = self._listener.accept()
                self._selector.register(connection, selectors.EVENT_READ, bytearray())
            else:
                assert isinstance(key.fileobj, socket.socket)
                self._read(key.fileobj, key.data)

    def _read(self, connection: socket.socket, rest: bytearray) -> None:
        try:
            received = connection.recv(1 << 20)
            rest += received
            while b"\n" in rest:
                line, _, left = bytes(rest).partition(b"\n")
                rest[:] = left
                connection.sendall(json.dumps(self._answer(line)).encode() + b"\n")
        except OSError:
            received = b""
        if not received:
            self._selector.unregister(connection)
            connection.close()

    def _answer(self, line: bytes) -> list[Any]:
        try:
            match json.loads(line):
                case ["hello"]:
                    return ["ok", self._handle.experiment_id, self._handle.files.root]
                case ["event", record]:
                    self._take(wire.decode(record))
                    return ["ok"]
                case ["file", str(operation), str(path), str(local)]:
                    return ["ok", self._file(operation, path, Path(local))]
        except (SweeperError, ValueError, OSError) as error:
            return ["refused", str(error)]
        return ["refused", "not a message of this version"]

    def _take(self, event: Event) -> None:
        if isinstance(event, RunStarted) and event.run.kind == "run" and event.run.parent_id in self._known:
            self._known.add(event.run.id)
        elif not isinstance(event, BELOW) or event.run_id not in self._known - {self._handle.id}:
            raise UsageError("only runs below the trial of this command can be written from here")
        self._handle.hand_on(event)

    def _file(self, operation: str, path: str, local: Path) -> Any:
        files = self._handle.files
        if operation == "list":
            return files.list(path)
        if operation == "put":
            return files.put(local, path)
        if operation == "read":
            with files.open(path) as source, local.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            return None
        return files.delete(path)


class StepSink:
    """The end of a command: takes the records of runs nested below its own. Safe to use from any thread."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError as error:
            raise StoreUnavailable(f"the sweep that runs this command cannot be reached: {error}") from None
        self._answers = self._socket.makefile("rb")
        self.experiment_id, self._root = self._ask(["hello"])
        self._folder = Path(path).parent
        self._artifacts: ArtifactStore | None = None

    def emit(self, event: Event) -> None:
        self._ask(["event", wire.encode(event)])

    def artifacts(self) -> ArtifactStore:
        if self._artifacts is None:
            self._artifacts = open_artifacts(self._root) if self._root else ChannelArtifacts(self, self._folder)
        return self._artifacts

    def file(self, operation: str, path: str, local: str = "") -> Any:
        """Have who runs the command put, read, list or delete what lies at ``path`` of the artifacts."""
        return self._ask(["file", operation, path, local])[0]

    def _ask(self, message: list[Any]) -> list[Any]:
        with self._lock:
            try:
                self._socket.sendall(wire.dumps(message) + b"\n")
                line = self._answers.readline()
            except OSError:
                line = b""
        if not line:
            raise StoreUnavailable("the sweep that runs this command has ended")
        answer: list[Any] = json.loads(line)
        if answer[0] != "ok":
            raise UsageError(answer[1])
        return answer[1:]


def run_of_environment() -> RunHandle | None:
    """Return the run of the command that this process belongs to; None outside of commands that sweeper runs."""
    path, run_id = os.environ.get(CHANNEL), os.environ.get(RUN)
    if not path or not run_id:
        return None
    sink = StepSink(path)
    return RunHandle(run_id, sink, experiment_id=sink.experiment_id)
