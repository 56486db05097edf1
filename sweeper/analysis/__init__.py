"""What the trials of a sweep say: pure functions over columns, shared by the report, the web page and the notebook.

:func:`table` reads a sweep into columns once; everything else takes that table. Functions named after a plot return
a NamedTuple of numbers and texts that somebody else draws. NumPy is imported when a table is asked for: ``numbers``
alone, how a person reads a number, is light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sweeper.analysis.columns import TrialTable, from_records, table

__all__ = ["TrialTable", "from_records", "table"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sweeper.analysis import columns

        return getattr(columns, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
