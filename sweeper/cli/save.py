"""Trials into a file: CSV, JSON, JSON Lines or Parquet, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from sweeper.cli.rows import Row
from sweeper.errors import UsageError, suggest
from sweeper.records import SweepRecord
from sweeper.web.plain import to_json
from sweeper.web.shapes import trial_shape

Encoder = Callable[[SweepRecord, Sequence[Row]], bytes]


def save(sweep: SweepRecord, rows: Sequence[Row], path: Path, kind: str | None = None) -> None:
    """Write ``rows`` to ``path``. ``kind`` is one of :data:`ENCODERS`, by default the file's suffix."""
    kind = kind or path.suffix.removeprefix(".").lower()
    if kind not in ENCODERS:
        raise UsageError(f"{path.name} has no known suffix; {suggest(kind, ['.' + name for name in ENCODERS])}")
    data = ENCODERS[kind](sweep, rows)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r} to write {path.name} into")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _csv(sweep: SweepRecord, rows: Sequence[Row]) -> bytes:
    from sweeper.analysis import from_records
    from sweeper.web.exports import columns_of

    columns = columns_of(from_records(sweep, [row.trial for row in rows]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8", "backslashreplace")


def _json_lines(sweep: SweepRecord, rows: Sequence[Row]) -> bytes:
    return "".join(to_json(trial_shape(row.trial, sweep.goals)) + "\n" for row in rows).encode()


def _json(sweep: SweepRecord, rows: Sequence[Row]) -> bytes:
    lines = _json_lines(sweep, rows).decode().splitlines()
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _parquet(sweep: SweepRecord, rows: Sequence[Row]) -> bytes:
    from sweeper.analysis import from_records
    from sweeper.web.exports import parquet

    return parquet(from_records(sweep, [row.trial for row in rows]))


ENCODERS: dict[str, Encoder] = {"csv": _csv, "json": _json, "jsonl": _json_lines, "parquet": _parquet}
