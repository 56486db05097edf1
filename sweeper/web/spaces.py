"""The search space of a sweep as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sweeper.analysis.ranges.evidence import bounds
from sweeper.errors import SpaceError
from sweeper.records import SweepRecord
from sweeper.space import Categorical, Constant, Int, Parameter, Quantized, SearchSpace
from sweeper.space.values import short


def declared_of(sweep: SweepRecord) -> Mapping[str, Parameter]:
    """Return the parameters that a sweep declares; none for one that was imported without a space."""
    try:
        return SearchSpace.from_dict(sweep.space, sweep.config.get("constraints") or ()).parameters
    except SpaceError:
        return {}


def kind_of(parameter: Parameter) -> str:
    """Return "float", "int", "categorical" or "constant"."""
    if isinstance(parameter, Constant):
        return "constant"
    if not parameter.is_numeric:
        return "categorical"
    whole = isinstance(parameter, Int) or (isinstance(parameter, Quantized) and float(parameter.q).is_integer())
    return "int" if whole else "float"


def parameter_shape(parameter: Parameter) -> dict[str, Any]:
    """Return kind, ends, scale, choices and words of a parameter; ends without a bound are None.

    ``text`` tells the range alone, ``when`` on what it depends.
    """
    low = high = step = choices = None
    if isinstance(parameter, Constant):
        choices = [parameter.value]
    elif isinstance(parameter, Categorical):
        choices = list(parameter.values)
    elif parameter.is_numeric:
        whole = int if kind_of(parameter) == "int" else float
        low, high = (whole(end) if np.isfinite(end) else None for end in bounds(parameter))
        step = getattr(parameter, "step", None) or getattr(parameter, "q", None)
    when = " and ".join(f"{name} = {' or '.join(map(short, found))}" for name, found in parameter.conditions.items())
    return {
        "kind": kind_of(parameter),
        "low": low,
        "high": high,
        "log": parameter.log,
        "step": step,
        "choices": choices,
        "when": when or None,
        "text": parameter.with_when(None).describe(),
    }
