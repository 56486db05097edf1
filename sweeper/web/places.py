"""The parameters of one trial: where each value lies in its declared range, and what the best trial has."""

from __future__ import annotations

import math
from typing import Any

from sweeper.analysis.axes import choice_at
from sweeper.analysis.ranges.evidence import bounds
from sweeper.records import Params, SweepRecord
from sweeper.space import Categorical, Constant, Parameter
from sweeper.space.values import index, is_number, same
from sweeper.web.spaces import declared_of, parameter_shape

Row = dict[str, Any]


def placed(sweep: SweepRecord, params: Params, best: Params | None) -> list[Row]:
    """Return a row for each parameter that the space declares or the trial has, in the order of the space.

    ``place`` is 0 at ``low`` and 1 at ``high``, on the scale of the parameter; of a choice the middle of its cell; None
    for what lies outside, has no range or is not active. ``best`` are the parameters of the best trial, if there is
    one.
    """
    declared = declared_of(sweep)
    names = dict.fromkeys((*declared, *params))
    return [_row(name, declared.get(name), params, best) for name in names]


def unplaced(name: str, value: Any) -> Row:
    """Return the row of a parameter of which nothing but its value is known."""
    return {**_row(name, None, {name: value}, None), "differs": False}


def place_of(parameter: Parameter | None, value: Any) -> float | None:
    """Return where a value lies between the ends of its parameter, 0 to 1; None outside and without a range."""
    if isinstance(parameter, Categorical):
        choices = list(parameter.values)
        at = index(choices, value)
        return None if at is None else choice_at(at, len(choices))
    if parameter is None or isinstance(parameter, Constant) or not is_number(value):
        return None
    low, high = bounds(parameter)
    if not (math.isfinite(low) and math.isfinite(high) and low <= value <= high):
        return None
    if low == high:
        return 0.5
    if parameter.log and low > 0:
        low, high, value = (math.log(each) for each in (low, high, value))
    return float((value / 2 - low / 2) / (high / 2 - low / 2))


def _row(name: str, parameter: Parameter | None, params: Params, best: Params | None) -> Row:
    active = name in params
    value, other = params.get(name), None if best is None else best.get(name)
    row: Row = {
        "name": name,
        "value": value,
        "active": active,
        "place": place_of(parameter, value) if active else None,
        "best": other,
        "best_place": None if best is None or name not in best else place_of(parameter, other),
        "differs": best is not None and (active != (name in best) or not same(value, other)),
        **_range(parameter),
    }
    return row


def _range(parameter: Parameter | None) -> Row:
    if parameter is None:
        return dict.fromkeys(("kind", "low", "high", "log", "step", "choices", "text", "when"))
    return parameter_shape(parameter)
