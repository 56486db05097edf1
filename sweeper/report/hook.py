"""The report at the end of a sweep, without anybody asking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sweeper.interfaces import Hook, Store
from sweeper.records import SweepRecord

if TYPE_CHECKING:
    from sweeper.report.write import Report


class ReportHook(Hook):
    """Writes the report when a sweep has ended, in whatever way; a sweep without trials gets none.

    ``folder`` None: ``./reports/<name>-<id>/``. ``on_written`` is called with the report; this class prints nothing.
    Afterwards ``written`` is the folder.
    """

    def __init__(self, folder: Path | None = None, on_written: Callable[[Report], None] | None = None) -> None:
        self.folder, self.on_written = folder, on_written
        self.written: Path | None = None

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        from sweeper.report.write import write_report

        sweep = store.find_sweep(sweep.id)
        if not any(sweep.counts.values()):
            return
        report = write_report(store, sweep, self.folder)
        self.written = report.folder
        if self.on_written is not None:
            self.on_written(report)
