"""A store that may not be open yet: locked, being upgraded, newer than this program, or not made. It is tried again."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from sweeper.artifacts import open_artifacts
from sweeper.errors import StoreError, StoreForeign
from sweeper.interfaces import ArtifactStore
from sweeper.server.protocol.errors import Refused
from sweeper.store.store import SqlStore

AGAIN = 2.0  #: seconds between two tries


class LateStore:
    """Opens a store in a thread of its own; called, it gives what is open, and refuses until then."""

    def __init__(self, url: str, open_it: Callable[[], SqlStore]) -> None:
        self.url = url
        self._open_it = open_it
        self._found: tuple[SqlStore, ArtifactStore] | None = None
        self._error: BaseException | None = None
        self._tried, self._ended = Event(), Event()
        self._thread = Thread(target=self._try, name="sweeper-opening", daemon=True)
        self._thread.start()

    def __call__(self) -> tuple[SqlStore, ArtifactStore]:
        if self._found is None:
            raise Refused(f"The store is not open: {self.why}.", "TEMPORARILY_UNAVAILABLE")
        return self._found

    def wait(self, seconds: float) -> bool:
        """Wait for the first try; return whether the store is open. What no waiting helps is raised."""
        self._tried.wait(seconds)
        error = self._error
        if error is not None and (isinstance(error, StoreForeign) or not isinstance(error, StoreError)):
            raise error
        return self._found is not None

    @property
    def ready(self) -> bool:
        return self._found is not None

    @property
    def why(self) -> str:
        """What is wrong, in words: for who started this process, and so for their browser."""
        return str(self._error or "it is locked, or being upgraded").rstrip(".")

    def close(self) -> None:
        self._ended.set()
        if self._found is not None:
            self._found[0].close()

    def _try(self) -> None:
        while not self._ended.is_set():
            try:
                store = self._open_it()
                self._found = store, open_artifacts(store.artifacts)
            except Exception as error:
                self._error = error
            self._tried.set()
            if self._found is not None:
                if self._ended.is_set():
                    self._found[0].close()
                return
            self._ended.wait(AGAIN)
