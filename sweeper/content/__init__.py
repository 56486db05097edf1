"""What ships with the package: search spaces, whole sweeps and examples, found by name.

In a checkout (and an editable install) they are the top-level folders ``search_spaces``, ``configs`` and
``examples``; in a wheel they lie beside this file.
"""

from __future__ import annotations

from pathlib import Path

from sweeper.errors import NotFound


def folder(kind: str) -> Path:
    """Return the folder of ``kind``: "search_spaces", "configs" or "examples"."""
    here = Path(__file__).resolve().parent
    inside = here / kind
    return inside if inside.is_dir() else here.parent.parent / kind


def names(kind: str, suffix: str = ".yaml") -> list[str]:
    """Return the names that can be asked for, sorted."""
    return sorted(path.stem for path in folder(kind).glob(f"*{suffix}"))


def find(kind: str, name: str, suffix: str = ".yaml") -> Path:
    """Return the file of a bundled space, config or example. Raises NotFound with the nearest names."""
    path = folder(kind) / f"{name.removesuffix(suffix)}{suffix}"
    if path.is_file() and path.parent == folder(kind):
        return path
    raise NotFound({"search_spaces": "search space"}.get(kind, kind.rstrip("s")), name, names(kind, suffix))
