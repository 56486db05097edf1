"""The channel between the workers of one machine and their controller: a Unix socket and a board of acknowledgements.

Lines of JSON. A worker sends ``["hello", slot, pid]``, frames, and ``["ask", run_id, number, step, value]``, which is
answered at once by ``1`` or ``0``. What the store has is written on the board, a shared memory map: no system call.
A worker that does not reach the artifacts itself sends ``["file", operation, path, local]``, which is answered by
``["ok", value]`` or ``["failed", kind of error, sentence]``.
"""

from __future__ import annotations

import json
import mmap
import queue
import selectors
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from sweeper import wire
from sweeper.errors import NotFound, StoreUnavailable, UsageError
from sweeper.trial.frames import Frame, unpack

SOCKET = "channel.sock"
BOARD = "acks"
_PLACE = struct.Struct("<Q")  #: the call in the upper half, its records in the lower: one word is never torn
_HALF = 32


class Acks(Protocol):
    """Where a controller notes what of an attempt's records is in the store."""

    def write(self, slot: int, serial: int, applied: int) -> None:
        """The first ``applied`` records of call ``serial``, the slot's current one, are in the store."""
        ...


class AckBoard:
    """Per slot: the last call acknowledged and how many of its records are in the store."""

    def __init__(self, folder: Path, slots: int) -> None:
        path = folder / BOARD
        size = max(slots, 1) * _PLACE.size
        if not path.exists():
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)

    def write(self, slot: int, serial: int, applied: int) -> None:
        _PLACE.pack_into(self._map, slot * _PLACE.size, serial << _HALF | applied)

    def read(self, slot: int) -> tuple[int, int]:
        (word,) = _PLACE.unpack_from(self._map, slot * _PLACE.size)
        return word >> _HALF, word & ((1 << _HALF) - 1)

    def close(self) -> None:
        self._map.close()


class ChannelServer:
    """The controller's end. One thread reads; the callbacks run in it and must be quick.

    ``on_frame(slot, frame)``; ``on_ask(run_id, number, step, value)`` returns whether to stop; ``on_gone(slot, pid)``
    comes after everything that worker sent; ``on_error(error)`` is told what any of them raised;
    ``on_file(operation, path, local)`` returns a value of JSON. ``acks`` is the board for ``slots`` slots.
    """

    def __init__(
        self,
        folder: Path,
        on_frame: Callable[[int, Frame], None],
        on_ask: Callable[[str, int, int, float], bool],
        on_gone: Callable[[int, int], None],
        on_error: Callable[[Exception], None] = lambda _: None,
        *,
        on_file: Callable[[str, str, str], Any] | None = None,
        slots: int = 1,
    ) -> None:
        self._on_frame, self._on_ask, self._on_gone, self._on_error = on_frame, on_ask, on_gone, on_error
        self._on_file = on_file
        self.acks = AckBoard(folder, slots)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen(256)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._wake, waker = socket.socketpair()
        self._waker = waker
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._serve, name="sweeper-channel", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._waker.send(b"x")
        self._thread.join(5)
        for key in list(self._selector.get_map().values()):
            _closed(key.fileobj)
        self._selector.close()
        self._waker.close()

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._wake:
                    return
                if key.fileobj is self._listener:
                    connection, _ = self._listener.accept()
                    self._selector.register(connection, selectors.EVENT_READ, _Peer(connection))
                else:
                    self._read(key.data)

    def _read(self, peer: _Peer) -> None:
        try:
            received = peer.connection.recv(1 << 20)
        except OSError:
            received = b""
        if received:
            for line in peer.lines(received):
                self._handle(peer, line)
            return
        self._selector.unregister(peer.connection)
        peer.connection.close()
        if peer.slot >= 0:
            self._on_gone(peer.slot, peer.pid)

    def _handle(self, peer: _Peer, line: bytes) -> None:
        """Take one message; an error in it, or in who listens, may not end this thread: every report would hang."""
        try:
            self._take(peer, json.loads(line))
        except Exception as error:
            self._on_error(error)
            if line.startswith(b'["ask"'):
                peer.answer(b"0")

    def _take(self, peer: _Peer, message: list[Any]) -> None:
        if message[0] == "frame":
            self._on_frame(peer.slot, unpack(message))
        elif message[0] == "ask":
            peer.answer(b"1" if self._on_ask(*message[1:]) else b"0")
        elif message[0] == "file":
            peer.answer(self._file(*message[1:]))
        elif message[0] == "hello":
            _, peer.slot, peer.pid = message

    def _file(self, operation: str, path: str, local: str) -> bytes:
        try:
            if self._on_file is None:
                raise UsageError("this controller takes no files")
            return wire.dumps(["ok", self._on_file(operation, path, local)])
        except Exception as error:
            return wire.dumps(["failed", type(error).__name__, str(error)])


