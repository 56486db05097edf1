"""Regression trees as boxes, and the functional analysis of variance over them.

A tree over the unit cube is a function that is constant on boxes, so its variance decomposes exactly: the marginal
of one input is a step function whose height at ``x`` is the mean of the tree over all other inputs (Hutter, Hoos and
Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014). Here every box adds one
step up and one step down to that function, so a marginal costs one sort.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Boxes(NamedTuple):
    """The leaves of one tree: ``low`` and ``high`` are leaves x inputs, ``value`` and ``volume`` one number each."""

    low: Floats
    high: Floats
    value: Floats
    volume: Floats


class Tree(NamedTuple):
    """One grown tree and, for each row of the inputs it was asked about, the place of its leaf."""

    boxes: Boxes
    leaf: NDArray[np.intp]


class Components(NamedTuple):
    """Variance of a function over the unit cube: of each input's marginal (``parts``), and in all (``total``)."""

    parts: Floats
    total: float


def grow(inputs: Floats, target: Floats, rows: NDArray[np.intp], seed: int, *, place: bool = False) -> Tree:
    """Grow one tree to the end on ``rows`` of ``inputs`` (n x d, in the unit cube).

    With ``place`` all n inputs are sent down the tree; without it ``leaf`` is empty.
    """
    import sklearn
    from sklearn.tree import DecisionTreeRegressor

    inputs = np.ascontiguousarray(inputs, dtype=np.float32)
    with sklearn.config_context(skip_parameter_validation=True):
        fitted = DecisionTreeRegressor(random_state=seed).fit(inputs[rows], target[rows], check_input=False)
    tree = fitted.tree_
    low, high = _bounds(tree.children_left, tree.children_right, tree.feature, tree.threshold, inputs.shape[1])
    ends = np.flatnonzero(tree.children_left < 0)
    boxes = Boxes(low[ends], high[ends], tree.value[ends, 0, 0], np.prod(high[ends] - low[ends], axis=1))
    leaf = np.searchsorted(ends, fitted.apply(inputs, check_input=False)) if place else np.empty(0, dtype=np.intp)
    return Tree(boxes, leaf)


def components(boxes: Boxes, transform: Callable[[Floats], Floats] | None = None) -> Components:
    """Decompose the variance of a tree, or of ``transform`` of what it predicts."""
    value = boxes.value if transform is None else transform(boxes.value)
    mean = float(boxes.volume @ value)
    total = float(boxes.volume @ (value - mean) ** 2)
    count = boxes.low.shape[1]
    if total <= 1e-15:
        return Components(np.zeros(count), 0.0)
    return Components(np.array([_marginal_variance(boxes, value - mean, i) for i in range(count)]), total)


def _marginal_variance(boxes: Boxes, centred: Floats, i: int) -> float:
    low, high = boxes.low[:, i], boxes.high[:, i]
    edges = np.unique(np.concatenate((low, high)))
    if len(edges) == 2:
        return 0.0
    weight = centred * boxes.volume / (high - low)
    up = np.bincount(np.searchsorted(edges, low), weight, len(edges))
    down = np.bincount(np.searchsorted(edges, high), weight, len(edges))
    marginal = np.cumsum(up - down)[:-1]
    return float(np.diff(edges) @ marginal**2)


def _bounds(
    left: NDArray[np.intp], right: NDArray[np.intp], feature: NDArray[np.intp], threshold: Floats, inputs: int
) -> tuple[Floats, Floats]:
    """The box of every node, level by level from the root."""
    low, high = np.zeros((len(left), inputs)), np.ones((len(left), inputs))
    level = np.array([0])
    while len(level):
        parents = level[left[level] >= 0]
        less, more = left[parents], right[parents]
        for children in (less, more):
            low[children], high[children] = low[parents], high[parents]
        high[less, feature[parents]] = threshold[parents]
        low[more, feature[parents]] = threshold[parents]
        level = np.concatenate((less, more))
    return low, high
