"""The grid: every point of a finite space once, in a fixed order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import count, islice
from typing import Any, ClassVar

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.points import Points
from sweeper.space import SearchSpace

Key = tuple[float | None, ...] | None  #: None: outside the space


class GridSampler:
    """Walks ``space.grid()``: trial ``n`` is the grid's ``n``-th point, so a resumed sweep goes on where it was.

    A point that another trial has tried already is left out and the walk moves on; a point whose own number was
    spent on something else is made up for at the end. ``ask`` returns None once every point was tried, however it
    ended. Only as much of the grid is built as was asked for. Takes any number of goals, has no options, and uses
    neither the seed nor the results. Raises SpaceError for a space without a grid.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {}

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        read_options("grid", self.OPTIONS, options)
        space.grid_size()
        self._space = space
        self._points = Points(space)
        self._walk: Iterator[Params] = space.grid()
        self._last: Params = {}  # where the walk stands
        self._keys: list[Key] = []  # of the points it has passed, that one included
        self._spent: dict[int, Key] = {}  # by number: what it was asked or told with
        self._tried: Counter[Key] = Counter()

    def ask(self, number: int) -> Params | None:
        """Return the point of ``number``, else the next one not tried, else one left behind, else None."""
        self._forget(number)
        for index in count(max(number, 0)):
            if not self._reach(index):
                break
            if self._keys[index] not in self._tried:
                return self._spend(number, self._point(index))
        for index, key in enumerate(self._keys[: max(number, 0)]):
            if self._spent.get(index, key) != key and key not in self._tried:
                return self._spend(number, self._point(index))
        return None

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Note the point as tried, however it ended."""
        self._forget(number)
        self._spend(number, params)

    def _spend(self, number: int, params: Params) -> Params:
        raws = self._points.raws(params)
        self._spent[number] = None if raws is None else self._points.key(raws)
        self._tried[self._spent[number]] += 1
        return params

    def _forget(self, number: int) -> None:
        if number in self._spent:
            key = self._spent.pop(number)
            self._tried[key] -= 1
            if not self._tried[key]:
                del self._tried[key]

    def _reach(self, index: int) -> bool:
        """Walk until ``index`` has been passed; False when the grid ends before."""
        while len(self._keys) <= index:
            params = next(self._walk, None)
            if params is None:
                return False
            raws = self._points.raws(params)
            self._keys.append(None if raws is None else self._points.key(raws))
            self._last = params
        return True

    def _point(self, index: int) -> Params:
        if index == len(self._keys) - 1:
            return deepcopy(self._last)
        return next(islice(self._space.grid(), index, None))
