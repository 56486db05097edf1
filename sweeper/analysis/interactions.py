"""How much two parameters explain together beyond what each explains on its own: pairwise functional ANOVA.

The marginal of a tree over two inputs is constant on rectangles, so its variance is a sum over pairs of leaves: what
both are worth, times how far they overlap along either input (Hutter et al., ICML 2014, section 4.2).
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from sweeper.analysis.forest import Floats, Forest, components, grow, leaves, volumes

TREES = 32
LARGEST = 200  #: trials that a tree sees
SHUFFLED = 9  #: rounds without interactions
STEPS = 8  #: of the function of one input that adds up with the others'
LEAST = 0.01  #: a smaller share of the variance is no partnership
MOST_INPUTS = 12  #: pairs are looked at among so many inputs: the cost grows with their square


def interactions(forest: Forest) -> Floats:
    """Return trees x inputs x inputs: the part of a tree's variance that each pair explains only together.

    NaN for pairs that were not looked at: those of inputs that split the least, where there are very many.
    """
    trees, inputs = forest.decrease.shape
    chosen = np.sort(np.argsort(-forest.decrease.mean(axis=0), kind="stable")[:MOST_INPUTS])
    alone, totals = components(forest)
    ends = leaves(forest)
    result = np.full((trees, inputs, inputs), np.nan)
    for tree in range(trees):
        own = ends[forest.tree[ends] == tree]
        volume = volumes(forest, own)
        weight = (forest.value[own] - (volume * forest.value[own]).sum()) * volume
        low, high = forest.low[own], forest.high[own]
        overlap = {i: _overlap(low[:, i], high[:, i]) for i in chosen}
        for i, j in combinations(chosen, 2):
            at = weight / ((high[:, i] - low[:, i]) * (high[:, j] - low[:, j]))
            both = float(at @ (overlap[i] * overlap[j]) @ at)
            result[tree, i, j] = result[tree, j, i] = min(
                max(both - alone[tree, i] - alone[tree, j], 0.0), totals[tree]
            )
    return result


def _overlap(low: Floats, high: Floats) -> Floats:
    """The length that the intervals of each two leaves share."""
    shared: Floats = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    return np.maximum(shared, 0.0, out=shared)


class Pair(NamedTuple):
    """The strongest partner of an input (its place), the share of the variance that both explain only together."""

    other: int
    shares: Floats  #: one for each tree


def partners(inputs: Floats, target: Floats, rng: np.random.Generator) -> list[Pair | None]:
    """Return the strongest partner of each input, None where there is no evidence that it has one.

    Deep trees find interactions in noise, too. Evidence is a share larger than that of any pair in ``SHUFFLED``
    rounds over targets without interactions: the part of the target that adds up over the inputs, plus the rest
    of it dealt out anew (a permutation test, level 1 / (1 + ``SHUFFLED``) over all pairs together).
    """
    shares = _shares(inputs, target, TREES, rng)
    smooth = _additive(inputs, target)
    rest = target - smooth
    bars = [_largest(_shares(inputs, smooth + rng.permutation(rest), TREES // 2, rng)) for _ in range(SHUFFLED)]
    bar = max(*bars, LEAST)
    found: list[Pair | None] = []
    for row in range(inputs.shape[1]):
        means = np.nan_to_num(shares[:, row].mean(axis=0), nan=-1.0)
        other = int(np.argmax(means))
        found.append(Pair(other, shares[:, row, other]) if means[other] > bar else None)
    return found


def _shares(inputs: Floats, target: Floats, trees: int, rng: np.random.Generator) -> Floats:
    rows = rng.integers(0, len(target), (trees, min(len(target), LARGEST)))
    forest = grow(inputs, target, rows, rng)
    return np.asarray(interactions(forest) / np.maximum(components(forest).totals, 1e-15)[:, None, None])


def _largest(shares: Floats) -> float:
    return float(np.nan_to_num(shares.mean(axis=0), nan=0.0).max())


def _additive(inputs: Floats, target: Floats) -> Floats:
    """A sum of step functions, one for each input, fitted by least squares with a little shrinkage."""
    steps = [np.eye(STEPS)[np.minimum((column * STEPS).astype(int), STEPS - 1)] for column in inputs.T]
    design = np.concatenate(steps, axis=1)
    centre = target.mean()
    gram = design.T @ design + np.eye(design.shape[1])
    fitted: Floats = centre + design @ np.linalg.solve(gram, design.T @ (target - centre))
    return fitted