class _Peer:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.slot, self.pid = -1, 0
        self._rest: list[bytes] = []

    def lines(self, received: bytes) -> list[bytes]:
        """Return the whole lines that are there now."""
        if b"\n" not in received:
            self._rest.append(received)
            return []
        *whole, rest = b"".join((*self._rest, received)).split(b"\n")
        self._rest = [rest] if rest else []
        return whole

    def answer(self, line: bytes) -> None:
        try:
            self.connection.sendall(line + b"\n")
        except OSError:
            pass


class ChannelClient:
    """A worker's end. ``on_tick`` is called about twice a second; ``on_gone`` once, when the controller is gone."""

    def __init__(
        self, folder: Path, slot: int, pid: int, on_tick: Callable[[], None], on_gone: Callable[[], None]
    ) -> None:
        self._on_tick, self._on_gone = on_tick, on_gone
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(folder / SOCKET))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._lock, self._asking = threading.Lock(), threading.Lock()
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._alive = True
        self._send(json.dumps(["hello", slot, pid]).encode())
        threading.Thread(target=self._listen, name="sweeper-channel", daemon=True).start()

    def send(self, frame: bytes) -> None:
        """Send a frame; blocks while the controller is slow. Silent when it is gone: the spool keeps the frame."""
        self._send(frame)

    def ask(self, run_id: str, number: int, step: int, value: float) -> bool:
        """Ask whether to stop and wait for the answer; False when nobody is there."""
        return self._request(["ask", run_id, number, step, value]) == b"1"

    def file(self, operation: str, path: str, local: str = "") -> Any:
        """Have the controller put, read, list or delete what lies at ``path`` of the artifacts; ``local`` is here.

        Raises what the controller's artifact store raised, StoreUnavailable when nobody is there.
        """
        kind, *answer = json.loads(self._request(["file", operation, path, local]) or b'["gone"]')
        if kind == "ok":
            return answer[0]
        if kind == "gone":
            raise StoreUnavailable("the controller, which keeps the artifacts, is gone")
        if answer[0] == "NotFound":
            raise NotFound("artifact", path)
        raise (UsageError if answer[0] == "UsageError" else StoreUnavailable)(answer[1])

    def close(self) -> None:
        self._alive = False
        _closed(self._socket, shut=True)

    def _request(self, message: list[Any]) -> bytes:
        """Return the answer to a message, "" when nobody is there."""
        with self._asking:
            if not self._alive:
                return b""
            self._send(json.dumps(message).encode())
            return self._answers.get()

    def _send(self, line: bytes) -> None:
        try:
            with self._lock:
                self._socket.sendall(line + b"\n")
        except OSError:
            pass

    def _listen(self) -> None:
        rest = b""
        while True:
            try:
                if not self._selector.select(0.5):
                    self._on_tick()
                    continue
                received = self._socket.recv(1 << 16)
            except (OSError, ValueError):
                received = b""
            if not received:
                break
            *answers, rest = (rest + received).split(b"\n")
            for answer in answers:
                self._answers.put(answer)
        self._selector.close()
        told, self._alive = self._alive, False
        self._answers.put(b"")
        if told:
            self._on_gone()


def _closed(connection: Any, *, shut: bool = False) -> None:
    try:
        if shut:
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    except OSError:
        pass
