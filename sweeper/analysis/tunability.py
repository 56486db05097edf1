"""What it would bring to tune one parameter alone, starting from a given assignment of all of them.

After Probst, Boulesteix and Bischl, "Tunability: importance of hyperparameters of machine learning algorithms"
(JMLR 2019), whose starting point is the default; here it is the best of an earlier sweep. The surrogate is a forest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.forest import Floats, Forest, grow, locate

TREES = 64
LARGEST = 400  #: trials that a tree sees
STEPS = 32  #: places of a number that are tried


class Move(NamedTuple):
    """What trees predict at the start, and where one input is at the place that is best for it."""

    before: Floats
    after: Floats
    at: float


def moves(inputs: Floats, target: Floats, levels: Sequence[int], start: Floats, rng: np.random.Generator) -> list[Move]:
    """Return one move for each input of ``inputs`` (n x d in the unit cube); ``start`` has one place for each.

    ``target`` is minimised. The best place is chosen by one half of the trees and judged by the other, so that a
    lucky prediction is not taken for a gain.
    """
    rows = rng.integers(0, len(target), (TREES, min(len(target), LARGEST)))
    forest = grow(inputs, target, rows, rng)
    before = _predict(forest, start[None])[TREES // 2 :, 0]
    found = []
    for i, count in enumerate(levels):
        steps = count or STEPS
        places = np.append((np.arange(steps) + 0.5) / steps, start[i])
        tried = np.repeat(start[None], len(places), axis=0)
        tried[:, i] = places
        predicted = _predict(forest, tried)
        best = int(np.argmin(predicted[: TREES // 2].mean(axis=0)[::-1]))  # of equals the start itself
        best = len(places) - 1 - best
        found.append(Move(before, predicted[TREES // 2 :, best], float(places[best])))
    return found


def _predict(forest: Forest, inputs: Floats) -> Floats:
    return np.array([forest.value[locate(forest, inputs, tree)] for tree in range(TREES)])
