"""The grid: every point of a finite space once, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.points import Points
from sweeper.space import SearchSpace

Key = tuple[float | None, ...]


class GridSampler:
    """Walks ``space.grid()``: trial ``n`` is the grid's ``n``-th point, so a resumed sweep goes on where it was.

    A point that another trial has tried already is left out and the walk moves on; a point whose own number was
    spent on something else is made up for at the end. ``ask`` returns None once every point was tried, however it
    ended. Only as much of the grid is built as was asked for. Takes any number of goals, has no options, and uses
    neither the seed nor the results.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {}

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        read_options("grid", self.OPTIONS, options)
        self._space = space
        self._points = Points(space)
        self._size = space.grid_size()
        self._walk: Iterator[Params] = space.grid()
        self._keys: list[Key] = []  # of the points the walk has passed
        self._tried: set[Key] = set()
        self._spent: dict[int, Key | None] = {}  # what a number was told or asked with

    def ask(self, number: int) -> Params | None:
        """Return the point of ``number``, else the next one not tried, else one left behind, else None."""
        for index in range(max(number, 0), self._size):
            params = self._point(index)
            if self._key(index) not in self._tried:
                return self._take(number, params)
        for index in range(min(number, self._size)):
            spent = index in self._spent and self._spent[index] != self._key(index)
            if spent and self._key(index) not in self._tried:
                return self._take(number, self._point(index))
        return None

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Note the point as tried, however it ended."""
        raws = self._points.raws(params)
        key = None if raws is None else self._points.key(raws)
        self._spent[number] = key
        if key is not None:
            self._tried.add(key)

    def _take(self, number: int, params: Params) -> Params:
        raws = self._points.raws(params)
        key = None if raws is None else self._points.key(raws)
        self._spent[number] = key
        if key is not None:
            self._tried.add(key)
        return params

    def _point(self, index: int) -> Params:
        """Return the grid's point at ``index``: usually the one the walk comes to next."""
        if index < len(self._keys):
            return next(islice(self._space.grid(), index, None))
        while True:
            params = next(self._walk)
            raws = self._points.raws(params)
            self._keys.append(() if raws is None else self._points.key(raws))
            if len(self._keys) > index:
                return params

    def _key(self, index: int) -> Key:
        if index >= len(self._keys):
            self._point(index)
        return self._keys[index]
