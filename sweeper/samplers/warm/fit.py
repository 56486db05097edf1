"""Points of past spaces in the space of now: what both know is kept, what is new is drawn, what is outside moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sweeper.records import Params
from sweeper.samplers.seeds import trial_seed
from sweeper.samplers.warm.history import PastSweep, PastTrial
from sweeper.space import Parameter, SearchSpace

HALVINGS = 60  #: enough to find a float to its last bit


@dataclass(frozen=True, slots=True)
class Fitted:
    """A past trial as a point of the space of now. ``moved`` names the parameters that were outside their range."""

    sweep: PastSweep
    trial: PastTrial
    params: Params
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """The best trials of each sweep, the very best first, those without a place in the space left out.

    ``shared`` are the searched parameters that any of the sweeps knows, ``new`` those that none does, ``gone`` those
    that the space no longer has; ``dropped`` trials break a constraint.
    """

    sweeps: tuple[tuple[Fitted, ...], ...]
    shared: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    dropped: int

    @property
    def moved(self) -> int:
        """How many trials had a value outside its range."""
        return sum(bool(one.moved) for sweep in self.sweeps for one in sweep)


def fit(sweeps: Sequence[PastSweep], space: SearchSpace, seed: int) -> Fit:
    """Bring the best trials of ``sweeps`` into ``space``. What a trial does not have is drawn by ``seed``."""
    known = dict.fromkeys(name for sweep in sweeps for trial in sweep.best for name in trial.params)
    searched = [name for name, parameter in space.parameters.items() if parameter.domain is not None]
    made, dropped, count = [], 0, 0
    for sweep in sweeps:
        fitted = []
        for trial in sweep.best:
            count += 1
            point, moved = place(trial.params, space, Random(trial_seed(seed, -2, count)))
            if space.feasible(point):
                fitted.append(Fitted(sweep, trial, point, moved))
            else:
                dropped += 1
        made.append(tuple(fitted))
    return Fit(
        tuple(made),
        tuple(name for name in searched if name in known),
        tuple(name for name in searched if name not in known),
        tuple(name for name in known if name not in space.parameters),
        dropped,
    )


def place(params: Mapping[str, Any], space: SearchSpace, rng: Random) -> tuple[Params, tuple[str, ...]]:
    """Return the point of ``space`` nearest to ``params``, and which of its values had to move."""
    point: Params = {}
    moved = []
    for name, parameter in space.parameters.items():
        if not space.active(name, point):
            continue
        drawn = rng.random()
        domain = parameter.domain
        if domain is None:
            point[name] = parameter.decode(0)
        elif name not in params:
            point[name] = parameter.decode(domain.at(drawn))
        elif parameter.contains(params[name]):
            point[name] = parameter.decode(parameter.encode(params[name]))
        else:
            moved.append(name)
            value = params[name]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            near = parameter.is_numeric and number and value == value
            point[name] = nearest(parameter, value) if near else parameter.decode(domain.at(drawn))
    return point, tuple(moved)


def nearest(parameter: Parameter, value: float) -> Any:
    """Return the value of a numeric parameter that lies nearest to ``value``."""
    domain = parameter.domain
    if domain is None:
        return parameter.decode(0)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if parameter.decode(domain.at(middle)) < value else (low, middle)
    ends = [parameter.decode(domain.at(end)) for end in (low, high, 0.0, 1.0)]
    return min(ends, key=lambda end: abs(end - value))
