"""The search space of a sweep as plain data."""

from __future__ import annotations

from typing import Any

import numpy as np

from sweeper.analysis.ranges.evidence import bounds
from sweeper.space import Categorical, Constant, Int, Parameter
from sweeper.space.values import short
from sweeper.web.places import declared_of, kind_of

__all__ = ["declared_of", "parameter_shape"]


def parameter_shape(parameter: Parameter) -> dict[str, Any]:
    """Return kind, ends, scale, choices and words of a parameter; ends without a bound are None."""
    low = high = step = choices = None
    if isinstance(parameter, Constant):
        choices = [parameter.value]
    elif isinstance(parameter, Categorical):
        choices = list(parameter.values)
    elif parameter.is_numeric:
        whole = int if isinstance(parameter, Int) else float
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
        "text": parameter.describe(),
    }
