"""Why trials of a sweep failed: those alike together, where in the space each cause strikes, and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.analysis.failures import FailureGroup, alike
from sweeper.analysis.regions import Region, regions_of
from sweeper.records import RunState, SweepRecord
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept
from sweeper.web.shapes import region_shape

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
    total = sum(sweep.counts.values())
    looked_at = store.trials(sweep.id, numbers=range(max(total - LARGEST, 0), total)) if causes else []
    regions = regions_of(sweep, looked_at, causes)
    ended = {number: trial.ended for number, trial in failed.items()}
    return [
        shape(cause, region, ended, failed[cause.numbers[0]].run_id)
        for cause, region in zip(causes, regions, strict=True)
    ]


def shape(cause: FailureGroup, region: Region | None, ended: Mapping[int, float | None], run_id: str) -> Data:
    """Return a cause. ``ended`` tells when its trials ended, ``run_id`` is that of the first of them."""
    times = [at for number in cause.numbers if (at := ended[number]) is not None]
    example = cause.example
    return {
        "kind": cause.kind,
        "message": cause.message,
        "place": cause.place,
        "size": cause.size,
        "numbers": list(cause.numbers[:LISTED]),
        "region": region and {"text": region.text, **(region_shape(region) or {})},
        "traceback": example.traceback[-LONGEST:] or example.message,
        "exit_code": example.exit_code,
        "signal": example.signal,
        "first": min(times, default=None),
        "last": max(times, default=None),
        "run_id": run_id,
    }
