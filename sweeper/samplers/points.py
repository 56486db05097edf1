"""Between parameters, as an objective gets them, and the plain numbers that a sampler searches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sweeper.errors import SpaceError
from sweeper.records import Params
from sweeper.space import SearchSpace
from sweeper.space.domains import Domain

Raws = dict[str, float]  #: by parameter name: a float, an int or the index of a choice; active ones only


class Points:
    """Reads and builds the points of one space."""

    def __init__(self, space: SearchSpace) -> None:
        self.space = space
        self.domains: dict[str, Domain] = {
            name: parameter.domain for name, parameter in space.parameters.items() if parameter.domain is not None
        }

    def build(self, draw: Callable[[str, Params], float]) -> Params:
        """Return parameters, each drawn once those it depends on are known.

        ``draw(name, params)`` returns a number of the domain of ``name``, given the parameters before it.
        """
        params: Params = {}
        for name, parameter in self.space.parameters.items():
            if self.space.active(name, params):
                params[name] = parameter.decode(draw(name, params) if name in self.domains else 0)
        return params

    def raws(self, params: Mapping[str, Any]) -> Raws | None:
        """Return the numbers that ``params`` stand for; None when they are no point of the space.

        Names that the space does not know, and parameters that are inactive, have no effect and are left out.
        """
        found: Params = {}
        raws: Raws = {}
        for name, parameter in self.space.parameters.items():
            if not self.space.active(name, found):
                continue
            if name not in params:
                if name in self.domains:
                    return None
                found[name] = parameter.decode(0)
                continue
            try:
                raw = parameter.encode(params[name])
            except SpaceError:
                return None
            found[name] = params[name]
            if name in self.domains:
                raws[name] = raw
        return raws if self.space.feasible(found) else None

    def key(self, raws: Raws) -> tuple[float | None, ...]:
        """Return what two equal points have in common: usable in a set."""
        return tuple(map(raws.get, self.domains))
