"""How a sweep really stands: one whose controller died on this host is interrupted, before its lease runs out."""

from __future__ import annotations

from dataclasses import replace

from sweeper.interfaces import Store
from sweeper.processes import is_gone
from sweeper.records import Holder, SweepRecord, SweepState

OWNED = (SweepState.RUNNING, SweepState.PAUSED)
RESUMABLE = (SweepState.INTERRUPTED, SweepState.PAUSED)


def standing(store: Store, sweep: SweepRecord) -> SweepRecord:
    """Return the sweep with the state that a person should see."""
    if sweep.state not in OWNED:
        return sweep
    lease = store.lease(sweep.id)
    return replace(sweep, state=SweepState.INTERRUPTED) if lease is None or is_gone(lease[0]) else sweep


def alive(store: Store, sweep: SweepRecord) -> Holder | None:
    """Return who runs a sweep now, as far as can be known; None when nobody does."""
    lease = store.lease(sweep.id)
    if lease is None or lease[1] <= 0 or is_gone(lease[0]):
        return None
    return lease[0]


def unfinished(store: Store, name: str, *, limit: int | None = 1) -> SweepRecord | None:
    """Return the latest sweep of that name that can be resumed, among the last ``limit``."""
    sweeps = (standing(store, sweep) for sweep in store.sweeps(name=name, limit=limit))
    return next((sweep for sweep in sweeps if sweep.state in RESUMABLE), None)
