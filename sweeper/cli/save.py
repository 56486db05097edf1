"""Trials into a file: CSV, JSON, JSON Lines or Parquet, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sweeper.cli.rows import Row, seconds_of
from sweeper.cli.session import to_json
from sweeper.cli.shapes import trial_shape
from sweeper.errors import MissingPackage, UsageError, suggest
from sweeper.records import Goal

Encoder = Callable[[Sequence[Row], Sequence[Goal]], bytes]


def save(rows: Sequence[Row], goals: Sequence[Goal], path: Path, kind: str | None = None) -> None:
    """Write ``rows`` to ``path``. ``kind`` is one of :data:`ENCODERS`, by default the file's suffix."""
    kind = kind or path.suffix.removeprefix(".").lower()
    if kind not in ENCODERS:
        raise UsageError(f"{path.name} has no known suffix; {suggest(kind, ['.' + name for name in ENCODERS])}")
    data = ENCODERS[kind](rows, goals)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r} to write {path.name} into")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def columns_of(rows: Sequence[Row], goals: Sequence[Goal]) -> dict[str, list[Any]]:
    """One list for each column; None where a trial has no such cell."""
    trials = [row.trial for row in rows]
    params = list(dict.fromkeys(name for trial in trials for name in trial.params))
    metrics = list(dict.fromkeys([goal.name for goal in goals] + [name for trial in trials for name in trial.metrics]))
    columns: dict[str, list[Any]] = {
        "number": [trial.number for trial in trials],
        "run_id": [trial.run_id for trial in trials],
        "state": [str(trial.state) for trial in trials],
    }
    columns |= {f"params.{name}": [_flat(trial.params.get(name)) for trial in trials] for name in params}
    columns |= {f"metrics.{name}": [row.cells.get(f"metrics.{name}") for row in rows] for name in metrics}
    columns["attempts"] = [trial.attempts for trial in trials]
    columns["failure"] = [str(trial.failure.kind) if trial.failure else None for trial in trials]
    columns["message"] = [trial.failure.message if trial.failure else None for trial in trials]
    columns["seconds"] = [seconds_of(trial) for trial in trials]
    columns["started"] = [trial.started for trial in trials]
    columns["ended"] = [trial.ended for trial in trials]
    return columns


def _flat(value: Any) -> Any:
    return to_json(value) if isinstance(value, list | dict) else value


def _csv(rows: Sequence[Row], goals: Sequence[Goal]) -> bytes:
    columns = columns_of(rows, goals)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8", "backslashreplace")


def _json_lines(rows: Sequence[Row], goals: Sequence[Goal]) -> bytes:
    return "".join(to_json(trial_shape(row.trial, goals)) + "\n" for row in rows).encode()


def _json(rows: Sequence[Row], goals: Sequence[Goal]) -> bytes:
    lines = _json_lines(rows, goals).decode().splitlines()
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _parquet(rows: Sequence[Row], goals: Sequence[Goal]) -> bytes:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingPackage("pyarrow", "writing Parquet") from None
    columns = columns_of(rows, goals)
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
