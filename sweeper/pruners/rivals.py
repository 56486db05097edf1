"""The curves of all trials, kept so that a rule gets its answer in well under a millisecond, however many there are."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping

from sweeper.records import Curve


class Board:
    """All curves by trial number. Columns (the values at one report, in order) are built when first asked for."""

    def __init__(self) -> None:
        self.curves: dict[int, list[tuple[int, float]]] = {}
        self.run_length: int | None = None  #: reports of the longest trial that ran to its end
        self._columns: dict[int, list[float]] = {}
        self._sums: dict[int, tuple[float, int]] = {}
        self._ranking: list[tuple[float, int]] | None = None  # (mean, number), the best first

    def report(self, number: int, step: int, value: float) -> None:
        """Take a report. A step seen before begins another attempt there: what came after it is forgotten."""
        curve = self.curves.setdefault(number, [])
        self._unrank(number)
        if curve and curve[-1][0] >= step:
            self._forget(number, curve, step)
        curve.append((step, value))
        if value == value:
            if (column := self._columns.get(len(curve))) is not None:
                insort(column, value)
            total, count = self._sums.get(number, (0.0, 0))
            self._sums[number] = (total + value, count + 1)
        self._rank(number)

    def ended(self, number: int) -> None:
        """A trial ran to its end: that is how long a run is, unless another was longer."""
        if curve := self.curves.get(number):
            self.run_length = max(len(curve), self.run_length or 0)

    def column(self, count: int) -> list[float]:
        """Return the values at report ``count`` of all trials, in order, NaN left out."""
        if count not in self._columns:
            found = (curve[count - 1][1] for curve in self.curves.values() if len(curve) >= count)
            self._columns[count] = sorted(value for value in found if value == value)
        return self._columns[count]

    def ranking(self) -> list[tuple[float, int]]:
        """Return (mean of its values, number) of every trial that has values, the smallest first."""
        if self._ranking is None:
            self._ranking = sorted((self._mean(number), number) for number in self._sums if self._known(number))
        return self._ranking

    def _forget(self, number: int, curve: list[tuple[int, float]], step: int) -> None:
        """Take back what a trial reported from ``step`` on."""
        while curve and curve[-1][0] >= step:
            column, value = self._columns.get(len(curve)), curve.pop()[1]
            if column is not None and value == value:
                del column[bisect_left(column, value)]
        left = [value for _, value in curve if value == value]
        self._sums[number] = (sum(left), len(left))

    def _mean(self, number: int) -> float:
        total, count = self._sums[number]
        mean = total / count
        return mean if mean == mean else math.inf  # of infinities of both signs

    def _known(self, number: int) -> bool:
        return number in self._sums and self._sums[number][1] > 0

    def _unrank(self, number: int) -> None:
        if self._ranking is not None and self._known(number):
            del self._ranking[bisect_left(self._ranking, (self._mean(number), number))]

    def _rank(self, number: int) -> None:
        if self._ranking is not None and self._known(number):
            insort(self._ranking, (self._mean(number), number))


class Rivals(Mapping[int, Curve]):
    """The curves of a board without the trial that asks."""

    def __init__(self, board: Board, asking: int) -> None:
        self._board, self._asking = board, asking

    def __getitem__(self, number: int) -> Curve:
        if number == self._asking:
            raise KeyError(number)
        return self._board.curves[number]

    def __iter__(self) -> Iterator[int]:
        return (number for number in self._board.curves if number != self._asking)

    def __len__(self) -> int:
        return len(self._board.curves) - (self._asking in self._board.curves)

    @property
    def run_length(self) -> int | None:
        """Reports of the longest trial that ran to its end, None before one did."""
        return self._board.run_length

    def ordered(self, count: int) -> list[float]:
        """Return the rivals' values at report ``count``, in order, NaN left out."""
        values = list(self._board.column(count))
        mine = self._board.curves.get(self._asking, ())
        if len(mine) >= count and (value := mine[count - 1][1]) == value:
            del values[bisect_left(values, value)]
        return values

    def best_mean(self, least: int) -> Curve | None:
        """Return the curve with the smallest mean among the rivals of at least ``least`` reports."""
        curves = self._board.curves
        for _, number in self._board.ranking():
            if number != self._asking and len(curves[number]) >= least:
                return curves[number]
        return None
