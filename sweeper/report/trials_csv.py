"""``trials.csv``: one row per trial, for a spreadsheet or pandas."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from sweeper.analysis import TrialTable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  #: a spreadsheet runs a cell of text that begins so


def trials_csv(table: TrialTable) -> str:
    """Return the trials as CSV. Numbers are written exactly; NaN is ``NaN`` and what is not there is empty.

    Lists, mappings, null, true and false are written as JSON. Text that a spreadsheet would run as a formula gets an
    apostrophe in front.
    """
    columns = table.columns()
    absent = {f"params.{name}": ~active for name, active in table.active.items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_text(name) for name in columns])
    cells = []
    for name, column in columns.items():
        gone = absent.get(name)
        values = column.tolist() if hasattr(column, "tolist") else column
        missing = _nan_is_empty(name)
        cells.append([
            "" if gone is not None and gone[i] else _cell(value, missing, name.startswith("params."))
            for i, value in enumerate(values)
        ])  # fmt: skip
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue()


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
