"""What a path of an artifact may look like: relative, POSIX, and never a way out of its root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sweeper.errors import NotFound, UsageError

LONGEST = 1000  #: characters of a path; object stores allow 1024 bytes
PART = ".sweeper-"  #: how the temporary name of a file begins while it is written


def split(path: str, *, empty: bool = False) -> list[str]:
    """Return the names along ``path``. Raises UsageError for one that is not allowed.

    ``empty`` allows the root itself, "".
    """
    if not isinstance(path, str):
        raise UsageError(f"artifact path {path!r}: must be text")
    if not path:
        if empty:
            return []
        raise UsageError("an artifact needs a path, for example 'plots/confusion.png'")
    wrong = _wrong(path)
    if wrong:
        shown = repr(path) if len(path) <= 80 else repr(path[:77]) + "..."
        raise UsageError(f"artifact path {shown}: {wrong}; allowed are relative paths like 'plots/confusion.png'")
    return path.split("/")


def _wrong(path: str) -> str:
    if len(path) > LONGEST:
        return f"{len(path)} characters, at most {LONGEST} are allowed"
    if path.startswith("/"):
        return "is absolute"
    if "\\" in path:
        return "holds a backslash"
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        return "holds a control character"
    names = path.split("/")
    if ".." in names:
        return "holds '..'"
    if "" in names or "." in names:
        return "holds an empty part"
    if ":" in names[0]:
        return "begins like a drive or a URL"
    if any(len(name.encode("utf-8", "surrogatepass")) > 255 for name in names):
        return "holds a name of more than 255 bytes"
    if any(name.startswith(PART) for name in names):
        return f"holds a name that begins with {PART!r}, which is kept for files being written"
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return "holds half a character (a lone surrogate)"
    return ""


def sources(local: Path, path: str) -> Iterator[tuple[Path, str]]:
    """Yield (file, its place) of what goes to ``path``: the file, or each one below a folder. Raises NotFound."""
    local = Path(local)
    if not local.exists():
        raise NotFound("file", str(local))
    if not local.is_dir():
        yield local, path
        return
    for file, relative in files_below(local):
        yield file, f"{path}/{relative}" if path else relative


def files_below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield (file, relative POSIX path) of every file below a local folder, sorted."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(place, name)
            yield file, file.relative_to(folder).as_posix()
