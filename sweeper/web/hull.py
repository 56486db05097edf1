"""The ranges that some trials of a sweep span: what the next sweep would search to stay among them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.numbers import number
from sweeper.errors import SpaceError
from sweeper.space import Categorical, Constant, Float, Int, Parameter
from sweeper.space.values import identity
from sweeper.web.grid import Grid

WHOLE = 0.98  #: of the declared range: a hull that is larger changes nothing
AROUND = 0.1  #: of the declared range on either side of a single trial
DIGITS = 3  #: of an end that is not one of the declared ones, rounded outwards


@dataclass(frozen=True, slots=True)
class Spanned:
    """What the selected trials have of one parameter: numbers from ``low`` to ``high``, or the trials ``shown``, one
    for each choice. ``active`` of them have it at all."""

    active: int
    low: float = math.nan
    high: float = math.nan
    shown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A new range for a parameter, None: as declared; and why."""

    parameter: Parameter | None
    reason: str


def spans(grid: Grid, rows: NDArray[np.intp]) -> dict[str, Spanned]:
    """Return for each parameter what the trials ``rows`` have of it."""
    found = {}
    for name, column in grid.params.items():
        cells = column.array[rows]
        there = ~np.isnan(cells)
        active = int(there.sum())
        if not active:
            found[name] = Spanned(0)
        elif column.kind == "categorical":
            _, first = np.unique(cells[there], return_index=True)
            found[name] = Spanned(active, shown=tuple(grid.number[rows][there][first].tolist()))
        else:
            found[name] = Spanned(active, float(cells[there].min()), float(cells[there].max()))
    return found


def change(
    name: str,
    parameter: Parameter,
    span: Spanned | None,
    assigned: Mapping[int, Mapping[str, Any]],
    *,
    selected: int,
    margin: float,
    brush: tuple[float | None, float | None] | None = None,
) -> Change:
    """Return the range of the next sweep. ``assigned`` has the parameters of the trials that spans show.

    ``margin`` is the share of the hull by which it is widened at both ends, on its axis. ``brush`` are the ends that
    a person chose: they hold instead of the hull's. Nothing goes beyond what is declared.
    """
    if isinstance(parameter, Constant):
        return Change(None, "constant")
    if span is None or not span.active:
        return Change(None, "none of the selected trials has it")
    try:
        if isinstance(parameter, Categorical):
            shown = [assigned[one][name] for one in span.shown if name in assigned.get(one, {})]
            return _among(parameter, shown, selected)
        if span.shown or not parameter.is_numeric:
            return Change(None, "its values are no numbers")
        return _within(parameter, span, selected, margin, brush)
    except SpaceError as error:
        return Change(None, f"left as declared: {error.message}")


def _among(parameter: Categorical, values: Sequence[Any], selected: int) -> Change:
    kept = [value for value in parameter.values if identity(value) in set(map(identity, values))]
    if not kept or len(kept) == len(parameter.values):
        return Change(None, "the selected trials have each of its values")
    if len(kept) == 1:
        reason = "all selected trials have this value" if selected > 1 else "the value of the selected trial"
        return Change(Constant(kept[0], when=parameter.when), reason)
    return Change(
        parameter.narrow(values=kept), f"the selected trials have {len(kept)} of {len(parameter.values)} values"
    )


def _within(
    parameter: Parameter, span: Spanned, selected: int, margin: float, brush: tuple[float | None, float | None] | None
) -> Change:
    ends = _Ends.of(parameter, span)
    if brush is not None:
        low, high = (
            span_end if end is None else end for end, span_end in zip(brush, (ends.low, ends.high), strict=True)
        )
        low, high = (math.ceil(low), math.floor(high)) if isinstance(parameter, Int) else (low, high)
        reason = "the range that was chosen"
    elif span.low == span.high and selected > 1:
        value = int(span.low) if isinstance(parameter, Int) else span.low
        return Change(Constant(value, when=parameter.when), "all selected trials have this value")
    elif span.low == span.high:
        low, high = ends.widened(span.low, span.low, AROUND)
        reason = "around the selected trial"
    else:
        wide = margin * (ends.place(span.high) - ends.place(span.low))
        low, high = ends.widened(span.low, span.high, wide)
        more = f", and {100 * margin:.0f} % more at each end" if margin else ""
        reason = f"the selected trials lie in {number(span.low)} .. {number(span.high)}{more}"
    low, high = ends.clipped(low, high)
    if ends.place(high) - ends.place(low) >= WHOLE:
        return Change(None, "the selected trials lie all over it")
    return Change(parameter.narrow(ends.asked(low, 0), ends.asked(high, 1)), reason)


@dataclass(frozen=True, slots=True)
class _Ends:
    """The declared ends of a number and its axis; what a distribution without ends has are those of the trials."""

    parameter: Parameter
    low: float
    high: float

    @classmethod
    def of(cls, parameter: Parameter, span: Spanned) -> _Ends:
        low, high = getattr(parameter, "low", None), getattr(parameter, "high", None)
        if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
            return cls(parameter, span.low, span.high)
        return cls(parameter, float(low), float(high))

    @property
    def log(self) -> bool:
        return self.parameter.log and self.low > 0

    def place(self, value: float) -> float:
        """Where a number lies between the ends, on the axis of the parameter."""
        low, high, at = (math.log(each) if self.log else each for each in (self.low, self.high, value))
        return (at - low) / (high - low) if high > low else 0.5

    def value(self, place: float) -> float:
        place = min(max(place, 0.0), 1.0)
        if self.log:
            return math.exp(math.log(self.low) * (1 - place) + math.log(self.high) * place)
        return self.low * (1 - place) + self.high * place

    def widened(self, low: float, high: float, by: float) -> tuple[float, float]:
        """Both ends moved out by a share of the declared range."""
        if by <= 0:
            return low, high
        return self.value(self.place(low) - by), self.value(self.place(high) + by)

    def clipped(self, low: float, high: float) -> tuple[float, float]:
        """The ends inside the declared ones, with few digits and nothing cut off."""
        if isinstance(self.parameter, Float) and self.parameter.step is None:
            low, high = _outwards(low, math.floor), _outwards(high, math.ceil)
        return max(low, self.low), min(high, self.high)

    def asked(self, value: float, side: int) -> float | int:
        if isinstance(self.parameter, Int):
            return math.floor(value) if side == 0 else math.ceil(value)
        return value


def _outwards(value: float, towards: Any) -> float:
    """Return a number with few digits: ``floor`` the next smaller one, ``ceil`` the next larger one."""
    if value == 0 or not math.isfinite(value):
        return value
    power = DIGITS - 1 - math.floor(math.log10(abs(value)))
    near = float(f"{value:.{DIGITS}g}")
    if math.isclose(near, value, rel_tol=1e-12):
        return near
    return float(f"{towards(value * 10.0**power) * 10.0**-power:.{DIGITS}g}")
