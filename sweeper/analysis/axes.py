"""Where values lie on an axis, and where its ticks are: on the scale that is natural for the parameter."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.columns import Bools, Floats, TrialTable
from sweeper.analysis.numbers import number, value_text
from sweeper.records import Goal
from sweeper.space import Categorical, Float, Int, Parameter
from sweeper.space.values import is_number

MOST_TICKS = 6


class Tick(NamedTuple):
    at: float  #: on the axis, 0 to 1
    label: str


class Axis(NamedTuple):
    """``low`` and ``high`` bound numbers (``whole`` ones, if so); ``labels`` are the choices, empty for numbers."""

    name: str
    low: float
    high: float
    log: bool = False
    labels: tuple[str, ...] = ()
    whole: bool = False

    def at(self, value: Floats) -> Floats:
        """Return where numbers lie: 0 at ``low``, 1 at ``high``."""
        low, high = self.low, self.high
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                value = np.where(value > 0, np.log(np.maximum(value, 5e-324)), np.nan)
            low, high = math.log(low), math.log(high)
        if high == low:
            return np.where(np.isnan(value), np.nan, 0.5)
        return np.asarray((value / 2 - low / 2) / (high / 2 - low / 2))  # halves: the difference may overflow

    def ticks(self, most: int = MOST_TICKS) -> list[Tick]:
        """Return ticks with labels of at most four digits, or one for each choice, evenly thinned."""
        if self.labels:
            step = -(-len(self.labels) // max(most * 3, 1))
            return [Tick(choice_at(i, len(self.labels)), self.labels[i]) for i in range(0, len(self.labels), step)]
        values = log_ticks(self.low, self.high, most) if self.log else linear_ticks(self.low, self.high, most)
        if self.whole:
            values = [value for value in values if value.is_integer()]
        places = self.at(np.array(values, dtype=float))
        return [Tick(float(at), number(value)) for at, value in zip(places, values, strict=True)]


class Placed(NamedTuple):
    """A parameter's axis and where each trial lies on it; NaN where the parameter is not set."""

    axis: Axis
    at: Floats


def place(table: TrialTable, name: str, rows: Bools) -> Placed:
    """Lay the values of one parameter, in the trials ``rows``, along its axis."""
    parameter = table.parameters[name]
    if parameter.is_numeric:
        values = table.params[name][rows]
        axis = _number_axis(name, parameter, values)
        return Placed(axis, axis.at(values))
    active = table.active[name][rows]
    choices = _choices(parameter, table.params[name][rows], active)
    index = {repr(choice): i for i, choice in enumerate(choices)}
    at = np.array([
        choice_at(index[repr(value)], len(choices)) if on and repr(value) in index else np.nan
        for value, on in zip(table.params[name][rows], active, strict=True)
    ], dtype=float)  # fmt: skip
    return Placed(Axis(name, 0.0, 1.0, labels=tuple(value_text(choice) for choice in choices)), at)


def choice_at(i: int, count: int) -> float:
    """Return the middle of the cell of choice ``i``."""
    return (i + 0.5) / count


class ValueAxis(NamedTuple):
    """The axis of a goal, and how many values lie beyond its ends (infinite ones too)."""

    axis: Axis
    outside: int

    def inside(self, values: Floats) -> Bools:
        return np.asarray((values >= self.axis.low) & (values <= self.axis.high))


def value_axis(goal: Goal, values: Floats) -> ValueAxis:
    """Return an axis for the values of a goal.

    Some values far on the worse side do not squeeze the others: where all values together are over four times as
    wide as the best four fifths, the axis ends soon after those. Losses over two decades get a logarithmic axis.
    """
    values = values[~np.isnan(values)]
    losses = np.sort(goal.sign * values[np.isfinite(values)])
    if not len(losses):
        return ValueAxis(Axis(goal.name, 0.0, 1.0), len(values))
    best, most, worst = losses[0], losses[int(0.8 * (len(losses) - 1))], losses[-1]
    log = bool(goal.sign > 0 and best > 0 and worst >= 100 * best)
    if not log and worst / 4 - best / 4 > most - best > 0:
        worst = losses[losses <= best + 2.5 * (most - best)][-1]
    low, high = sorted((float(goal.sign * best), float(goal.sign * worst)))
    axis = Axis(goal.name, low, high, log)
    return ValueAxis(axis, len(values) - int(((values >= low) & (values <= high)).sum()))


def linear_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return round numbers in ``[low, high]``, at most ``most`` of them (and one more)."""
    if not high > low:
        return [low]
    rough = high / most - low / most
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 1e-300 else rough
    step = next((factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    found = [float(f"{i * step:.12g}") for i in range(first, last + 1)]
    return found if found and last - first <= 2 * most else [low, high]


def log_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return powers of ten in ``[low, high]``; below two decades also their multiples."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    decades = [p for p in range(first, last + 1) if low * (1 - 1e-9) <= _power(p) <= high * (1 + 1e-9)]
    if len(decades) > 2:
        return [_power(p) for p in decades[:: -(-len(decades) // most)]]
    for factors in ((1, 3), (1, 2, 5), (1, 2, 3, 5, 7), range(1, 10)):
        found = [f * _power(p) for p in range(first, last + 1) for f in factors]
        found = [float(f"{v:.12g}") for v in found if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]
        if len(found) >= 3:
            return found[:: -(-len(found) // most)]
    return linear_ticks(low, high, most)


def _power(exponent: int) -> float:
    return float(f"1e{exponent}")


def _number_axis(name: str, parameter: Parameter, values: Floats) -> Axis:
    seen = values[np.isfinite(values)]
    bounds = [float(seen.min()), float(seen.max())] if len(seen) else []
    if isinstance(parameter, Float | Int):
        bounds += [float(parameter.low), float(parameter.high)]
    low, high = (min(bounds), max(bounds)) if bounds else (0.0, 1.0)
    return Axis(name, low, high, parameter.log and low > 0, whole=isinstance(parameter, Int))


def _choices(parameter: Parameter, values: NDArray[Any], active: Bools) -> list[Any]:
    """The declared choices, numbers in their order; of anything else what occurs."""
    if isinstance(parameter, Categorical):
        choices = list(parameter.values)
    else:
        choices = list({repr(value): value for value, on in zip(values, active, strict=True) if on}.values())
    return sorted(choices) if all(map(is_number, choices)) else choices
