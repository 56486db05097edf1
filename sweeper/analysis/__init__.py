"""What the trials of a sweep say: pure functions over columns, shared by the report, the web page and the notebook.

:func:`table` reads a sweep into columns once; everything else takes that table. Functions named after a plot return
a NamedTuple of numbers and texts that somebody else draws.
"""

from sweeper.analysis.columns import TrialTable, from_records, table

__all__ = ["TrialTable", "from_records", "table"]
