"""A sweep in a few facts without reading its trials: what the database counts, and the latest trials."""

from __future__ import annotations

from statistics import median

from sweeper.analysis.summary import Summary
from sweeper.records import RunState, SweepRecord
from sweeper.store.sql import Session
from sweeper.store.store import SqlStore
from sweeper.web.kept import Kept
from sweeper.web.returns import last_returns

LATEST = 2000  #: trials whose durations make the median

_SUMMARIES: Kept[Summary] = Kept()


def summary(store: SqlStore, sweep: SweepRecord, now: float) -> Summary:
    """Return what :func:`sweeper.analysis.summary.summary` would say; the median is of the latest trials."""
    found = _SUMMARIES.known(sweep) if sweep.ended is not None else None
    return found or _SUMMARIES.put(sweep, _summary(store, sweep, now))


def _summary(store: SqlStore, sweep: SweepRecord, now: float) -> Summary:
    counts = {str(state): sweep.counts.get(state, 0) for state in RunState}
    total = sum(counts.values())
    first, last, compute, retries, running, took = store.read(lambda session: _counted(session, sweep.id, total))
    end = now if running else last
    seconds = max(end - first, 0.0) if first is not None and end is not None else 0.0
    worked = sweep.seconds or seconds
    return Summary(
        counts=counts,
        total=total,
        planned=sweep.trials,
        best=None if sweep.best is None else sweep.best.number,
        seconds=seconds,
        worked=worked,
        compute=compute + sum(max(now - started, 0.0) for started in running),
        median=median(took) if took else float("nan"),
        rate=60 * (total - counts["queued"] - counts["running"]) / worked if worked else 0.0,
        retries=retries,
        last=last_returns(store, sweep),
    )


def _counted(
    session: Session, sweep_id: str, total: int
) -> tuple[float | None, float | None, float, int, list[float], list[float]]:
    """First start, last end, seconds of compute, retries; starts of running trials; durations of the latest."""
    _, first, last, compute, retries = session.rows("page_totals", sweep_id)[0]
    running = [started for (started,) in session.rows("page_running", sweep_id) if started is not None]
    latest = session.rows("page_times", sweep_id, max(total - LATEST, 0))
    took = [
        max(ended - started, 0.0)
        for _, state, _, started, ended in latest
        if state == RunState.COMPLETE and started is not None and ended is not None
    ]
    return first, last, max(float(compute or 0.0), 0.0), int(retries or 0), running, took
