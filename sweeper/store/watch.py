"""Whether anything was committed since: asked on a connection of its own, which nobody else uses."""

from __future__ import annotations

import contextlib
import threading
from time import monotonic

from sweeper.store.database import Database
from sweeper.store.sql import Session


class Watch:
    """Asks a database for its moment. Any thread may ask."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._sessions = 0  #: what different connections are told cannot be compared

    def moment(self) -> object:
        """Return another value after every commit; None when the database does not tell. Raises StoreError."""
        with self._lock:
            had = self._session is not None
            try:
                return self._ask()
            except Exception as error:
                self._drop()
                if not had:
                    raise self._database.translate(error) from None
            try:
                return self._ask()  # a connection that lay idle may be lost, and its server be there
            except Exception as error:
                self._drop()
                raise self._database.translate(error) from None

    def _ask(self) -> object:
        if self._session is None:
            self._session = self._database.open_reader()
            self._sessions += 1
        self._session.began = monotonic()
        found = self._database.moment(self._session)
        return None if found is None else (self._sessions, found)

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            with contextlib.suppress(Exception):
                self._session.close()
            self._session = None
