"""Artifacts of a worker that does not reach them: every file goes by its channel."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from sweeper.artifacts.paths import sources
from sweeper.errors import UsageError


class FileChannel(Protocol):
    """Has what lies at ``path`` of the artifacts put, read, listed or deleted elsewhere; ``local`` is a file here."""

    def file(self, operation: str, path: str, local: str = "") -> Any: ...


class ChannelArtifacts:
    """The controller's artifact store as a worker sees it. ``folder`` is for files on their way; ``root`` is "".

    A call returns when the controller has done it, and raises what happened there.
    """

    root = ""

    def __init__(self, channel: FileChannel, folder: Path) -> None:
        self._channel, self._folder = channel, folder

    def put(self, local: Path, path: str) -> None:
        for file, place in sources(local, path):
            self._channel.file("put", place, str(file.absolute()))

    def write(self, path: str, data: bytes) -> None:
        with self.new_file(path) as file:
            file.write(data)

    def read(self, path: str) -> bytes:
        with self.open(path) as file:
            return file.read()

    def open(self, path: str) -> IO[bytes]:
        part = self._part()
        try:
            self._channel.file("read", path, str(part))
            return part.open("rb")
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def new_file(self, path: str) -> Iterator[IO[bytes]]:
        part = self._part()
        try:
            with part.open("wb") as file:
                yield file
            self._channel.file("put", path, str(part))
        finally:
            part.unlink(missing_ok=True)

    def list(self, path: str = "") -> list[tuple[str, bool, int]]:
        return [(name, is_folder, size) for name, is_folder, size in self._channel.file("list", path)]

    def get(self, path: str, local: Path) -> Path:
        local = Path(local)
        try:
            below = self.list(path)
        except UsageError:  # it is a file
            below = []
        if below:
            local.mkdir(parents=True, exist_ok=True)
            for name, _, _ in below:
                self.get(name, local / name.rpartition("/")[2])
            return local
        local.parent.mkdir(parents=True, exist_ok=True)
        self._channel.file("read", path, str(local.absolute()))
        return local

    def delete(self, path: str) -> None:
        self._channel.file("delete", path)

    def _part(self) -> Path:
        return self._folder / f"file-{secrets.token_hex(8)}"
