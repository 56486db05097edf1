"""The trials of a sweep as columns that grow while it runs: what pages and filters look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.gain import cost_metric_of
from sweeper.records import RunState, SweepRecord
from sweeper.store.sheets import Sheet
from sweeper.web.cells import Column, Floats, Vector
from sweeper.web.spaces import declared_of

STATES = tuple(str(state) for state in RunState)
_CODES = {state: code for code, state in enumerate(STATES)}
GOLDEN = 0x9E3779B97F4A7C15  #: 2**64 over the golden ratio: its multiples lie far apart
OPEN = (_CODES["queued"], _CODES["running"])


class Grid:
    """Trials in the order of their numbers. Used by one thread at a time.

    ``started`` and ``ended`` are epoch seconds, NaN: not yet; ``changed`` tells for each trial at which revision it
    last changed. Of a trial that ended nothing changes any more.
    """

    def __init__(self, sweep: SweepRecord) -> None:
        self.sweep = sweep
        self.cost_metric = cost_metric_of(sweep.config)
        self.params = {name: Column(name, "param", found) for name, found in declared_of(sweep).items()}
        self.goals = {goal.name: Column(goal.name, "goal") for goal in sweep.goals}
        self.metrics: dict[str, Column] = {}
        self._number, self._state, self._changed = Vector("i8"), Vector("u1"), Vector("i8")
        self._started, self._ended, self._ids = Vector("f8"), Vector("f8"), Vector("S32")
        self._same: tuple[int, NDArray[np.int64]] = (0, np.empty(0, np.int64))

    def __len__(self) -> int:
        return self._number.length

    @property
    def number(self) -> NDArray[np.int64]:
        return self._number.array

    @property
    def state(self) -> NDArray[np.uint8]:
        """Places in ``STATES``."""
        return self._state.array

    @property
    def started(self) -> Floats:
        return self._started.array

    @property
    def ended(self) -> Floats:
        return self._ended.array

    @property
    def changed(self) -> NDArray[np.int64]:
        return self._changed.array

    @property
    def ids(self) -> NDArray[np.bytes_]:
        """Run ids in UTF-8."""
        return self._ids.array

    @property
    def first(self) -> float:
        """When the first trial began; 0 while none has."""
        return float(np.nanmin(self.started)) if np.isfinite(self.started).any() else 0.0

    @property
    def start(self) -> Floats:
        """Seconds from the first start to each."""
        return self.started - self.first

    @property
    def seconds(self) -> Floats:
        """How long each trial ran; NaN while it has not ended."""
        return np.maximum(self.ended - self.started, 0.0)

    @property
    def cost(self) -> Floats | None:
        """What each trial cost, where the budget of the sweep counts a metric as its cost."""
        name = self.cost_metric or ""
        column = self.metrics.get(name) or self.goals.get(name)
        return None if column is None else column.array

    @property
    def open(self) -> NDArray[np.int64]:
        """Numbers of the trials that have not ended."""
        found: NDArray[np.int64] = self.number[np.isin(self.state, OPEN)]
        return found

    @property
    def columns(self) -> Iterable[Column]:
        """Parameters, goals and other metrics."""
        return (*self.params.values(), *self.goals.values(), *self.metrics.values())

    def add(self, sheet: Sheet, revision: int = 0) -> None:
        """Add trials with numbers above those that are here."""
        if not (count := len(sheet.number)):
            return
        before = len(self)
        self._number.add(np.array(sheet.number, dtype=np.int64))
        self._state.add(_codes(sheet.state))
        self._started.add(np.array(sheet.started, dtype=np.float64))
        self._ended.add(np.array(sheet.ended, dtype=np.float64))
        self._ids.add(np.array([run_id.encode() for run_id in sheet.run_id]))
        self._changed.add(np.full(count, revision, dtype=np.int64))
        for name in _names(sheet.params, self.params):
            column = self.params.setdefault(name, Column(name, "param"))
            column.add(column.picked(sheet.params), before)
        for column, values in self._measured(sheet):
            column.add(values, before)
        for column in self.columns:
            column.fill(before + count)

    def update(self, sheet: Sheet, revision: int) -> int:
        """Take trials that are here as they are now; return how many of them changed."""
        rows = np.searchsorted(self.number, np.array(sheet.number, dtype=np.int64))
        state, started = _codes(sheet.state), np.array(sheet.started, dtype=np.float64)
        restarted = (started != self.started[rows]) & ~(np.isnan(started) & np.isnan(self.started[rows]))
        differ = np.flatnonzero((state != self.state[rows]) | restarted)
        if not len(differ):
            return 0
        sheet = sheet.only(differ.tolist())
        rows = rows[differ]
        self.state[rows], self.started[rows], self.changed[rows] = state[differ], started[differ], revision
        self.ended[rows] = np.array(sheet.ended, dtype=np.float64)
        for column, values in self._measured(sheet):
            column.fill(len(self))
            column.replace(rows, values)
        return len(differ)

    def _measured(self, sheet: Sheet) -> list[tuple[Column, Sequence[Any]]]:
        """Return the cells of goals and metrics; a metric that was never seen before gets a column."""
        found: list[tuple[Column, Sequence[Any]]] = list(zip(self.goals.values(), sheet.values, strict=True))
        if not any(sheet.metrics):
            return found
        every = [metrics or {} for metrics in sheet.metrics]
        for name in _names(every, self.metrics):
            if name not in self.goals:
                column = self.metrics.setdefault(name, Column(name, "metric"))
                found.append((column, column.picked(every)))
        return found

    def duplicates(self) -> NDArray[np.int64]:
        """Return for each trial the number of the first one with the same parameters, -1: it is the first."""
        if self._same[0] != len(self):
            self._same = (len(self), _duplicates(self.number, self.params.values()))
        return self._same[1]


def _codes(states: Sequence[str]) -> NDArray[np.uint8]:
    return np.array([_CODES[state] for state in states], dtype=np.uint8)


def _names(rows: Sequence[dict[str, Any]], known: dict[str, Any]) -> list[str]:
    """Return the names that any row has, and those known, each once and in the order they were first seen."""
    if set().union(*rows) <= known.keys():
        return list(known)
    return list(dict.fromkeys((*known, *(name for row in rows for name in row))))


def _duplicates(numbers: NDArray[np.int64], columns: Iterable[Column]) -> NDArray[np.int64]:
    """Compare trials by 64 bits mixed from their cells: that two of a million differ and agree is as likely as 1e-8."""
    keys = np.zeros(len(numbers), dtype=np.uint64)
    for place, column in enumerate(columns):
        cells = column.array + 0.0
        mixed = _mixed(cells.view(np.uint64) + np.uint64((place + 1) * GOLDEN & 0xFFFFFFFFFFFFFFFF))
        keys += np.where(np.isnan(cells), np.uint64(0), mixed)
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    earliest = numbers[first][group]
    return np.where(earliest == numbers, -1, earliest)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread bits over the whole word (the finalizer of SplitMix64; Steele, Lea and Flood, 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
