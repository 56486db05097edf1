"""The trials of a large sweep, a page at a time: 100,000 records at once take 150 MB."""

from __future__ import annotations

from collections.abc import Iterator

from sweeper.interfaces import Store
from sweeper.records import TrialRecord

PAGE = 2500  #: trials


def trial_pages(store: Store, sweep_id: str) -> Iterator[list[TrialRecord]]:
    """Yield the trials of a sweep in the order of their numbers, which have no gaps."""
    first = 0
    while page := store.trials(sweep_id, numbers=range(first, first + PAGE)):
        yield page
        first += PAGE
