"""Three ways to say how much each parameter matters, all over bootstrap resamples of the same trials.

Each takes a :class:`Question` and returns, per region, one row per resample: the part of every input, and the total
they are parts of. ``whole`` is the whole range; ``good`` is reaching the best trials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.forest import Floats, Ints, components, grow, locate, volumes

RESAMPLES = 100
LARGEST = 400  #: trials in one resample: more cost time and change little
WEIGHING = 32  #: trees over which the volume of a trial is meaned
GRID = 64  #: places at which a density is compared


class Question(NamedTuple):
    """``inputs`` n x d in the unit cube; ``target`` n ranks in (0, 1), small is better; ``good``: the best trials."""

    inputs: Floats
    target: Floats
    good: NDArray[np.bool_]
    threshold: float  #: targets of good trials are at most this
    levels: tuple[int, ...]  #: number of choices of each input; 0 for a number


class Answer(NamedTuple):
    """``parts`` is resamples x d and ``totals`` has one number per resample."""

    parts: Floats
    totals: Floats


Answers = dict[str, Answer]
Estimator = Callable[[Question, np.random.Generator], Answers]


def resamples(n: int, rng: np.random.Generator) -> Ints:
    """Draw the rows of each resample, with replacement: resamples x trials."""
    return rng.integers(0, n, (RESAMPLES, min(n, LARGEST)))


def fanova(question: Question, rng: np.random.Generator) -> Answers:
    """Functional ANOVA, one tree per resample: the share of variance that an input explains on its own.

    For the good region the same trees are asked whether what they predict is among the best (Hutter et al. 2014).
    """
    forest = grow(question.inputs, question.target, resamples(len(question.target), rng), rng)
    return {
        "whole": Answer(*components(forest)),
        "good": Answer(*components(forest, lambda value: (value <= question.threshold).astype(float))),
    }


def mean_decrease_impurity(question: Question, rng: np.random.Generator) -> Answers:
    """Mean decrease impurity (Breiman, "Random forests", 2001): the variance that splits on an input remove."""
    rows = resamples(len(question.target), rng)
    targets = {"whole": question.target, "good": question.good.astype(float)}
    parts = {region: grow(question.inputs, target, rows, rng).decrease for region, target in targets.items()}
    return {region: Answer(decrease, decrease.sum(axis=1)) for region, decrease in parts.items()}


def ped_anova(question: Question, rng: np.random.Generator) -> Answers:
    """PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023): how far the good trials' density is from even.

    That is the Pearson divergence of each input's marginal density among the good trials from the uniform one. It
    speaks of the good region only.
    """
    good = np.flatnonzero(question.good)
    counts = rng.multinomial(len(good), np.full(len(good), 1 / len(good)), size=RESAMPLES).astype(float)
    columns = []
    for column, levels in zip(question.inputs[good].T, question.levels, strict=True):
        kernel = _choice_kernel(column, levels) if levels else _number_kernel(column)
        density = (counts @ kernel + 1 / kernel.shape[1]) / (len(good) + 1)
        columns.append(kernel.shape[1] * ((density - 1 / kernel.shape[1]) ** 2).sum(axis=1))
    parts = np.stack(columns, axis=1)
    return {"good": Answer(parts, parts.sum(axis=1))}


def space_ranks(inputs: Floats, ranks: Floats, rng: np.random.Generator) -> Floats:
    """Rank trials over the space instead of over the trials: each counts as much as the volume it stands for.

    A sampler that learns tries the good corner again and again; plain ranks then describe that corner, and wander off
    from the whole range. The volume of a trial is that of its leaf, shared with the trials in it, meaned over trees.
    Returns ranks in (0, 1), equal for equal ``ranks``.
    """
    weight = np.zeros(len(ranks))
    forest = grow(inputs, ranks, resamples(len(ranks), rng)[:WEIGHING], rng)
    for tree in range(WEIGHING):
        leaf = locate(forest, inputs, tree)
        places, place, inside = np.unique(leaf, return_inverse=True, return_counts=True)
        weight += (volumes(forest, places) / inside)[place]
    weight /= weight.sum()
    _, group = np.unique(ranks, return_inverse=True)
    mass = np.bincount(group, weight)
    middle = np.cumsum(mass) - mass / 2
    ranked: Floats = middle[group]
    return ranked


def _number_kernel(column: Floats) -> Floats:
    """Gaussian bumps on the grid, reflected at the ends so that each sums to 1 (Scott's bandwidth)."""
    grid = (np.arange(GRID) + 0.5) / GRID
    width = max(float(column.std()) * len(column) ** -0.2, 1 / GRID)
    bumps = np.zeros((len(column), GRID))
    for mirror in (column, -column, 2 - column):
        bumps += np.exp(-0.5 * ((grid - mirror[:, None]) / width) ** 2)
    return np.asarray(bumps / bumps.sum(axis=1, keepdims=True))


def _choice_kernel(column: Floats, levels: int) -> Floats:
    chosen: Floats = np.eye(levels)[np.minimum((column * levels).astype(int), levels - 1)]
    return chosen


ESTIMATORS: dict[str, Estimator] = {
    "fanova": fanova,
    "ped-anova": ped_anova,
    "mdi": mean_decrease_impurity,
}
