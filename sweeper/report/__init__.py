"""The report of a sweep: a page to open, tables to load, plots to show, and the best parameters to run again.

Nothing heavy is imported before a report is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sweeper.report.hook import ReportHook

if TYPE_CHECKING:
    from sweeper.report.write import Report, write_report

__all__ = ["Report", "ReportHook", "write_report"]


def __getattr__(name: str) -> Any:
    if name in ("Report", "write_report"):
        from sweeper.report import write

        return getattr(write, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
