"""Writing files for a person: never over one that is there, unless told to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sweeper.errors import UsageError


def write_new(files: Mapping[Path, bytes], *, force: bool) -> list[Path]:
    """Write ``files`` and return the paths written; one that is there with the same content is left alone.

    Raises UsageError, with nothing written, when another content is there and ``force`` is off.
    """
    changed = {path: data for path, data in files.items() if not (path.is_file() and path.read_bytes() == data)}
    there = [str(path) for path in changed if path.exists()]
    if there and not force:
        verb = "exists" if len(there) == 1 else "exist"
        raise UsageError(f"{', '.join(there)} {verb} already, so nothing was written. To overwrite: --force")
    for path, data in changed.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(changed)


def write_whole(path: Path, data: bytes) -> None:
    """Write one file whole or not at all, over what is there. Raises UsageError when its folder is missing."""
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r} to write {path.name} into")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def first_comment(text: str) -> str:
    """The first sentence of the comment that a YAML file starts with, or nothing."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines).partition(". ")[0].rstrip(".")
