"""The command ``sweeper server`` as a process of its own, as people start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ServerProcess:
    """A running ``sweeper server --port 0``; ``url`` is where it answers. Output goes to ``log``, a file."""

    def __init__(
        self, folder: Path, *options: str, port: int = 0, environment: Mapping[str, str] | None = None, umask: int = -1
    ) -> None:
        command = [sys.executable, "-m", "sweeper", "server", "--json", "--port", str(port), *options]
        self.log = folder / "server.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SWEEPER_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env={**clean, **(environment or {})}, stdout=subprocess.PIPE, stderr=log,
                text=True, umask=umask,
            )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"it ended with {self.process.wait()}: {self.log.read_text()}"
        self.said: dict[str, Any] = json.loads(line)
        self.url: str = self.said["url"]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> int:
        """End it as Ctrl-C's sibling does, and return its exit code."""
        self.process.terminate()
        code = self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.close()
