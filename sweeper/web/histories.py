"""Metric histories of a run, thinned so that nothing a person could see is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sweeper.interfaces import Store
from sweeper.records import Point, Run
from sweeper.web.curves import extremes

MOST = 1000  #: points of one curve unless another number is asked for
LEAST = 4


def histories(store: Store, run: Run, names: Sequence[str] = (), most: int = MOST) -> dict[str, dict[str, Any]]:
    """Return steps, values and times of each metric, in the order of steps; without ``names`` of all.

    A longer history than ``most`` keeps the ends, and the least and the largest value of each stretch.
    """
    wanted = list(dict.fromkeys(names))
    found: dict[str, list[Point]] = {name: [] for name in wanted}
    for point in store.points([run.id], wanted or None)[run.id]:
        found.setdefault(point.key, []).append(point)
    return {name: _columns(points, max(most, LEAST)) for name, points in found.items()}


def _columns(points: list[Point], most: int) -> dict[str, Any]:
    points.sort(key=lambda point: (point.step, point.time))
    kept = points
    if len(points) > most:
        kept = [points[place] for place in extremes(np.array([point.value for point in points]), most)]
    return {
        "steps": [point.step for point in kept],
        "values": [point.value for point in kept],
        "times": [point.time for point in kept],
        "n": len(points),
    }
