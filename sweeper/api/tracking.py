"""The tracking protocol beside a sweep: opened when a trial may speak it, closed with the sweep."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sweeper.interfaces import Hook, Store
from sweeper.records import SweepRecord

if TYPE_CHECKING:
    from sweeper.config import SweepConfig

PROGRAMS = ("command", "project")
FAR = (
    "MLflow clients inside trials reach the sweep on this host only. For trials on other hosts: sweeper server, "
    "and its address as store"
)


class TrackingHook(Hook):
    """Opens the protocol on loopback for the workers of a sweep. ``notice`` is told what does not reach far."""

    def __init__(self, config: SweepConfig, notice: Callable[[str], None]) -> None:
        self._config, self._notice = config, notice

    @contextmanager
    def sidecar(self, sweep: SweepRecord, store: Store) -> Iterator[Mapping[str, str]]:
        if not wanted(self._config):
            yield {}
            return
        from sweeper.server.sidecar import Sidecar
        from sweeper.store.store import SqlStore

        if not isinstance(store, SqlStore):
            yield {}
            return
        if self._config.executor.kind == "ray" and self._config.executor.options.get("address"):
            self._notice(FAR)
        opened = Sidecar(store)
        try:
            yield opened.variables(sweep.experiment_id)
        finally:
            opened.close()


def wanted(config: SweepConfig) -> bool:
    """Return whether a trial may log with an MLflow client: a program may, and code that imported it will."""
    objective = config.objective
    program = objective is not None and objective.kind in PROGRAMS
    return program or bool(config.tracking.get("mlflow")) or "mlflow" in sys.modules
