"""``trials.csv``: one row per trial, for a spreadsheet or pandas."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from sweeper.analysis import TrialTable

PAGE = 1000  #: rows: all cells of 100,000 trials at once would take 150 MB
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  #: a spreadsheet runs a cell of text that begins so


def trials_csv(table: TrialTable) -> str:
    """Return the trials as CSV. Numbers are written exactly; NaN is ``NaN`` and what is not there is empty.

    Lists, mappings, null, true and false are written as JSON. Text that a spreadsheet would run as a formula gets an
    apostrophe in front.
    """
    names = list(table.columns())
    return csv_header(names) + csv_rows(table, names)


def csv_header(names: Sequence[str]) -> str:
    """Return the first line."""
    return _lines([[_text(name) for name in names]])


def csv_rows(table: TrialTable, names: Sequence[str]) -> str:
    """Return a line for each trial, with the columns ``names``; one that the table does not have is empty."""
    columns, parts = table.columns(), []
    absent = {f"params.{name}": ~active for name, active in table.active.items()}
    for start in range(0, len(table), PAGE):
        rows = slice(start, start + PAGE)
        count = len(table.number[rows])
        gone = {name: mask[rows] for name, mask in absent.items()}
        cells = [
            _cells(name, columns[name][rows], gone.get(name)) if name in columns else [""] * count for name in names
        ]
        parts.append(_lines(zip(*cells, strict=True)))
    return "".join(parts)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cells(name: str, column: Any, gone: Any) -> list[str]:
    """Return the cells of some rows of a column; empty where ``gone`` says so."""
    values = column.tolist() if hasattr(column, "tolist") else column
    missing, is_param = _nan_is_empty(name), name.startswith("params.")
    cells = [_cell(value, missing, is_param) for value in values]
    return cells if gone is None else ["" if away else cell for cell, away in zip(cells, gone, strict=True)]


def _nan_is_empty(name: str) -> bool:
    """A time or a metric that a trial does not have is empty."""
    return name in ("started", "ended", "seconds", "value") or name.startswith("metrics.")


def _cell(value: Any, nan_is_empty: bool, is_param: bool) -> str:
    if value is None:
        return "null" if is_param else ""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _text(json.dumps(value, ensure_ascii=False, default=str))
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return ("" if nan_is_empty else "NaN") if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return repr(value)


def _text(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
