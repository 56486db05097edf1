"""Turns: what several threads ask for at the same moment is made by one of them, and the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class Turns:
    """One turn at a time for each key. A key that nobody waits for takes no room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[Hashable, tuple[threading.Lock, int]] = {}  #: and how many hold or want it

    @contextmanager
    def of(self, key: Hashable) -> Iterator[None]:
        """Wait for the turn of a key; it ends with the block."""
        with self._lock:
            turn, count = self._taken.get(key, (threading.Lock(), 0))
            self._taken[key] = turn, count + 1
        try:
            with turn:
                yield
        finally:
            with self._lock:
                _, count = self._taken.pop(key)
                if count > 1:
                    self._taken[key] = turn, count - 1

    def __len__(self) -> int:
        return len(self._taken)
