"""The protocol on loopback for the life of one sweep: an MLflow client inside a trial logs into the trial's own run.

Loopback is shared by everybody on the machine, so a token is always asked for; workers get it by environment.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import uvicorn

from sweeper.artifacts import open_artifacts
from sweeper.errors import UsageError
from sweeper.server.app import make_app
from sweeper.server.listen import address, listen, settings
from sweeper.server.security import tokens
from sweeper.server.security.access import Access
from sweeper.server.security.hosts import HostPolicy
from sweeper.store.store import SqlStore

HOST = "127.0.0.1"
PATIENCE = 20.0  #: seconds within which it has to answer


class Sidecar:
    """A server in a thread of the controller's process, over the controller's own store."""

    def __init__(self, store: SqlStore) -> None:
        self._token, kept = tokens.make("sweep", "write")
        self._listening = listen(HOST, 0)
        access = Access(tokens.Tokens([kept]), HostPolicy(HOST))
        app = make_app(store, open_artifacts(store.artifacts), access)
        config = settings(app, log_config=None, timeout_graceful_shutdown=2)
        self._server = _Quiet(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, name="sweeper-sidecar", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(PATIENCE):
            raise UsageError(f"the tracking protocol did not open at {address(self._listening)} in {PATIENCE:g} s")

    @property
    def url(self) -> str:
        return address(self._listening)

    def variables(self, experiment_id: str) -> Mapping[str, str]:
        """Return what an MLflow client finds in its environment; the run is added by the worker of a trial."""
        return {
            "MLFLOW_TRACKING_URI": self.url,
            "MLFLOW_TRACKING_TOKEN": self._token,
            "MLFLOW_EXPERIMENT_ID": experiment_id,
            "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)
        self._listening.close()


class _Quiet(uvicorn.Server):
    """Says when it is ready; leaves the signals of the process alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # sockets as they are
        await super().startup(sockets=sockets)  # type: ignore[arg-type]
        if self.started:
            self.ready.set()
