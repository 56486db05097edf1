"""Finds and reads a sweep file: a path, or the name of one that ships with the package."""

from __future__ import annotations

from pathlib import Path

from sweeper import content
from sweeper.config.wording import near, nearest
from sweeper.errors import ConfigError, Problem
from sweeper.space.yaml import LARGEST

SUFFIXES = (".yaml", ".yml")


def find_file(name: str) -> Path:
    """Return the file for a path or a bundled name; a file of that name in the current directory wins.

    Raises ConfigError with the nearest names.
    """
    path = Path(name).expanduser()
    longer = [Path(f"{path}{suffix}") for suffix in SUFFIXES if not path.suffix]
    for candidate in (path, *longer):
        if candidate.exists() and not candidate.is_dir():
            return candidate
    bundled = content.names("configs")
    if name in bundled:
        return content.find("configs", name)
    raise ConfigError([Problem(_not_found(path, bundled), file=name)])


def read_text(path: Path, file: str) -> str:
    """Return the content of a text file. Raises ConfigError with a sentence."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise ConfigError([Problem(f"cannot be read: {error.strerror or error}", file=file)]) from None
    if raw is None:
        raise ConfigError([Problem(f"is larger than {LARGEST:,} bytes; this is no sweep file", file=file)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        sentence = f"is not UTF-8 text (byte {raw[error.start]:#04x}); save it as UTF-8"
        raise ConfigError([Problem(sentence, "", line, file)]) from None


def _not_found(path: Path, bundled: list[str]) -> str:
    folder = path if path.is_dir() else path.parent
    around = sorted(item.name for item in folder.glob("*") if item.suffix in SUFFIXES) if folder.is_dir() else []
    if path.is_dir():
        return f"is a folder, not a sweep file; it holds {', '.join(around[:8]) or 'no YAML file'}"
    what = "there is no such file" if folder.is_dir() else f"there is no folder {str(folder)!r}"
    if near(path.name, around) or near(path.stem, bundled):
        return f"{what}; {nearest(path.name, around if near(path.name, around) else bundled)}"
    here = f"; here are {', '.join(around[:8])}" if around else ""
    return f"{what}{here}; bundled sweeps are {', '.join(bundled)}"
