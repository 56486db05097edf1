"""A database server restarts, or the way to it breaks."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time

from tests.chaos.arena import Arena, wait_until
from tests.chaos.experiments.starts import server
from tests.store.servers import PostgreSQL, free_port


def restarted(arena: Arena, times: int = 5, trials: int = 120) -> str:
    """R13: PostgreSQL is restarted immediately in mid-sweep, five times: nothing is lost or doubled, the sweep ends."""
    with server(PostgreSQL) as database:
        arena.url = database.url  # type: ignore[attr-defined]  # each kind has it
        arena.sweep(trials=trials, seconds=(0.1, 0.2))
        process = arena.start("run", str(arena.folder / "sweep.yaml"), "--new", "--artifacts", str(arena.folder / "a"))
        for _ in range(times):
            _progress(arena, process)
            database.restart()  # type: ignore[attr-defined]  # each kind has it
        code, said = arena.finish(process)
        assert code == 0, said
        findings = arena.check(total=trials)
        assert all(row.attempts == 1 for row in arena.rows()), "a trial was taken for lost"
    return f"{times} restarts, {trials} trials; {findings}"


def _progress(arena: Arena, process: subprocess.Popen[str]) -> None:
    """Wait until five more results are acknowledged."""
    before = arena.count("end")
    wait_until(lambda: process.poll() is not None or arena.count("end") >= before + 5)
    assert process.poll() is None, arena.finish(process)


class Proxy:
    """Stands between a client and a server of this machine. ``fault`` is what it does to what comes next.

    "": nothing; "delay": each piece waits 3 s; "drop": connections end; "swallow": what the client sends arrives, the
    answer does not, and the connection ends.
    """

    def __init__(self, port: int) -> None:
        self._target, self.port, self.fault = port, free_port(), ""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                target = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            for source, sink, answers in ((client, target, False), (target, client, True)):
                threading.Thread(target=self._pass, args=(source, sink, answers), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                if self.fault == "drop" or (self.fault == "swallow" and answers):
                    break
                if self.fault == "delay":
                    time.sleep(3.0)
                sink.sendall(data)
        except OSError:
            pass
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # closing alone would not wake who reads from it


def broken_way(arena: Arena, trials: int = 120) -> str:
    """R14: connections to PostgreSQL break, stall, and lose the answer to a commit: nothing is lost or doubled."""
    with server(PostgreSQL) as database:
        port = database.port  # type: ignore[attr-defined]  # each kind has it
        proxy = Proxy(port)
        direct = database.url  # type: ignore[attr-defined]  # each kind has it
        arena.url = direct.replace(str(port), str(proxy.port))
        arena.sweep(trials=trials, seconds=(0.1, 0.2))
        process = arena.start("run", str(arena.folder / "sweep.yaml"), "--new", "--artifacts", str(arena.folder / "a"))
        for fault in ("drop", "swallow", "delay", "swallow", "drop", "swallow"):
            _progress(arena, process)
            proxy.fault = fault
            time.sleep(1.0)
            proxy.fault = ""
        code, said = arena.finish(process)
        assert code == 0, said
        arena.url = direct
        findings = arena.check(total=trials)
        proxy.close()
    return f"drop 2, answer lost 3, delay of 3 s 1; {findings}"
