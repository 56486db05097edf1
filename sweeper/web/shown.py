"""The columns of one sweep that somebody looks at: read once, then kept up with what changes."""

from __future__ import annotations

import gzip
import threading

from sweeper.records import SweepRecord
from sweeper.store.sheets import Standing, sheet_at, sheets
from sweeper.store.store import SqlStore
from sweeper.web.columns import load, pack
from sweeper.web.grid import Grid

LEVEL = 1  #: of gzip: the body is mostly noise, and somebody waits


class Shown:
    """One sweep. All but ``len`` is for whoever holds ``lock``.

    ``count`` is when its trials last changed, ``base`` since when increments can be given.
    """

    def __init__(self, sweep_id: str) -> None:
        self.lock = threading.RLock()
        self._id = sweep_id
        self._grid: Grid | None = None
        self._stands: Standing | None = None
        self.count = self.base = self._seen = 0
        self._blocks: dict[bool, bytes] = {}
        self._packed = -1

    def __len__(self) -> int:
        return len(self._grid) if self._grid is not None else 0

    @property
    def grid(self) -> Grid:
        assert self._grid is not None
        return self._grid

    def refresh(self, store: SqlStore, stands: Standing | None, count: int) -> None:
        """Take in what changed: trials that had not ended, and new ones. ``stands`` was seen at ``count``."""
        if self._grid is not None and stands == self._stands and (count == self._seen or not len(self._grid.open)):
            return
        sweep = store.find_sweep(self._id)
        known = self._grid is not None and _declares(sweep) == _declares(self._grid.sweep)
        if not known or not self._caught_up(store, count) or (stands and len(self) < stands.total):
            grid = load(store, sweep)
            grid.changed[:] = count
            self._grid, self.count, self.base = grid, count, count
        self.grid.sweep, self._stands, self._seen = sweep, stands, count

    def _caught_up(self, store: SqlStore, count: int) -> bool:
        """Read what may have changed; False when trials came that cannot have come."""
        grid = self.grid
        open_ones, first = grid.open.tolist(), int(grid.number[-1]) + 1 if len(grid) else 0
        changed, new = store.read(
            lambda session: (sheet_at(session, grid.sweep, open_ones), list(sheets(session, grid.sweep, first)))
        )
        if len(changed.number) != len(open_ones):
            return False
        if grid.update(changed, count) + sum(len(sheet.number) for sheet in new):
            self.count = count
        for sheet in new:
            grid.add(sheet, count)
        return True

    def block(self, revision: str, since: int | None, *, zipped: bool) -> bytes:
        """Return the packed columns, all of them or what changed since a count; ``revision`` is how ``count`` is
        written."""
        if since is not None and since >= self.base:
            made = pack(self.grid, revision, since=since)
            return gzip.compress(made, LEVEL) if zipped else made
        if self._packed != self.count:
            self._blocks, self._packed = {False: pack(self.grid, revision)}, self.count
        if zipped and True not in self._blocks:
            self._blocks[True] = gzip.compress(self._blocks[False], LEVEL)
        return self._blocks[zipped]


def _declares(sweep: SweepRecord) -> object:
    return sweep.space, sweep.goals
