"""Artifacts in a folder of this machine: readable by their owner only, no link followed below the root."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from sweeper.artifacts.paths import PART, sources, split
from sweeper.errors import NotFound, StoreUnavailable, UsageError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class FolderArtifacts:
    """Files below ``root``. Every name is opened from the folder above it, so no link leads out."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)

    def put(self, local: Path, path: str) -> None:
        for file, place in sources(local, path):
            self._put_file(file, place)

    def write(self, path: str, data: bytes) -> None:
        with self.new_file(path) as file:
            file.write(data)

    def read(self, path: str) -> bytes:
        with self.open(path) as file:
            return file.read()

    def open(self, path: str) -> IO[bytes]:
        *above, name = split(path)
        with self._below(above, path) as folder:
            try:
                descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            except FileNotFoundError:
                raise NotFound("artifact", path) from None
            except OSError as error:
                raise self._refused(path, error) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise UsageError(f"artifact {path!r} is a folder, not a file")
        return open(descriptor, "rb")

    @contextlib.contextmanager
    def new_file(self, path: str) -> Iterator[IO[bytes]]:
        """Open a file under a temporary name; it takes its own name when everything is written."""
        *above, name = split(path)
        with self._below(above, path, create=True) as folder:
            part = f"{PART}{secrets.token_hex(8)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            try:
                with open(os.open(part, flags, 0o600, dir_fd=folder), "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException as error:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(part, dir_fd=folder)
                if isinstance(error, IsADirectoryError | NotADirectoryError):
                    raise UsageError(f"artifact path {path!r}: there is a folder of that name") from None
                if isinstance(error, OSError):
                    raise self._trouble(error) from None
                raise

    def list(self, path: str = "") -> list[tuple[str, bool, int]]:
        names = split(path, empty=True)
        try:
            with self._below(names, path) as folder:
                return sorted(self._entries(folder, path))
        except NotFound:
            return []

    def get(self, path: str, local: Path) -> Path:
        local = Path(local)
        if self._is_folder(path):
            local.mkdir(parents=True, exist_ok=True)
            for below, _, _ in self.list(path):
                self.get(below, local / below.rpartition("/")[2])
        else:
            local.parent.mkdir(parents=True, exist_ok=True)
            with self.open(path) as source, local.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        return local

    def delete(self, path: str) -> None:
        *above, name = split(path)
        try:
            with self._below(above, path) as folder:
                if stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
                    shutil.rmtree(name, dir_fd=folder)
                else:
                    os.unlink(name, dir_fd=folder)
        except (NotFound, FileNotFoundError):
            pass

    def _put_file(self, local: Path, path: str) -> None:
        with local.open("rb") as source, self.new_file(path) as target:
            shutil.copyfileobj(source, target, 1 << 20)

    @contextlib.contextmanager
    def _below(self, names: Sequence[str], path: str, *, create: bool = False) -> Iterator[int]:
        """Open the folder reached by ``names`` from the root, following no link."""
        if create:
            try:
                os.makedirs(self.root, 0o700, exist_ok=True)
            except OSError as error:
                raise self._trouble(error) from None
        try:
            folder = os.open(self.root, _FOLDER)
        except FileNotFoundError:
            raise NotFound("artifact", path) from None
        except OSError as error:
            raise self._trouble(error) from None
        try:
            for name in names:
                folder = self._step(folder, name, path, create)
            yield folder
        finally:
            os.close(folder)

    def _step(self, folder: int, name: str, path: str, create: bool) -> int:
        try:
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=folder)
            below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except FileNotFoundError:
            raise NotFound("artifact", path) from None
        except OSError as error:
            raise self._refused(path, error) from None
        os.close(folder)
        return below

    def _entries(self, folder: int, path: str) -> Iterator[tuple[str, bool, int]]:
        prefix = f"{path}/" if path else ""
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(PART) or entry.is_symlink():
                    continue
                is_folder = entry.is_dir(follow_symlinks=False)
                size = 0 if is_folder else entry.stat(follow_symlinks=False).st_size
                yield prefix + entry.name, is_folder, size

    def _is_folder(self, path: str) -> bool:
        *above, name = split(path)
        with self._below(above, path) as folder:
            try:
                return stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode)
            except FileNotFoundError:
                raise NotFound("artifact", path) from None

    def _refused(self, path: str, error: OSError) -> UsageError | StoreUnavailable:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            return UsageError(f"artifact path {path!r}: leads through a link or a file, which is not followed")
        return self._trouble(error)

    def _trouble(self, error: OSError) -> StoreUnavailable:
        return StoreUnavailable(f"artifacts in {self.root}: {error.strerror or error}")
