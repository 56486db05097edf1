"""The better half of a set of trials with several goals: non-dominated sorting and crowding distance.

Both from NSGA-II (Deb, Pratap, Agarwal and Meyarivan, 2002, https://doi.org/10.1109/4235.996017).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def best_subset(losses: Sequence[Sequence[float]], size: int) -> list[int]:
    """Return the indices of the ``size`` best rows of ``losses`` (to be minimised), in their order.

    Whole fronts first; of the front that does not fit, the rows with the most room around them.
    """
    import numpy as np

    table = np.asarray(losses, dtype=float)
    if len(table) <= size:
        return list(range(len(table)))
    chosen: list[int] = []
    for front in fronts(table):
        if len(chosen) + len(front) > size:
            room = crowding(table[front])
            front = front[np.argsort(-room, kind="stable")][: size - len(chosen)]
        chosen.extend(front.tolist())
        if len(chosen) == size:
            break
    return sorted(chosen)


def fronts(table: Floats) -> list[NDArray[np.intp]]:
    """Return the indices of the rows that nothing dominates, then of those that only these dominate, and so on."""
    import numpy as np

    no_worse = np.all(table[:, None, :] <= table[None, :, :], axis=2)
    dominates = no_worse & ~no_worse.T
    left = np.arange(len(table))
    found = []
    while len(left):
        free = ~np.any(dominates[np.ix_(left, left)], axis=0)
        found.append(left[free])
        left = left[~free]
    return found


def crowding(table: Floats) -> Floats:
    """Return the crowding distance of each row: the gap between its neighbours, summed over the goals.

    The ends of each goal have infinite distance; a goal in which all are equal counts for nothing.
    """
    import numpy as np

    distance = np.zeros(len(table))
    for column in table.T:
        order = np.argsort(column, kind="stable")
        values = column[order]
        width = values[-1] - values[0]
        if width <= 0:
            continue
        gap = np.full(len(values), np.inf)
        gap[1:-1] = (values[2:] - values[:-2]) / width
        distance[order] += gap
    return distance
