"""What the rules read off curves."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sweeper.pruners.rivals import Rivals
from sweeper.records import Curve


def value_at(curve: Curve, count: int) -> float:
    """Return the value of report number ``count`` (from 1); NaN when there are fewer."""
    return curve[count - 1][1] if len(curve) >= count else math.nan


def values_at(rivals: Mapping[int, Curve], count: int) -> list[float]:
    """Return the rivals' values at report number ``count``, in order, without NaN."""
    if isinstance(rivals, Rivals):
        return rivals.ordered(count)
    found = (curve[count - 1][1] for curve in rivals.values() if len(curve) >= count)
    return sorted(value for value in found if value == value)


def run_length(rivals: Mapping[int, Curve]) -> int | None:
    """Return how many reports a whole run has, as far as trials that ran to their end show it."""
    return rivals.run_length if isinstance(rivals, Rivals) else None


def best_mean(rivals: Mapping[int, Curve], least: int) -> Curve | None:
    """Return the curve with the smallest mean, NaN left out, among those of at least ``least`` reports, if any."""
    if isinstance(rivals, Rivals):
        return rivals.best_mean(least)
    rated = [(_mean(curve), number) for number, curve in rivals.items() if len(curve) >= least and _any(curve)]
    return rivals[min(rated)[1]] if rated else None


def best_of(curve: Curve, count: int | None = None) -> float:
    """Return the smallest of the first ``count`` values (None: of all), NaN left out; NaN when there is none."""
    values = [value for _, value in curve[:count] if value == value]
    return min(values, default=math.nan)


def quantile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of ``values`` lie, interpolated (Hyndman and Fan, 1996, type 7)."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def _mean(curve: Curve) -> float:
    values = [value for _, value in curve if value == value]
    mean = sum(values) / len(values)
    return mean if mean == mean else math.inf  # of infinities of both signs


def _any(curve: Curve) -> bool:
    return any(value == value for _, value in curve)
