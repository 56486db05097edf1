"""The trials of an earlier controller, as often as somebody goes through them."""

from __future__ import annotations

from collections.abc import Iterator

from sweeper.interfaces import Store
from sweeper.records import TrialRecord
from sweeper.store.pages import trial_pages


class EarlierTrials:
    """The trials of a sweep in the order of their numbers, which have no gaps; each pass reads them again."""

    def __init__(self, store: Store, sweep_id: str) -> None:
        self._store, self._sweep_id = store, sweep_id

    def __iter__(self) -> Iterator[TrialRecord]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[TrialRecord]]:
        return trial_pages(self._store, self._sweep_id)

    def latest(self, count: int) -> list[TrialRecord]:
        """Return the ``count`` trials with the highest numbers."""
        total = sum(self._store.find_sweep(self._sweep_id).counts.values())
        return self._store.trials(self._sweep_id, numbers=range(max(total - count, 0), total))
