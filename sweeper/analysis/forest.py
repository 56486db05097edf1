"""Many regression trees grown at once, and the functional analysis of variance over them.

A tree over the unit cube is a function that is constant on boxes, so its variance decomposes exactly: the marginal
of one input is a step function whose height at ``x`` is the mean of the tree over all other inputs (Hutter, Hoos and
Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014). Here every box adds one
step up and one step down to that function, so the marginals of all trees cost one sort per input.

The trees are those of Breiman's CART (1984): least squares, grown until a leaf holds equal targets. They are grown
level by level, all at once, over arrays: that is as fast as a compiled tree at a time, and loads in no time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Forest(NamedTuple):
    """The nodes of all trees; the first ones are their roots.

    ``left`` is the place of the left child, the right one follows it; -1 for a leaf. ``low`` and ``high`` bound the
    box of a node (nodes x inputs). ``decrease`` is trees x inputs: the variance that the splits on an input removed.
    """

    tree: Ints
    left: Ints
    feature: Ints
    threshold: Floats
    value: Floats
    low: Floats
    high: Floats
    decrease: Floats


class Components(NamedTuple):
    """Variance of each tree over the unit cube: of each input's marginal (trees x inputs), and in all."""

    parts: Floats
    totals: Floats


def grow(inputs: Floats, target: Floats, rows: Ints, rng: np.random.Generator) -> Forest:
    """Grow one tree for each row of ``rows`` (trees x samples, places in ``inputs``); ``inputs`` is n x d in [0, 1]."""
    trees, size = rows.shape
    samples = _Samples(inputs[rows.ravel()], target[rows.ravel()], trees, size)
    levels = [_Level.roots(trees, inputs.shape[1])]
    decrease = np.zeros((trees, inputs.shape[1]))
    while len(levels[-1].tree):
        level = levels[-1]
        split = samples.best_splits(rng)
        level.value[:] = split.mean
        chosen = np.flatnonzero(split.found)
        level.left[chosen] = sum(len(done.tree) for done in levels) + 2 * np.arange(len(chosen))
        level.feature[chosen], level.threshold[chosen] = split.feature[chosen], split.threshold[chosen]
        np.add.at(decrease, (level.tree[chosen], split.feature[chosen]), split.gain[chosen] / size)
        samples.divide(split)
        levels.append(level.children(chosen))
    nodes = {name: np.concatenate([getattr(level, name) for level in levels]) for name in _Level._fields}
    return Forest(**nodes, decrease=decrease)


def leaves(forest: Forest) -> Ints:
    """Return the places of the leaves."""
    return np.flatnonzero(forest.left < 0)


def locate(forest: Forest, inputs: Floats, tree: int) -> Ints:
    """Return, for each row of ``inputs``, the place of its leaf in one tree."""
    node = np.full(len(inputs), tree, dtype=np.intp)
    going = np.arange(len(inputs))
    while len(going := going[forest.left[node[going]] >= 0]):
        here = node[going]
        right = inputs[going, forest.feature[here]] > forest.threshold[here]
        node[going] = forest.left[here] + right
    return node


def volumes(forest: Forest, places: Ints) -> Floats:
    """Return the volume of the boxes of nodes; those of a tree's leaves sum to 1."""
    return np.asarray(np.prod(forest.high[places] - forest.low[places], axis=1))


def components(forest: Forest, transform: Callable[[Floats], Floats] | None = None) -> Components:
    """Decompose the variance of each tree, or of ``transform`` of what it predicts."""
    ends = leaves(forest)
    tree, volume = forest.tree[ends], volumes(forest, ends)
    value = forest.value[ends] if transform is None else transform(forest.value[ends])
    trees = len(forest.decrease)
    mean = np.bincount(tree, volume * value, trees)
    centred = value - mean[tree]
    totals = np.asarray(np.bincount(tree, volume * centred**2, trees), dtype=float)
    parts = np.zeros_like(forest.decrease)
    for i in range(parts.shape[1]):
        low, high = forest.low[ends, i], forest.high[ends, i]
        step = centred * volume / (high - low)
        at = np.concatenate((low, high))
        owner = np.concatenate((tree, tree))
        order = np.lexsort((at, owner))
        height = np.cumsum(np.concatenate((step, -step))[order])[:-1]
        length = np.where(np.diff(owner[order]) == 0, np.diff(at[order]), 0.0)
        parts[:, i] = np.bincount(owner[order][:-1], length * height**2, trees)
    return Components(parts, totals)


