"""Trials into a file: CSV, JSON, JSON Lines or Parquet, written whole or not at all."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sweeper.cli.rows import Row
from sweeper.errors import MissingPackage, UsageError, suggest
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


def columns_of(sweep: SweepRecord, rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The columns of a sweep's DataFrame as lists; None where a trial has no such cell."""
    from sweeper.analysis import from_records

    columns = from_records(sweep, [row.trial for row in rows]).columns()
    return {name: [_cell(value) for value in column] for name, column in columns.items()}


def _cell(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and math.isnan(value):
        return None
    return to_json(value) if isinstance(value, list | dict) else value


def _csv(sweep: SweepRecord, rows: Sequence[Row]) -> bytes:
    columns = columns_of(sweep, rows)
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
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingPackage("pyarrow", "writing Parquet") from None
    columns = columns_of(sweep, rows)
    table = pyarrow.table({name: pyarrow.array(_one_type(values)) for name, values in columns.items()})
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink)
    return sink.getvalue()


def _one_type(values: list[Any]) -> list[Any]:
    """A Parquet column has one type: numbers of both kinds become floats, anything mixed becomes text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and len(kinds) == 2:
        return [None if value is None else float(value) for value in values]
    too_large = int in kinds and any(abs(value) >= 2**63 for value in values if isinstance(value, int))
    if len(kinds) > 1 or too_large:
        return [None if value is None else value if isinstance(value, str) else to_json(value) for value in values]
    return values


ENCODERS: dict[str, Encoder] = {"csv": _csv, "json": _json, "jsonl": _json_lines, "parquet": _parquet}
