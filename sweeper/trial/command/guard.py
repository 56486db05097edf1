"""Ends a command whose worker died: whatever killed the worker, nothing it started is left behind.

A command leads a process group of its own, so the signal that ends a worker's group does not reach it. A shell in a
session of its own waits for the worker's end of a pipe to close, and kills the group that it was last told.
"""

from __future__ import annotations

import subprocess
from types import TracebackType
from typing import Self

_WAIT = 'group=; while read -r next; do group=$next; done; [ -z "$group" ] || kill -s KILL -- "-$group" 2>/dev/null'


class Guard:
    """Use it as a context manager around the life of a command."""

    def __enter__(self) -> Self:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _WAIT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
            cwd="/",
        )
        return self

    def watch(self, group: int | None) -> None:
        """Name the process group that may not outlive this process; None: there is none any more."""
        assert self._shell.stdin is not None
        try:
            self._shell.stdin.write(f"{group or ''}\n".encode())
        except OSError:
            return  # somebody killed the shell: the command is ended by its worker all the same

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._shell.stdin is not None
        try:
            self._shell.stdin.close()
        except OSError:
            pass
        self._shell.wait()
