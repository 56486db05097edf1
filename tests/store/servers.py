"""Database servers that tests start for themselves, from the packages of the machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def find(program: str) -> str | None:
    """Return the path of a program, also where Debian hides those of servers."""
    hidden = sorted([*Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), *Path("/usr/sbin").glob(program)])
    return shutil.which(program) or (str(hidden[-1]) if hidden else None)


class Server:
    """What both kinds share: a folder, a free port of loopback, and another user when root starts them."""

    programs: tuple[str, ...]
    user: str

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"sweeper-{self.user}-"))
        self._as = ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self.folder, self.user)
        self.port = free_port()

    @classmethod
    def missing(cls) -> str:
        """Return why there can be no server here, "" when there can."""
        return "" if all(map(find, cls.programs)) else f"{cls.__name__} is not installed"

    def command(self, program: str, *arguments: object) -> list[str]:
        return [*self._as, find(program) or program, *map(str, arguments)]

    def run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(self.command(program, *arguments), capture_output=True, text=True, cwd=self.folder)
        assert done.returncode == 0, done.stderr + done.stdout


class PostgreSQL(Server):
    """PostgreSQL with one database."""

    programs, user = ("initdb", "pg_ctl"), "postgres"

    def __init__(self) -> None:
        super().__init__()
        self._data = self.folder / "data"
        self.url = f"postgresql+psycopg://sweeper:secret@127.0.0.1:{self.port}/postgres"
        self.run("initdb", "-D", self._data, "-A", "trust", "-U", "sweeper", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._control = ("-D", self._data, "-l", self.folder / "log", "-o", options, "-w")
        self.start()

    def start(self) -> None:
        self.run("pg_ctl", *self._control, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def restart(self) -> None:
        """Restart as after a power cut of the server's process: open connections are lost."""
        self.run("pg_ctl", *self._control, "-m", "immediate", "restart")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class MariaDB(Server):
    """MariaDB with one database."""

    programs, user = ("mariadbd", "mariadb-install-db"), "mysql"

    def __init__(self) -> None:
        super().__init__()
        self.url = f"mysql+pymysql://sweeper:secret@127.0.0.1:{self.port}/store"
        self.run("mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--skip-test-db")
        setup = self.folder / "setup.sql"
        setup.write_text(
            "CREATE DATABASE IF NOT EXISTS store;\n"
            "CREATE USER IF NOT EXISTS sweeper@'127.0.0.1' IDENTIFIED BY 'secret';\n"
            "GRANT ALL ON *.* TO sweeper@'127.0.0.1';\n"
        )
        setup.chmod(0o644)
        self.start()

    def start(self) -> None:
        command = self.command(
            "mariadbd", "--no-defaults", f"--datadir={self.folder}/data", f"--port={self.port}",
            "--bind-address=127.0.0.1", "--skip-name-resolve", f"--socket={self.folder}/socket",
            f"--pid-file={self.folder}/pid", f"--log-error={self.folder}/log", f"--init-file={self.folder}/setup.sql",
            "--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=64M",
        )  # fmt: skip
        self._process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and self._pid() is not None:
                    return
            time.sleep(0.05)
        raise AssertionError(f"MariaDB does not start: {(self.folder / 'log').read_text()}")

    def _pid(self) -> int | None:
        """Return the server's process, None until it has said so: it answers a little earlier than it writes that."""
        try:
            return int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        pid = self._pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self._process.wait()
        (self.folder / "pid").unlink()  # a server that is killed leaves its file

    def restart(self) -> None:
        """Kill the server and start it again: open connections are lost."""
        self.stop()
        self.start()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
