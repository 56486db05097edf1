"""The mirror beside a sweep: a thread that copies to an MLflow server, and for which the sweep never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sweeper.errors import SweeperError
from sweeper.interfaces import Hook, Store
from sweeper.records import SweepRecord

if TYPE_CHECKING:
    from sweeper.exchange.mirror import Mirror

EVERY = 2.0  #: seconds between two copies
LAST = 20.0  #: seconds that the end of a sweep waits for its last copy


class MirrorHook(Hook):
    """Copies a sweep to the MLflow server at ``url`` while it runs. ``notice`` is told what does not work."""

    def __init__(self, url: str, notice: Callable[[str], None]) -> None:
        self._url, self._notice = url, notice
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def started(self, sweep: SweepRecord, store: Store) -> None:
        from sweeper.exchange.mirror import Mirror
        from sweeper.exchange.mlflow_client import MlflowClient

        mirror = Mirror(MlflowClient(self._url), store, sweep.id)
        self._thread = threading.Thread(target=self._run, args=(mirror, sweep.id), name="sweeper-mirror", daemon=True)
        self._thread.start()

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(LAST)
            if self._thread.is_alive():
                rest = f"sweeper mirror {self._url} {sweep.id[-8:]}"
                self._notice(f"{self._url} has not got everything yet. Next: {rest}")

    def _run(self, mirror: Mirror, sweep_id: str) -> None:
        from sweeper.exchange.mlflow_client import ServerAway, wait

        tries = 0
        while True:
            last = self._over.wait(EVERY if not tries else wait(tries))
            try:
                mirror.copy()
                tries = 0
                if last:
                    return
            except ServerAway as error:
                tries += 1
                if tries == 1:
                    self._notice(f"The mirror waits, the sweep goes on: {error}")
                if last:
                    self._notice(f"{error}. Next: sweeper mirror {self._url} {sweep_id[-8:]}")
                    return
            except SweeperError as error:
                self._notice(f"The mirror ends, the sweep goes on: {error}")
                return
