"""Drawing a point from models of several parameters at once: those that are active together."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random

from sweeper.records import Params
from sweeper.samplers.axes import Axis, axis
from sweeper.samplers.points import Points, Raws

Places = dict[str, float]  #: by parameter name: where on its axis


class Groups:
    """The searched parameters of a space in groups. A point has all parameters of a group or none.

    With ``split`` the parameters of a group with conditions are taken one by one, with ``single`` all are.
    """

    def __init__(self, points: Points, *, split: bool = False, single: bool = False) -> None:
        self._points = points
        self.axes: dict[str, Axis] = {name: axis(domain) for name, domain in points.domains.items()}
        groups: dict[str, list[str]] = {}
        for name in self.axes:
            conditions = points.space.parameters[name].conditions
            alone = single or (split and conditions)
            groups.setdefault(name if alone else json.dumps(conditions, sort_keys=True), []).append(name)
        self._group = {name: names for names in groups.values() for name in names}

    def places(self, raws: Raws) -> Places:
        """Return where a point lies on the axes."""
        return {name: self.axes[name].place(raw) for name, raw in raws.items()}

    def build(self, sample: Callable[[Sequence[str]], Places]) -> Params:
        """Return parameters. ``sample(names)`` returns places for a group, for those with more than one value."""
        drawn: Places = {}

        def draw(name: str, params: Params) -> float:
            if name not in drawn:
                group = self._group[name]
                free = [member for member in group if not self.axes[member].fixed]
                drawn.update(dict.fromkeys(group, 0.0))
                drawn.update(sample(free) if free else {})
            axis = self.axes[name]
            return axis.raw(axis.low if axis.fixed else drawn[name])

        return self._points.build(draw)

    def chance(self, names: Sequence[str], rng: Random) -> Places:
        """Return places drawn from the prior."""
        return {name: self.axes[name].place(self.axes[name].domain.at(rng.random())) for name in names}
