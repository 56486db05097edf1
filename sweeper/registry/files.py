"""Files of model versions: their checksums, uploading, and reading them only when nothing has changed."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sweeper.artifacts import open_artifacts
from sweeper.artifacts.folder import FolderArtifacts
from sweeper.errors import NotFound, SweeperError, UsageError
from sweeper.interfaces import ArtifactStore, Store
from sweeper.records import ModelVersion
from sweeper.trial.models import sha256_of

ROOT = "models"  #: the folder of artifacts for files that were uploaded for a version
NAMED = 3  #: files named in one message


@contextmanager
def fetched(location: str) -> Iterator[Path]:
    """Give the files at ``location`` as a local folder (or file): as they lie, or a copy for the time of the block."""
    place, _, name = location.rpartition("/")
    files = open_artifacts(place)
    if isinstance(files, FolderArtifacts):
        path = Path(files.root, name)
        if not path.exists():
            raise NotFound("artifact", location)
        yield path
        return
    scratch = Path(tempfile.mkdtemp(prefix="sweeper-model-"))
    try:
        yield files.get(name, scratch / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_outside(path: Path, artifacts: str) -> None:
    """Raise UsageError for a local folder that the artifacts themselves are in: it cannot be copied into them."""
    if "://" not in artifacts and Path(artifacts).resolve().is_relative_to(path.resolve()):
        raise UsageError(f"{path} cannot be copied: it holds the artifacts ({artifacts}). Name the model's folder")


def checksums(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder by relative path; of a single file under its name.

    Raises UsageError for a link: what it leads to can change without the checksum of anything here.
    """
    if path.is_file():
        return {path.name: sha256_of(path)}
    found = {}
    for file in sorted(path.rglob("*")):
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            raise UsageError(f"{file} is a link or something else that is no file; a model has files and folders only")
        if file.is_file():
            found[file.relative_to(path).as_posix()] = sha256_of(file)
    return found


def size_of(path: Path) -> int:
    """Return the bytes of a file or of all files below a folder."""
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


def check_files(path: Path, recorded: Mapping[str, str], what: str) -> None:
    """Raise UsageError unless the files are exactly those that were registered."""
    now = checksums(path)
    wrong = [name for name, digest in recorded.items() if now.get(name) not in (None, digest)]
    missing, added = [name for name in recorded if name not in now], [name for name in now if name not in recorded]
    problems = [
        f"{word}: {', '.join(names[:NAMED])}{' ...' if len(names) > NAMED else ''}"
        for word, names in (("changed", wrong), ("missing", missing), ("not registered", added))
        if names
    ]
    if problems:
        raise UsageError(
            f"{what}: its files are not those that were registered ({'; '.join(problems)}); it is not loaded. "
            "Register it again from a trial that you trust"
        )


def forget(artifacts: str, version: ModelVersion) -> None:
    """Remove the files that were copied for a version; others are not ours to remove."""
    if version.location.startswith(f"{artifacts.rstrip('/')}/{ROOT}/{version.id}/"):
        with contextlib.suppress(SweeperError, OSError):
            open_artifacts(artifacts).delete(f"{ROOT}/{version.id}")


def abandoned(store: Store, seconds: float = 3600.0) -> list[str]:
    """Return where files lie that were copied for versions which never came to be, at least ``seconds`` ago."""
    found = {path for path, is_folder, _ in open_artifacts(store.artifacts).list(ROOT) if is_folder}
    if found:
        found -= {f"{ROOT}/{version.id}" for version in store.models.search_versions()}
    return sorted(path for path in found if _age(path.rpartition("/")[2]) > seconds)


def _age(version_id: str) -> float:
    """How many seconds ago an id was made (a UUIDv7 begins with the clock); 0 for a name that is no id."""
    try:
        return time.time() - int(version_id[:12], 16) / 1000 if len(version_id) == 32 else 0.0
    except ValueError:
        return 0.0


@contextmanager
def uploaded(artifacts: str, version_id: str, local: Path) -> Iterator[str]:
    """Copy a local file or folder to where versions are kept, and give the location.

    What was copied goes again when the block raises: nothing is half registered.
    """
    files: ArtifactStore = open_artifacts(artifacts)
    place = f"{ROOT}/{version_id}"
    try:
        name = local.resolve().name
        files.put(local, f"{place}/{name}")
        yield f"{artifacts.rstrip('/')}/{place}/{name}"
    except BaseException:
        with contextlib.suppress(SweeperError, OSError):
            files.delete(place)
        raise