class _Level(NamedTuple):
    """The nodes of one depth."""

    tree: Ints
    left: Ints
    feature: Ints
    threshold: Floats
    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def roots(cls, trees: int, inputs: int) -> _Level:
        return cls._blank(np.arange(trees), np.zeros((trees, inputs)), np.ones((trees, inputs)))

    @classmethod
    def _blank(cls, tree: Ints, low: Floats, high: Floats) -> _Level:
        count = len(tree)
        return cls(tree, np.full(count, -1), np.zeros(count, np.intp), np.zeros(count), np.zeros(count), low, high)

    def children(self, chosen: Ints) -> _Level:
        """The nodes below ``chosen``: of each the left one, then the right one."""
        low, high = self.low[chosen].repeat(2, axis=0), self.high[chosen].repeat(2, axis=0)
        lefts = np.arange(0, 2 * len(chosen), 2)
        high[lefts, self.feature[chosen]] = self.threshold[chosen]
        low[lefts + 1, self.feature[chosen]] = self.threshold[chosen]
        return self._blank(self.tree[chosen].repeat(2), low, high)


class _Splits(NamedTuple):
    """The best split of each node of a level; ``gain`` is how much it takes from the sum of squares."""

    found: NDArray[np.bool_]
    feature: Ints
    threshold: Floats
    gain: Floats
    mean: Floats


class _Samples:
    """The samples of the nodes that are still to be split.

    ``orders`` has for each input the samples sorted by node, and by that input within each node: ``size[k]`` of them
    belong to node ``k``.
    """

    def __init__(self, x: Floats, y: Floats, trees: int, size: int) -> None:
        self.x, self.y = x, y
        self.size = np.full(trees, size)
        node = np.repeat(np.arange(trees), size)
        self.orders = [np.lexsort((x[:, i], node)) for i in range(x.shape[1])]

    def best_splits(self, rng: np.random.Generator) -> _Splits:
        """Find for each node the split with the largest gain; of equals one at random."""
        count = len(self.size)
        start = np.cumsum(self.size) - self.size
        node = np.repeat(np.arange(count), self.size)
        y = self.y[self.orders[0]]
        total = np.add.reduceat(y, start)
        spread = np.add.reduceat((y - (total / self.size)[node]) ** 2, start)
        best, threshold, feature = np.full(count, -np.inf), np.zeros(count), np.zeros(count, dtype=np.intp)
        before = np.arange(len(node)) - start[node] + 1.0
        last = before == self.size[node]
        after = np.where(last, 1.0, self.size[node] - before)
        for i in rng.permutation(len(self.orders)):
            order = self.orders[i]
            x, sums = self.x[order, i], np.cumsum(self.y[order])
            left = sums - (sums[start] - self.y[order[start]])[node]
            gain = left**2 / before + (total[node] - left) ** 2 / after
            gain[last | (x == np.append(x[1:], np.inf))] = -np.inf
            top = np.maximum.reduceat(gain, start)
            better = top > best + 1e-12
            places = np.flatnonzero((gain == top[node]) & better[node])[::-1]
            at = np.zeros(count, dtype=np.intp)
            at[node[places]] = places  # written backwards, so the first of equals stays
            lower, upper = x[at[better]], x[np.minimum(at[better] + 1, len(x) - 1)]
            middle = (lower + upper) / 2
            threshold[better] = np.where(middle < upper, middle, lower)
            best[better], feature[better] = top[better], i
        found = (spread > 1e-12) & np.isfinite(best)
        return _Splits(found, feature, threshold, np.where(found, best - total**2 / self.size, 0.0), total / self.size)

    def divide(self, split: _Splits) -> None:
        """Go on with the two halves of each node that was split; the others are done."""
        kept = split.found[np.repeat(np.arange(len(self.size)), self.size)]
        self.orders = [order[kept] for order in self.orders]
        self.size = self.size[split.found]
        if not len(self.size):
            return
        feature, threshold = split.feature[split.found], split.threshold[split.found]
        node = np.repeat(np.arange(len(self.size)), self.size)
        start = (np.cumsum(self.size) - self.size)[node]
        goes_left = np.zeros(len(self.x), dtype=bool)
        goes_left[self.orders[0]] = self.x[self.orders[0], feature[node]] <= threshold[node]
        lefts = np.add.reduceat(goes_left[self.orders[0]].astype(np.intp), np.unique(start))
        place = np.arange(len(node)) - start
        for i, order in enumerate(self.orders):
            flag = goes_left[order]
            seen = np.cumsum(flag)
            earlier = seen - (seen[start] - flag[start])  # lefts in this node up to and with this one
            to = start + np.where(flag, earlier - 1, lefts[node] + place - earlier)
            self.orders[i] = np.empty_like(order)
            self.orders[i][to] = order
        self.size = np.column_stack((lefts, self.size - lefts)).ravel()
