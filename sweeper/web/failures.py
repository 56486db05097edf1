"""Why trials of a sweep failed: those alike together, where in the space each cause strikes, and its evidence."""

from __future__ import annotations

from typing import Any

from sweeper.analysis import from_records
from sweeper.analysis.failures import FailureGroup, alike
from sweeper.analysis.regions import CAUSES, failing_region
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept

ENOUGH = 3  #: failures of one cause from which on its region is looked for
LARGEST = 10_000  #: trials among which regions are looked for: the latest
LONGEST = 20_000  #: characters of a traceback: its end
LISTED = 1000  #: trial numbers of one cause

Data = dict[str, Any]
_FAILURES: Kept[list[Data]] = Kept(50)


def failures(store: SqlStore, sweep: SweepRecord) -> list[Data]:
    """Return the causes, the most frequent first."""
    if not sweep.counts.get(RunState.FAILED):
        return []
    return _FAILURES.get(sweep, lambda: _failures(store, sweep))


def _failures(store: SqlStore, sweep: SweepRecord) -> list[Data]:
    failed = {trial.number: trial for trial in store.trials(sweep.id, states=[RunState.FAILED])}
    causes = alike((number, trial.failure) for number, trial in failed.items() if trial.failure)
    regions = _regions(store, sweep, causes)
    return [_shape(cause, regions.get(cause.numbers), failed) for cause in causes]


def _regions(store: SqlStore, sweep: SweepRecord, causes: list[FailureGroup]) -> dict[tuple[int, ...], Data]:
    total = sum(sweep.counts.values())
    if not causes or causes[0].size < ENOUGH or causes[0].size == total:
        return {}
    first = max(total - LARGEST, 0)
    table = from_records(sweep, store.trials(sweep.id, numbers=range(first, total)))
    found = {}
    for cause in causes[:CAUSES]:
        region = failing_region(table, tuple(number for number in cause.numbers if number >= first))
        if region is not None:
            conditions = [{"parameter": each.name, "is": each.sign, "value": each.value} for each in region.conditions]
            found[cause.numbers] = {
                "text": region.text,
                "conditions": conditions,
                "failed": region.failed,
                "total": region.total,
                "others_failed": region.others_failed,
                "others": region.others,
                "p": region.p,
            }
    return found


def _shape(cause: FailureGroup, region: Data | None, failed: dict[int, TrialRecord]) -> Data:
    ended = [trial.ended for number in cause.numbers if (trial := failed[number]).ended is not None]
    example = cause.example
    return {
        "kind": cause.kind,
        "message": cause.message,
        "place": cause.place,
        "size": cause.size,
        "numbers": list(cause.numbers[:LISTED]),
        "region": region,
        "traceback": example.traceback[-LONGEST:] or example.message,
        "exit_code": example.exit_code,
        "signal": example.signal,
        "first": min(ended, default=None),
        "last": max(ended, default=None),
        "run_id": failed[cause.numbers[0]].run_id,
    }
