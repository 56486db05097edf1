"""What changes in a store, for everybody who looks at it through this process: one look serves all of them.

A revision is written "epoch-n": n counts the changes that were seen, the epoch is another one in each process. A sweep
changed at n when its row of the status table did, which every change of a trial goes with.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from sweeper.controller.standing import standing
from sweeper.errors import StoreError, UsageError
from sweeper.records import SweepRecord
from sweeper.store.sheets import Standing, standings
from sweeper.store.store import SqlStore
from sweeper.web.grid import Grid
from sweeper.web.home import eta
from sweeper.web.shapes import best_shape
from sweeper.web.shown import Shown

PAUSE = 0.25  #: seconds between two looks while somebody listens, or asks all the time
SLOW = 1.0  #: ... where a look has to read how each sweep stands, and after one that failed
AGAIN = 5.0  #: seconds after which it is read anyway: a lease may have run out, which nobody commits
ROWS = 600_000  #: trials of sweeps that are kept in memory, the latest asked for at least

SWEEPS = 256  #: whose standing is kept

_lock = threading.Lock()
_all: weakref.WeakKeyDictionary[SqlStore, Live] = weakref.WeakKeyDictionary()


def live_of(store: SqlStore) -> Live:
    """Return what is known of the changes of a store: the same object for the same store."""
    with _lock:
        if (found := _all.get(store)) is None:
            found = _all[store] = Live(store)
        return found


class Live:
    """Looks at a store, keeps the columns of sweeps that pages show, and wakes who listens. Any thread may ask."""

    def __init__(self, store: SqlStore) -> None:
        self._owner = weakref.ref(store)
        self._epoch = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._count = 0
        self._moment: object = None
        self._looked = float("-inf")
        self._known: dict[str, Standing] = {}
        self._changed: dict[str, int] = {}
        self._shown: OrderedDict[str, Shown] = OrderedDict()
        self._told: dict[str, tuple[int, SweepRecord]] = {}
        self._listeners: set[Callable[[], None]] = set()
        self._watching = False

    @property
    def listening(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def revision(self) -> str:
        """Return the revision of now."""
        return self.written(self.look())

    def written(self, count: int) -> str:
        return f"{self._epoch}-{count}"

    def read(self, revision: str | None) -> int | None:
        """Return the count of a revision of this process; None for any other text."""
        epoch, _, count = (revision or "").rpartition("-")
        return int(count) if epoch == self._epoch and count.isdecimal() and len(count) < 16 else None

    def look(self) -> int:
        """See what changed since the last look, and return the count of changes. Raises StoreError."""
        store = self._store()
        with self._lock:
            moment, now = store.moment(), time.monotonic()
            same = moment == self._moment and now - self._looked < (PAUSE if moment is None else AGAIN)
            if same and self._count:
                return self._count
            found = store.read(standings)
            differ = [each for each, stands in found.items() if self._known.get(each) != stands]
            differ += self._known.keys() - found.keys()
            if differ or moment != self._moment or not self._count:
                self._count += 1
                self._changed.update(dict.fromkeys(differ, self._count))
            self._known, self._moment, self._looked = found, moment, now
            return self._count

    def news(self, since: str | None, sweep_id: str | None = None) -> dict[str, Any]:
        """Return what a page is told: the revision of now, and the sweeps that changed since another one.

        All of them when it is a revision of another process, none without one. With a sweep also how that one stands.
        """
        count, before = self.look(), self.read(since)
        with self._lock:
            changed = [each for each, at in self._changed.items() if before is None or at > before] if since else []
        told: dict[str, Any] = {"rev": self.written(count), "sweeps": changed}
        return told if sweep_id is None else {**told, **self._facts(sweep_id)}

    def find(self, ref: str) -> str:
        """Return the id of a sweep. Raises NotFound."""
        return ref if ref in self._known else self._store().find_sweep(ref).id

    @contextlib.contextmanager
    def shown(self, sweep_id: str) -> Iterator[Shown]:
        """Lend the columns of a sweep, as they are now, to one thread."""
        self.look()
        shown = self._kept(sweep_id)
        with shown.lock:
            with self._lock:
                stands, count = self._known.get(sweep_id), self._count
            shown.refresh(self._store(), stands, count)
            yield shown

    @contextlib.contextmanager
    def grid(self, sweep_id: str) -> Iterator[Grid]:
        """Lend the trials of a sweep, as they are now, to one thread: nobody else may use them meanwhile."""
        with self.shown(sweep_id) as shown:
            yield shown.grid

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` from another thread whenever something may have changed, until what is returned is called."""
        with self._lock:
            self._listeners.add(wake)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="sweeper-watch", daemon=True).start()
        return lambda: self._listeners.discard(wake)

    def _watch(self) -> None:
        """Look again and again as long as anybody listens and the store is open."""
        seen = self._count
        while self._is_wanted():
            pause = PAUSE
            try:
                count = self.look()
                pause = SLOW if self._moment is None else PAUSE
            except StoreError:
                count, pause = seen, SLOW
            except UsageError:  # the store is closed
                self._wake()
                self._listeners.clear()
                continue
            if count != seen:
                seen = count
                self._wake()
            time.sleep(pause)

    def _wake(self) -> None:
        for wake in list(self._listeners):
            wake()

    def _is_wanted(self) -> bool:
        with self._lock:
            self._watching = bool(self._listeners)
            return self._watching

    def _store(self) -> SqlStore:
        if (store := self._owner()) is None:
            raise UsageError("the store is closed")
        return store

    def _kept(self, sweep_id: str) -> Shown:
        """Return the place where the columns of a sweep are kept; those not used for longest make room."""
        with self._lock:
            shown = self._shown.setdefault(sweep_id, Shown(sweep_id))
            self._shown.move_to_end(sweep_id)
            total = sum(len(each) for each in self._shown.values())
            while total > ROWS and len(self._shown) > 1:
                total -= len(self._shown.popitem(last=False)[1])
            return shown

    def _facts(self, sweep_id: str) -> dict[str, Any]:
        """Return how a sweep stands; the same answer for all who ask at the same count, except for the time left."""
        at = self._changed.get(sweep_id, 0)
        known, sweep = self._told.get(sweep_id, (-1, None))
        if sweep is None or known != at:
            store = self._store()
            sweep = standing(store, store.find_sweep(sweep_id))
            if len(self._told) >= SWEEPS:
                self._told.clear()
            self._told[sweep_id] = (at, sweep)
        return {
            "counts": dict(sweep.counts), "best": best_shape(sweep.best), "state": str(sweep.state),
            "eta": eta(sweep, time.time()),
        }  # fmt: skip
