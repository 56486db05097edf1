"""The history of a warm start beside its sweep: past sweeps may change meanwhile, and a resume must not see that."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sweeper.artifacts import open_artifacts
from sweeper.controller.audience import Audience
from sweeper.controller.choices import GUARD
from sweeper.errors import NotFound
from sweeper.events import TagsSet
from sweeper.interfaces import Hook, Progress, Store
from sweeper.records import SweepRecord
from sweeper.samplers.warm.history import History

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
    """Tells ``listeners`` the ``notes`` when the sweep starts, and what its sampler has ``said`` while it runs.

    What is said is kept as a tag of the sweep's run; after a resume it is not told twice.
    """

    def __init__(self, listeners: Sequence[Hook], notes: Sequence[str], said: list[str]) -> None:
        self._audience, self._notes, self._said = Audience(listeners), notes, said
        self._place: tuple[SweepRecord, Store] | None = None

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self._place = sweep, store
        for note in self._notes:
            self._audience.notice(note)

    def progress(self, progress: Progress) -> None:
        self._pass_on()

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        while self._said and self._place is not None:
            text = self._said.pop(0)
            sweep, store = self._place
            if sweep.tags.get(GUARD) != text:
                self._audience.notice(text)
                store.write(TagsSet(sweep.id, {GUARD: text}))
