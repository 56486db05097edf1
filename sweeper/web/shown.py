"""The columns of one sweep that somebody looks at: read once, then kept up with what changes."""

from __future__ import annotations

import gzip
import threading
from typing import Any

from sweeper.records import SweepRecord
from sweeper.store.sheets import Standing, sheet_at, sheets
from sweeper.store.store import SqlStore
from sweeper.web.columns import layout, load, pack
from sweeper.web.grid import Grid

BLOCKS = 8  #: packed ones that are kept: the pages that are open ask for the same increments
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
        self._layout: dict[Any, Any] = {}
        self._blocks: dict[tuple[int | None, bool], bytes] = {}
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
            self._grid, self.count, self.base, self._layout = grid, count, count, layout(grid)
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
        if self.count == count:
            before, self._layout = self._layout, layout(grid)
            if any(self._layout.get(name) != each for name, each in before.items()):
                self.base = count  # what a page has is written otherwise: it gets all of it again
        return True

    def block(self, revision: str, since: int | None, *, zipped: bool) -> bytes:
        """Return the packed columns, all of them or what changed since a count; ``revision`` is how ``count`` is
        written."""
        if self._packed != self.count:
            self._blocks, self._packed = {}, self.count
        asked = since if since is not None and since >= self.base else None
        if len(self._blocks) >= BLOCKS:
            self._blocks = {}
        if (asked, False) not in self._blocks:
            self._blocks[asked, False] = pack(self.grid, revision, since=asked)
        if zipped and (asked, True) not in self._blocks:
            self._blocks[asked, True] = gzip.compress(self._blocks[asked, False], LEVEL)
        return self._blocks[asked, zipped]


def _declares(sweep: SweepRecord) -> object:
    return sweep.space, sweep.goals
