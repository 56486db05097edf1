"""The history of a warm start beside its sweep: past sweeps may change meanwhile, and a resume must not see that."""

from __future__ import annotations

import json
from collections.abc import Callable

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound
from sweeper.events import TagsSet
from sweeper.interfaces import Hook, Store
from sweeper.records import SweepRecord
from sweeper.samplers.warm.history import History

TAG = "sweeper.warm_start"  #: on the sweep's run: what was taken
GUARD = "sweeper.warm_start.guard"  #: on the sweep's run: that the past misled, once that is known
FILE = "warm_start.json"


def keep(store: Store, sweep_id: str, history: History) -> None:
    """Write the history where the files of the sweep are; before the sweep is created, so that none is without."""
    text = json.dumps(history.to_dict(), ensure_ascii=False, allow_nan=False)
    open_artifacts(store.artifacts).write(f"{sweep_id}/{FILE}", text.encode("utf-8", "backslashreplace"))


def kept(store: Store, sweep: SweepRecord) -> History | None:
    """Return the history that ``sweep`` began with; None when it cannot be read any more."""
    try:
        data = json.loads(open_artifacts(store.artifacts_of(sweep.id)).read(FILE))
        return History.from_dict(data)
    except (NotFound, ValueError, KeyError, TypeError):
        return None


class Remarks(Hook):
    """What a sampler has to say while the sweep runs: told to the others, and kept as a tag of its run."""

    def __init__(self, said: list[str], tell: Callable[[str], None]) -> None:
        self._said, self._tell = said, tell
        self._sweep: SweepRecord | None = None
        self._store: Store | None = None

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self._sweep, self._store = sweep, store
        self._pass_on()

    def progress(self, progress: object) -> None:
        self._pass_on()

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        while self._said and self._store is not None and self._sweep is not None:
            text = self._said.pop(0)
            if self._sweep.tags.get(GUARD) != text:
                self._tell(text)
                self._store.write(TagsSet(self._sweep.id, {GUARD: text}))
