"""A folder of files that appears whole: written beside its place first, then moved there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from re import Pattern

from sweeper.errors import UsageError


def write_folder(folder: Path, files: Mapping[str, bytes], ours: Pattern[str]) -> None:
    """Write ``files`` into ``folder``, in the place of an earlier folder of the same kind.

    ``ours`` matches the names that such folders have. A folder that holds nothing else is replaced as a whole; in any
    other one our files are replaced one by one, in the order of ``files``, and nothing else is touched.
    Raises UsageError when the folder cannot be written.
    """
    folder = Path(os.path.realpath(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name[:100]}.", suffix=".tmp", dir=folder.parent))
        try:
            for name, content in files.items():
                (made / name).write_bytes(content)
            made.chmod(0o755)
            _move(made, folder, list(files), ours)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise UsageError(f"cannot write the folder {str(folder)!r}: {error.strerror or error}") from error


def _move(made: Path, folder: Path, names: list[str], ours: Pattern[str]) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    present = [entry.name for entry in folder.iterdir()]
    if all(ours.fullmatch(name) for name in present):
        old = made.with_suffix(".old")
        folder.rename(old)
        made.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        return
    for name in names:
        (made / name).replace(folder / name)
    for name in present:
        if ours.fullmatch(name) and name not in names and (folder / name).is_file():
            (folder / name).unlink(missing_ok=True)
