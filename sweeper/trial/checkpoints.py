"""What a trial keeps so that its next attempt goes on where it was, whatever ended the one before.

It lies below the root of the artifacts, in ``.checkpoints/<sweep id>/<run id>/``: ``files`` is the trial's plain
folder, ``saved/<attempt>-<count>`` a checkpoint, with a mark beside it once it is whole. Where the artifacts are no
folder of this host, a local copy is worked on, and what is saved goes through the artifact store.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sweeper.artifacts.folder import FolderArtifacts
from sweeper.interfaces import ArtifactStore

ROOT = ".checkpoints"
FILES, SAVED = "files", "saved"
WHOLE = ".whole"  #: ends the name of a mark: the folder that it belongs to is there in full


class Checkpoints:
    """The checkpoints of one attempt of a trial, in the local folder ``place``; ``remote`` is where they outlive it.

    ``before()`` is called before one counts: it sends the records that the next attempt will not make again.
    """

    def __init__(
        self,
        place: Path,
        attempt: int,
        remote: Remote | None = None,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._place, self._attempt, self._remote, self._before = place, attempt, remote, before
        if remote is not None:
            for kind in (FILES, SAVED):
                remote.fetch(kind, place)
        for part in (place / SAVED).glob(".*"):
            shutil.rmtree(part, ignore_errors=True)
        there = [path.name.removesuffix(WHOLE) for path in (place / SAVED).glob("[0-9]*")]
        self._count = max((int(name.partition("-")[2]) for name in there), default=0)

    @property
    def folder(self) -> Path:
        """The plain folder, made when it is not there."""
        return _made(self._place / FILES)

    def latest(self) -> Path | None:
        """Return the folder of the last checkpoint that was saved whole, by any attempt."""
        saved = self._saved()
        return saved[-1] if saved else None

    @contextmanager
    def save(self) -> Iterator[Path]:
        """Give an empty folder to fill; it becomes the last checkpoint when the block ends, and not when it raises."""
        part = _made(_made(self._place / SAVED) / f".{secrets.token_hex(8)}")
        try:
            yield part
            _sync(part)
            self._before()
            self._count += 1
            whole = part.rename(part.parent / f"{self._attempt:06d}-{self._count:08d}")
            _mark(whole).touch()
            _sync_folder(whole.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        if self._remote is not None:
            self._remote.keep(SAVED, whole)
        for earlier in self._saved():
            if earlier.name < whole.name:
                _mark(earlier).unlink(missing_ok=True)
                shutil.rmtree(earlier, ignore_errors=True)

    def hand_on(self) -> None:
        """The attempt is over and another may follow: keep the plain folder where that one finds it."""
        files = self._place / FILES
        if self._remote is not None:
            if files.is_dir() and any(files.iterdir()):
                self._remote.keep(FILES, files, f"{self._attempt:06d}")
            shutil.rmtree(self._place, ignore_errors=True)

    def discard(self) -> None:
        """The trial has its result: remove everything."""
        shutil.rmtree(self._place, ignore_errors=True)
        if self._remote is not None:
            self._remote.discard()

    def _saved(self) -> list[Path]:
        return sorted(path.with_suffix("") for path in (self._place / SAVED).glob(f"[0-9]*{WHOLE}"))


class Remote:
    """Checkpoints of one trial in an artifact store: folders, each with a mark that is written after it."""

    def __init__(self, files: ArtifactStore, path: str) -> None:
        self._files, self._path = files, path

    def fetch(self, kind: str, place: Path) -> None:
        """Copy the latest folder of a kind that arrived in full to a local place, if there is one."""
        whole = self._whole(kind)
        if not whole:
            return
        local = _made(place / kind if kind == FILES else place / kind / whole[-1])
        if self._files.list(f"{self._path}/{kind}/{whole[-1]}"):  # an empty folder is none in an object store
            self._files.get(f"{self._path}/{kind}/{whole[-1]}", local)
        if kind == SAVED:
            _mark(local).touch()

    def keep(self, kind: str, local: Path, name: str = "") -> None:
        """Copy a local folder here; it takes the place of earlier ones of its kind once it is whole."""
        name, earlier = name or local.name, self._whole(kind)
        self._files.put(local, f"{self._path}/{kind}/{name}")
        self._files.write(f"{self._path}/{kind}/{name}{WHOLE}", b"")
        for other in earlier:
            if other < name:
                self._files.delete(f"{self._path}/{kind}/{other}{WHOLE}")
                self._files.delete(f"{self._path}/{kind}/{other}")

    def discard(self) -> None:
        self._files.delete(self._path)

    def _whole(self, kind: str) -> list[str]:
        names = (path.rpartition("/")[2] for path, _, _ in self._files.list(f"{self._path}/{kind}"))
        return sorted(name.removesuffix(WHOLE) for name in names if name.endswith(WHOLE))


def open_checkpoints(
    files: ArtifactStore,
    sweep_id: str,
    run_id: str,
    attempt: int,
    scratch: Path,
    before: Callable[[], None] = lambda: None,
) -> Checkpoints:
    """Return the checkpoints of a trial for its next attempt; ``scratch`` is a local folder for copies, ``before`` as
    for :class:`Checkpoints`."""
    path = f"{ROOT}/{sweep_id}/{run_id}"
    if isinstance(files, FolderArtifacts):
        return Checkpoints(Path(files.root, path), attempt, before=before)
    return Checkpoints(scratch / f"{run_id}-{attempt}", attempt, Remote(files, path), before)


def kept(files: ArtifactStore, sweep_id: str) -> list[str]:
    """Return the run ids of the trials of a sweep that have checkpoints."""
    return [path.rpartition("/")[2] for path, is_folder, _ in files.list(f"{ROOT}/{sweep_id}") if is_folder]


def remove(files: ArtifactStore, sweep_id: str, run_ids: Collection[str]) -> None:
    """Remove the checkpoints of trials, and the sweep's folder when none are left."""
    for run_id in run_ids:
        files.delete(f"{ROOT}/{sweep_id}/{run_id}")
    if not files.list(f"{ROOT}/{sweep_id}"):
        files.delete(f"{ROOT}/{sweep_id}")


def _mark(folder: Path) -> Path:
    return folder.with_name(folder.name + WHOLE)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sync(folder: Path) -> None:
    """Bring everything below a folder to the disk."""
    for place, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        _sync_folder(Path(place))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
