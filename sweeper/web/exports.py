"""Trials as files: CSV and JSON in pieces, however many there are; Parquet whole."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sweeper.analysis import TrialTable, from_records
from sweeper.errors import MissingPackage
from sweeper.records import SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.plain import to_json
from sweeper.web.shapes import trial_shape
from sweeper.web.trials import Chosen, records
from sweeper.web.trials_csv import csv_header, csv_rows

PIECE = 2500  #: trials


def csv_pieces(store: SqlStore, sweep: SweepRecord, found: Chosen) -> Iterator[bytes]:
    """Yield a CSV file with the columns of :meth:`TrialTable.frame`."""
    value = ["value"] if len(sweep.goals) == 1 else []
    names = ["number", "run_id", "state", *value]
    names += [f"params.{name}" for name in found.params] + [f"metrics.{name}" for name in found.metrics]
    names += ["attempts", "failure", "message", "seconds", "started", "ended"]
    yield csv_header(names).encode("utf-8", "backslashreplace")
    for piece in _pieces(records(store, sweep, found.numbers)):
        yield csv_rows(from_records(sweep, piece), names).encode("utf-8", "backslashreplace")


def json_pieces(store: SqlStore, sweep: SweepRecord, found: Chosen) -> Iterator[bytes]:
    """Yield a JSON array with one trial on each line."""
    before = "[\n"
    for piece in _pieces(records(store, sweep, found.numbers)):
        yield (before + ",\n".join(to_json(trial_shape(trial, sweep.goals)) for trial in piece)).encode("ascii")
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def parquet(table: TrialTable) -> bytes:
    """Return a Parquet file with the columns of :meth:`TrialTable.frame`. Raises MissingPackage."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingPackage("pyarrow", "writing Parquet") from None
    columns = {name: _one_type(values) for name, values in columns_of(table).items()}
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({name: pyarrow.array(values) for name, values in columns.items()}), sink)
    return sink.getvalue()


def columns_of(table: TrialTable) -> dict[str, list[Any]]:
    """Return the columns of a sweep's DataFrame as lists; None where a trial has no such cell."""
    return {name: [_cell(value) for value in column] for name, column in table.columns().items()}


def _cell(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and math.isnan(value):
        return None
    return to_json(value) if isinstance(value, list | dict) else value


def _one_type(values: Sequence[Any]) -> list[Any]:
    """A Parquet column has one type: numbers of both kinds become floats, anything mixed becomes text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and len(kinds) == 2:
        return [None if value is None else float(value) for value in values]
    too_large = int in kinds and any(abs(value) >= 2**63 for value in values if isinstance(value, int))
    if len(kinds) > 1 or too_large:
        return [None if value is None else value if isinstance(value, str) else to_json(value) for value in values]
    return list(values)


def _pieces(trials: Iterable[TrialRecord]) -> Iterator[list[TrialRecord]]:
    rest = iter(trials)
    while piece := list(islice(rest, PIECE)):
        yield piece
