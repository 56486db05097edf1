"""The file format of an export: JSON Lines, of which the last one says how many there are and what their hash is.

::

    {"table":"sweeper-export","version":1,"schema":"0001","artifacts":"/data/artifacts","made":1764.5}
    {"table":"experiments","id":0,"name":"Default",...}
    {"table":"runs","id":"0193...","kind":"sweep",...}
    {"table":"end","rows":2,"sha256":"..."}

Each line between the first and the last is a row of the table it names, with every column. The hash is of all bytes
before the last line.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sweeper.errors import StoreUnavailable, UsageError

FORMAT = "sweeper-export"
VERSION = 1

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def write_lines(path: Path, header: Mapping[str, Any], rows: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Write an export whole or not at all, for its owner's eyes only; return the number of rows."""
    count, digest = 0, hashlib.sha256()
    with new_file(path) as file:

        def line(table: str, facts: Mapping[str, Any]) -> None:
            data = _encode({"table": table, **facts}).encode() + b"\n"
            digest.update(data)
            file.write(data)

        line(FORMAT, {"version": VERSION, **header})
        for table, row in rows:
            line(table, row)
            count += 1
        line("end", {"rows": count, "sha256": digest.hexdigest()})
    return count


def read_header(path: Path) -> dict[str, Any]:
    """Check a whole export, from the first byte to the last, and return its first line. Raises UsageError."""
    digest, count, last = hashlib.sha256(), 0, b""
    try:
        with path.open("rb") as file:
            first = file.readline()
            header = _header(path, first)
            digest.update(first)
            for line in file:
                if last:
                    digest.update(last)
                    count += 1
                last = line
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    end = _decode(path, last) if last.endswith(b"\n") else {}
    if end.get("table") != "end":
        raise UsageError(f"{path} is not whole: its last line is missing. Nothing was imported; export it again")
    if end.get("rows") != count or end.get("sha256") != digest.hexdigest():
        raise UsageError(f"{path} was changed or damaged: its checksum does not fit. Nothing was imported")
    return header


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (table, row) of an export that :func:`read_header` found whole."""
    with path.open("rb") as file:
        file.readline()
        for line in file:
            row = _decode(path, line)
            table = row.pop("table", None)
            if table == "end":
                return
            yield str(table), row


def sha256_of(path: Path) -> str:
    """Return the hash of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file under a temporary name; it takes its own name when everything is written and on disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"{path} could not be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _header(path: Path, line: bytes) -> dict[str, Any]:
    header = _decode(path, line)
    if header.pop("table", None) != FORMAT:
        raise UsageError(f"{path} is not an export of sweeper; sweeper db export makes one")
    if header.get("version") != VERSION:
        raise UsageError(f"{path} was made by a newer sweeper (format {header.get('version')}). Upgrade sweeper")
    return header


def _decode(path: Path, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UsageError(f"{path} is not an export of sweeper, or not all of one")
    return found
