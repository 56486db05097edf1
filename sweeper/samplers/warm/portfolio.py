"""The configurations to begin with: the best of each past sweep, the most typical first, no two alike."""

from __future__ import annotations

from sweeper.samplers.axes import position
from sweeper.samplers.points import Points, Raws
from sweeper.samplers.warm.fit import Fit, Fitted
from sweeper.space import SearchSpace
from sweeper.space.domains import ChoiceDomain

MOST = 5  #: configurations
SHARE = 0.1  #: of the budget in trials
LEAST = 3  #: where there are fewer sweeps, the second and third best of each make up for it
ALIKE = 0.02  #: two points no further apart, as a share of the range of each parameter, are taken as one


def size(trials: int | None) -> int:
    """Return how many configurations a sweep with this budget begins with."""
    return MOST if trials is None else max(1, min(MOST, round(SHARE * trials)))


def portfolio(fitted: Fit, space: SearchSpace, count: int) -> list[Fitted]:
    """Return at most ``count`` points: first the one nearest to all others, then ever the one furthest from the chosen.

    So the first is a good guess when the new task is like the old ones, and the rest are different guesses.
    """
    distance = Distance(space)
    wanted = min(count, max(LEAST, len(fitted.sweeps)))
    found: list[Fitted] = []
    for rank in range(max(map(len, fitted.sweeps), default=0)):
        if rank and len(found) >= wanted:
            break
        for sweep in fitted.sweeps:
            if rank < len(sweep) and all(distance(sweep[rank], one) > ALIKE for one in found):
                found.append(sweep[rank])
    if not found or not count:
        return []
    middle = min(found, key=lambda one: sum(distance(one, other) for other in found))
    chosen = [middle]
    left = [one for one in found if one is not middle]
    while left and len(chosen) < wanted:
        furthest = max(left, key=lambda one: min(distance(one, other) for other in chosen))
        chosen.append(furthest)
        left.remove(furthest)
    return chosen


class Distance:
    """How far two points lie apart, from 0 to 1: the mean over the parameters that either has."""

    def __init__(self, space: SearchSpace) -> None:
        self._points = Points(space)
        self._known: dict[int, Raws] = {}

    def __call__(self, one: Fitted, other: Fitted) -> float:
        first, second = self._raws(one), self._raws(other)
        names = first.keys() | second.keys()
        return sum(self._apart(name, first, second) for name in names) / max(1, len(names))

    def _raws(self, one: Fitted) -> Raws:
        if id(one) not in self._known:
            self._known[id(one)] = self._points.raws(one.params) or {}
        return self._known[id(one)]

    def _apart(self, name: str, first: Raws, second: Raws) -> float:
        if name not in first or name not in second:
            return 1.0
        domain = self._points.domains[name]
        if isinstance(domain, ChoiceDomain):
            return float(first[name] != second[name])
        return abs(position(domain, first[name]) - position(domain, second[name]))
