"""The channel between the workers of one machine and their controller: a Unix socket and a board of acknowledgements.

Lines of JSON. A worker sends ``["hello", slot, pid]``, frames, and ``["ask", run_id, number, step, value]``, which is
answered at once by ``1`` or ``0``. What the store has is written on the board, a shared memory map: no system call.
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
from typing import Any

from sweeper.trial.frames import Frame, unpack

SOCKET = "channel.sock"
BOARD = "acks"
_PLACE = struct.Struct("<Q")  #: the call in the upper half, its records in the lower: one word is never torn
_HALF = 32


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
    comes after everything that worker sent; ``on_error(error)`` is told what any of them raised.
    """

    def __init__(
        self,
        folder: Path,
        on_frame: Callable[[int, Frame], None],
        on_ask: Callable[[str, int, int, float], bool],
        on_gone: Callable[[int, int], None],
        on_error: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        self._on_frame, self._on_ask, self._on_gone, self._on_error = on_frame, on_ask, on_gone, on_error
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
                peer.answer(False)

    def _take(self, peer: _Peer, message: list[Any]) -> None:
        if message[0] == "frame":
            self._on_frame(peer.slot, unpack(message))
        elif message[0] == "ask":
            peer.answer(self._on_ask(*message[1:]))
        elif message[0] == "hello":
            _, peer.slot, peer.pid = message


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

    def answer(self, stop: bool) -> None:
        try:
            self.connection.sendall(b"1\n" if stop else b"0\n")
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
        self._answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._alive = True
        self._send(json.dumps(["hello", slot, pid]).encode())
        threading.Thread(target=self._listen, name="sweeper-channel", daemon=True).start()

    def send(self, frame: bytes) -> None:
        """Send a frame; blocks while the controller is slow. Silent when it is gone: the spool keeps the frame."""
        self._send(frame)

    def ask(self, run_id: str, number: int, step: int, value: float) -> bool:
        """Ask whether to stop and wait for the answer; False when nobody is there."""
        with self._asking:
            if not self._alive:
                return False
            self._send(json.dumps(["ask", run_id, number, step, value]).encode())
            return self._answers.get()

    def close(self) -> None:
        self._alive = False
        _closed(self._socket, shut=True)

    def _send(self, line: bytes) -> None:
        try:
            with self._lock:
                self._socket.sendall(line + b"\n")
        except OSError:
            pass

    def _listen(self) -> None:
        while True:
            try:
                if not self._selector.select(0.5):
                    self._on_tick()
                    continue
                received = self._socket.recv(4096)
            except (OSError, ValueError):
                received = b""
            if not received:
                break
            for answer in received.split():
                self._answers.put(answer == b"1")
        self._selector.close()
        told, self._alive = self._alive, False
        self._answers.put(False)
        if told:
            self._on_gone()


def _closed(connection: Any, *, shut: bool = False) -> None:
    try:
        if shut:
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    except OSError:
        pass
