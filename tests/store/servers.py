"""Database servers that tests start for themselves, from the packages of the machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def find(program: str) -> str | None:
    """Return the path of a program, also where Debian hides those of PostgreSQL."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return shutil.which(program) or (str(hidden[-1]) if hidden else None)


class PostgreSQL:
    """A server of its own on a free port of loopback; root runs it as the user ``postgres``."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sweeper-postgresql-"))
        self._data = self._folder / "data"
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self._folder, "postgres")
        self.port = free_port()
        self.url = f"postgresql+psycopg://sweeper:secret@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "sweeper", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()

    @staticmethod
    def missing() -> str:
        """Return why there can be no server here, "" when there can."""
        return "" if find("initdb") and find("pg_ctl") else "PostgreSQL is not installed"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-o", options, "-w", "start")

    def restart(self) -> None:
        """Restart as after a power cut of the server's process: open connections are lost."""
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-m", "immediate", "-w", "restart")

    def close(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as, find(program) or program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self._folder)
        assert done.returncode == 0, done.stderr + done.stdout
