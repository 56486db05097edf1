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


Identity = tuple[str, str]


def identity(resolved: Resolved) -> Identity:
    """Return what makes a model another one: its files and its version, not tags or aliases."""
    return resolved.location, resolved.version.id if resolved.version else ""


class CurrentModel:
    """The model that ``find`` names. ``notice`` is told what differs here from where it was made, and each exchange.

    Raises what :func:`sweeper.registry.loading.load` raises for the first one; a later one that cannot be loaded is
    told, and the one before it goes on.
    """

    def __init__(self, find: Callable[[], Resolved], notice: Callable[[str], None], *, unpickle: bool = False) -> None:
        self._find, self._notice, self._unpickle = find, notice, unpickle
        self._served = self._load(find())
        self._refused: Identity | None = None
        self._told = ""
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
            known = identity(resolved)
            if known == identity(self._served.resolved):
                self._told = ""
            elif known != self._refused:
                self._refused = known
                self._served = self._load(resolved)
                self._refused = None
                self._say(f"{resolved.uri} is now {self._served.label}")
        except SweeperError as error:
            self._say(f"{self._served.label} is served on: {error}")
        except Exception as error:  # a look that fails is no reason never to look again
            self._say(f"{self._served.label} is served on: {type(error).__name__}: {error}")

    def _say(self, text: str) -> None:
        """Tell something, once as long as it stays so."""
        if text != self._told:
            self._told = text
            self._notice(text)

    def _load(self, resolved: Resolved) -> Served:
        return Served(resolved, load(resolved, self._notice, flavor="pyfunc", unpickle=self._unpickle))

    def _watch(self) -> None:
        while not self._closed.wait(LOOK):
            self.look()
