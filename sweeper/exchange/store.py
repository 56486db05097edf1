"""A store, or some of its sweeps, into a file or a folder; and back into any store."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, UsageError
from sweeper.exchange.lines import new_file, read_header, read_rows, sha256_of, write_lines
from sweeper.interfaces import ArtifactStore
from sweeper.registry.files import ROOT
from sweeper.store import revision
from sweeper.store.sql import Session
from sweeper.store.store import SqlStore
from sweeper.store.transfer import TOGETHER, Loader, check, dump

ROWS, FILES, MANIFEST = "store.jsonl", "artifacts", "manifest.json"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """What went out or came in. ``runs`` and ``files`` are counts; ``known`` runs were there already."""

    runs: int
    files: int
    known: int = 0


def export(store: SqlStore, target: Path, sweeps: Sequence[str] = (), *, force: bool = False) -> Moved:
    """Write the store, or the sweeps of these ids, to ``target``.

    ``NAME.jsonl`` is a file of rows alone; anything else a folder that also has the artifacts of the runs, and a
    manifest with the SHA-256 of each file. Raises UsageError when it exists, unless ``force``.
    """
    if target.exists() and not force:
        raise UsageError(f"{target} exists already, so nothing was written. To overwrite: --force")
    if target.suffix == ".jsonl":
        return Moved(sum("/" not in place for place in _write_rows(store, target, sweeps)), 0)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    (target / MANIFEST).unlink(missing_ok=True)  # what is half written has none
    ids = _write_rows(store, target / ROWS, sweeps)
    files = open_artifacts(store.artifacts)
    for place in ids:
        if files.list(place):
            files.get(place, target / FILES / place)
    hashes = {path.relative_to(target).as_posix(): sha256_of(path) for path in _files(target)}
    with new_file(target / MANIFEST) as file:
        file.write(json.dumps({"files": hashes}, indent=1).encode() + b"\n")
    return Moved(sum("/" not in place for place in ids), len(hashes) - 1)


def load(store: SqlStore, source: Path) -> Moved:
    """Take an export into a store. Everything is checked before anything is written; doing it again changes nothing.

    A run that is there already stays, unless the export has got further with it. Raises UsageError for an export that
    is damaged, not whole or not ours, LeaseHeld for a sweep that runs here.
    """
    hashes = _checked(source) if source.is_dir() else {}
    path = source / ROWS if source.is_dir() else source
    header = read_header(path)
    revision.check(str(path), str(header.get("schema", "")))
    for table, row in read_rows(path):
        try:
            check(table, row)
        except ValueError as error:
            raise UsageError(f"{path}: a value that should be JSON is not: {error}") from None
        if table == "models":
            _check_name(store, row)
    copied = _put_files(open_artifacts(store.artifacts), source, hashes)
    rebase = (str(header.get("artifacts", "")), store.artifacts) if source.is_dir() else None
    loader, experiments, runs, new = Loader(rebase), {}, 0, 0
    for piece in _pieces(path):
        if piece[0][0] == "experiments":
            experiments.update({row["id"]: row["name"] for _, row in piece})
            continue
        runs += sum(table == "runs" for table, _ in piece)
        new += store.change(partial(loader.load, experiments=experiments, piece=piece))
    return Moved(new, copied, runs - new)


def _check_name(store: SqlStore, row: Row) -> None:
    """A model of that name that began elsewhere would be mixed up with this one."""
    try:
        known = store.models.find(row["name"])
    except NotFound:
        return
    if known.id != row["id"]:
        raise UsageError(
            f"there is another registered model {row['name']!r} here, so nothing was imported. Rename it first: "
            f"sweeper models edit {row['name']} --rename NEW"
        )


def _write_rows(store: SqlStore, path: Path, sweeps: Sequence[str]) -> list[str]:
    """Write the rows and return where their files are: the ids of runs, and ``models/ID`` of versions."""

    def write(session: Session) -> list[str]:
        ids: list[str] = []
        header = {"schema": revision.HEAD, "artifacts": store.artifacts, "made": time.time()}
        write_lines(path, header, _noting(dump(session, sweeps or None), ids))
        return ids

    return store.read(write)


def _noting(rows: Iterator[tuple[str, Row]], ids: list[str]) -> Iterator[tuple[str, Row]]:
    for table, row in rows:
        if table == "runs":
            ids.append(row["id"])
        elif table == "model_versions" and f"/{ROOT}/{row['id']}/" in row["location"]:
            ids.append(f"{ROOT}/{row['id']}")
        yield table, row


def _pieces(path: Path) -> Iterator[list[tuple[str, Row]]]:
    """Yield the rows in pieces as they were written: some runs or models and all that belongs to them."""
    piece: list[tuple[str, Row]] = []
    for table, row in read_rows(path):
        if piece and table in ("runs", "models") and (piece[-1][0] != table or len(piece) == TOGETHER):
            yield piece
            piece = []
        piece.append((table, row))
    if piece:
        yield piece


def _checked(folder: Path) -> dict[str, str]:
    """Return the artifacts by path in the store, once every file of the manifest is there and unchanged."""
    try:
        hashes = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{folder} is not a whole export of sweeper: {MANIFEST} is missing or damaged") from None
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    if missing := sorted(set(hashes) - set(there)):
        raise UsageError(f"{folder} is not whole: {missing[0]} is missing. Nothing was imported")
    for name, path in there.items():
        if hashes.get(name) != sha256_of(path):
            raise UsageError(f"{path} was changed or damaged: its checksum does not fit. Nothing was imported")
    prefix = f"{FILES}/"
    return {name.removeprefix(prefix): name for name in hashes if name.startswith(prefix)}


def _put_files(artifacts: ArtifactStore, source: Path, files: dict[str, str]) -> int:
    for path, name in files.items():
        artifacts.put(source / name, path)
    return len(files)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / MANIFEST:
            yield path
