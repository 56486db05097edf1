"""The model that is served now: loaded once, exchanged when what its URI names has moved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sweeper.errors import SweeperError
from sweeper.registry.loading import load
from sweeper.registry.registry import Resolved

LOOK = 2.0  #: seconds between looks at what the URI names


@dataclass(frozen=True, slots=True)
class Served:
    """A loaded model and where it came from. Requests that began with it end with it."""

    resolved: Resolved
    model: Any

    @property
    def label(self) -> str:
        version = self.resolved.version
        return f"{version.name}, version {version.number}" if version else self.resolved.uri


class CurrentModel:
    """The model that ``find`` names. ``notice`` is told what differs here from where it was made, and each exchange.

    Raises what :func:`sweeper.registry.loading.load` raises for the first one; a later one that cannot be loaded is
    told, and the one before it goes on.
    """

    def __init__(
        self, find: Callable[[], Resolved], notice: Callable[[str], None], *, unpickle: bool = False
    ) -> None:
        self._find, self._notice, self._unpickle = find, notice, unpickle
        self._served = self._load(find())
        self._refused: Resolved | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sweeper-serving", daemon=True)
        self._thread.start()

    def get(self) -> Served:
        return self._served

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def look(self) -> None:
        """Load what is named now, if that is another model than the one served."""
        try:
            resolved = self._find()
            if resolved in (self._served.resolved, self._refused):
                return
            self._refused = resolved
            self._served = self._load(resolved)
            self._refused = None
            self._notice(f"{resolved.uri} is now {self._served.label}")
        except SweeperError as error:
            self._notice(f"{self._served.label} is served on: {error}")

    def _load(self, resolved: Resolved) -> Served:
        return Served(resolved, load(resolved, self._notice, flavor="pyfunc", unpickle=self._unpickle))

    def _watch(self) -> None:
        while not self._closed.wait(LOOK):
            self.look()
