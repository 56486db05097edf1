"""Artifacts anywhere fsspec reaches: object stores, SSH, memory."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sweeper.artifacts.paths import PART, sources, split
from sweeper.errors import MissingPackage, NotFound, StoreUnavailable, SweeperError, UsageError

WHOLE = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss"))  #: a file appears when complete


class RemoteArtifacts:
    """Files below a URL of fsspec."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._files, self._base = _open(root)
        protocol = self._files.protocol
        self._whole = bool(WHOLE.intersection([protocol] if isinstance(protocol, str) else protocol))

    def put(self, local: Path, path: str) -> None:
        for file, place in sources(local, path):
            self._send(file, place)

    def write(self, path: str, data: bytes) -> None:
        with self._new(path) as name:
            self._files.pipe_file(name, data)

    def read(self, path: str) -> bytes:
        with self._words(path):
            if self._files.isdir(self._at(path)):
                raise UsageError(f"artifact {path!r} is a folder, not a file")
            data: bytes = self._files.cat_file(self._at(path))
            return data

    def open(self, path: str) -> IO[bytes]:
        with self._words(path):
            if self._files.isdir(self._at(path)):
                raise UsageError(f"artifact {path!r} is a folder, not a file")
            file: IO[bytes] = self._files.open(self._at(path), "rb")
            return file

    @contextlib.contextmanager
    def new_file(self, path: str) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile() as file:
            yield file
            file.seek(0)
            with self._new(path) as name, self._files.open(name, "wb") as target:
                shutil.copyfileobj(file, target, 1 << 20)

    def list(self, path: str = "") -> list[tuple[str, bool, int]]:
        folder = self._at(path, empty=True)
        try:
            with self._words(path):
                self._files.invalidate_cache()
                found = self._files.ls(folder, detail=True)
        except NotFound:
            return []
        prefix = f"{path}/" if path else ""
        entries = [(entry["name"].rstrip("/").rpartition("/")[2], entry) for entry in found]
        return sorted(
            (prefix + name, entry["type"] == "directory", 0 if entry["type"] == "directory" else entry["size"])
            for name, entry in entries
            if name and not name.startswith(PART) and entry["name"].rstrip("/") != folder.rstrip("/")
        )

    def get(self, path: str, local: Path) -> Path:
        local = Path(local)
        with self._words(path):
            is_folder = self._files.isdir(self._at(path))
        if is_folder:
            local.mkdir(parents=True, exist_ok=True)
            for below, _, _ in self.list(path):
                self.get(below, local / below.rpartition("/")[2])
            return local
        local.parent.mkdir(parents=True, exist_ok=True)
        with self._words(path), self._files.open(self._at(path), "rb") as source, local.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return local

    def delete(self, path: str) -> None:
        at = self._at(path)
        with self._words(path):
            if self._files.exists(at):
                self._files.rm(at, recursive=True)

    def _send(self, local: Path, path: str) -> None:
        with self._new(path) as name:
            self._files.put_file(str(local), name)

    @contextlib.contextmanager
    def _new(self, path: str) -> Iterator[str]:
        """Give a name to write to; where a half-written file could be seen, it is renamed when complete."""
        at = self._at(path)
        folder = at.rpartition("/")[0]
        with self._words(path):
            if self._files.isdir(at):
                raise UsageError(f"artifact path {path!r}: there is a folder of that name")
            if self._whole:
                yield at
                return
            self._files.makedirs(folder, exist_ok=True)
            part = f"{folder}/{PART}{secrets.token_hex(8)}"
            try:
                yield part
                self._files.mv(part, at)
            except BaseException:
                if self._files.exists(part):
                    self._files.rm(part)
                raise

    def _at(self, path: str, *, empty: bool = False) -> str:
        return "/".join([self._base, *split(path, empty=empty)])

    @contextlib.contextmanager
    def _words(self, path: str) -> Iterator[None]:
        try:
            yield
        except SweeperError:
            raise
        except FileNotFoundError:
            raise NotFound("artifact", path) from None
        except Exception as error:
            raise StoreUnavailable(f"artifacts in {self.root}: {type(error).__name__}: {error}") from error


def _open(root: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise MissingPackage("fsspec", f"keeping artifacts at {root}") from None
    try:
        files, base = fsspec.core.url_to_fs(root)
    except ImportError as error:
        package = re.search(r"[Ii]nstall (?:the )?['\"]?([\w\-]+)", str(error))
        raise MissingPackage(package[1] if package else str(error), f"keeping artifacts at {root}") from None
    except ValueError as error:
        raise UsageError(f"artifacts {root!r}: {error}; use a folder, or a URL like s3://bucket/path") from None
    return files, base.rstrip("/")
