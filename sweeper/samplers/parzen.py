"""Parzen estimators: the density of points on several axes at once, as a mixture with one kernel per point.

The estimator is the one of Optuna 5 (its ``_ParzenEstimator``), kernel for kernel, written for whole columns: a product
of truncated normal distributions on real axes, of their masses in the cells of whole ones, and of categorical
distributions; the width of a kernel is the distance to its further neighbour on each axis, but at least
``1 / min(100, points + 2)`` of the range (Bergstra et al., 2011); one more kernel stands for the prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sweeper.samplers.axes import Axis

Floats = NDArray[np.float64]
TINY = 1e-300  #: a mass below it is as good as none


@dataclass(frozen=True)
class Choice:
    """A categorical axis: a kernel gives its own choice more weight, the more points there are."""

    choices: int
    chosen: NDArray[np.int64]

    def weights(self) -> Floats:
        """Return each kernel's probability of each choice: shape (n, choices)."""
        count = len(self.chosen) + 1
        table = np.full((count, self.choices), 1.0 / count)
        table[np.arange(count - 1), self.chosen] += 1
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    def log_pdf(self, x: Floats) -> Floats:
        count = len(self.chosen) + 1
        if count == 1:
            return np.full((len(x), 1), -np.log(self.choices))
        miss = 1.0 / (count + self.choices)
        out = np.where(x[:, None] == self.chosen, np.log(miss * (count + 1)), np.log(miss))
        return np.hstack([out, np.full((len(x), 1), -np.log(self.choices))])


@dataclass(frozen=True)
class Normal:
    """A numeric axis from ``low`` to ``high``: truncated normal kernels."""

    low: float
    high: float
    mean: Floats
    width: Floats

    @staticmethod
    def at(points: Floats, low: float, high: float) -> Normal:
        """Return a kernel at each of ``points``, and the prior over the whole range."""
        span = high - low
        width = np.clip(_distances(points, low, high), span / min(100.0, len(points) + 2.0), span)
        return Normal(low, high, np.append(points, (low + high) / 2), np.append(width, span))

    def sample(self, kernels: NDArray[np.int64], u: Floats) -> Floats:
        """Return what the inverse of the CDF of each kernel gives for ``u`` in [0, 1)."""
        mean, width = self.mean[kernels], self.width[kernels]
        start, end = ndtr((self.low - mean) / width), ndtr((self.high - mean) / width)
        return np.clip(mean + width * ndtri(start + u * (end - start)), self.low, self.high)

    def mass(self) -> Floats:
        """Return how much of each kernel, were it not truncated, lies within the range."""
        return np.asarray(ndtr((self.high - self.mean) / self.width) - ndtr((self.low - self.mean) / self.width))


def _distances(points: Floats, low: float, high: float) -> Floats:
    """Return the distance of each point to its further neighbour; the ends count as neighbours of a lone point only."""
    order = np.argsort(points)
    fenced = np.concatenate([[low], points[order], [high]])
    gaps = np.diff(fenced)
    further = np.maximum(gaps[:-1], gaps[1:])
    if len(points) >= 2:
        further[0], further[-1] = gaps[1], gaps[-2]
    distances = np.empty(len(points))
    distances[order] = further
    return distances


@dataclass(frozen=True)
class Cells:
    """A whole axis: what a truncated normal kernel has in the cell around each number."""

    axis: Axis
    normal: Normal

    @staticmethod
    def at(points: Floats, axis: Axis) -> Cells:
        low, high = axis.low - 0.5, axis.high + 0.5
        if axis.log:
            return Cells(axis, Normal.at(np.log(points), float(np.log(low)), float(np.log(high))))
        return Cells(axis, Normal.at(points, low, high))

    def cells(self, x: Floats) -> Floats:
        return np.asarray(np.clip(np.round(np.exp(x) if self.axis.log else x), self.axis.low, self.axis.high))

    def log_pdf(self, x: Floats) -> Floats:
        # few different cells and kernels: each pair is worked out once
        cells, cell = np.unique(x, return_inverse=True)
        kernels, first, kernel = np.unique(
            self.normal.mean + 1j * self.normal.width, return_index=True, return_inverse=True
        )
        left, right = (np.log(cells + side) if self.axis.log else cells + side for side in (-0.5, 0.5))
        start = (left[:, None] - kernels.real) / kernels.imag
        end = (right[:, None] - kernels.real) / kernels.imag
        upper = start > 0  # there the complement is exact
        mass = np.where(upper, ndtr(-start) - ndtr(-end), ndtr(end) - ndtr(start))
        return np.asarray(np.log(np.maximum(mass / self.normal.mass()[first], TINY))[np.ix_(cell, kernel)])


class Mixture:
    """The density of ``points`` (one row each) on ``axes``; ``weights`` has one number per point, the prior has 1."""

    def __init__(self, axes: Sequence[Axis], points: Floats, weights: Floats) -> None:
        total = np.append(weights, 1.0)
        self._weights = total / total.sum()
        self._columns: list[Choice | Cells | Normal] = []
        for axis, column in zip(axes, points.T, strict=True):
            if axis.kind == "choice":
                self._columns.append(Choice(axis.high + 1, column.astype(np.int64)))
            elif axis.kind == "whole":
                self._columns.append(Cells.at(column, axis))
            else:
                self._columns.append(Normal.at(column, 0.0, 1.0))

    def sample(self, rng: np.random.RandomState, size: int) -> Floats:
        """Return ``size`` points. The stream of ``rng`` is used as Optuna uses it."""
        kernels = rng.choice(len(self._weights), p=self._weights, size=size)
        out = np.empty((size, len(self._columns)))
        for place, column in enumerate(self._columns):
            if isinstance(column, Choice):
                reached = np.cumsum(column.weights()[kernels], axis=1)
                reached[:, -1] = 1.0
                out[:, place] = np.sum(reached < rng.rand(size)[:, None], axis=1)
        numeric = [place for place, column in enumerate(self._columns) if not isinstance(column, Choice)]
        for place, u in zip(numeric, rng.uniform(size=(len(numeric), size)), strict=True):
            column = self._columns[place]
            if isinstance(column, Cells):
                out[:, place] = column.cells(column.normal.sample(kernels, u))
            elif isinstance(column, Normal):
                out[:, place] = column.sample(kernels, u)
        return out

    def log_pdf(self, x: Floats) -> Floats:
        """Return the logarithm of the density at each row of ``x``."""
        logs = np.broadcast_to(np.log(self._weights), (len(x), len(self._weights))).copy()
        for place, column in enumerate(self._columns):
            if not isinstance(column, Normal):
                logs += column.log_pdf(x[:, place])
        real = [place for place, column in enumerate(self._columns) if isinstance(column, Normal)]
        if real:
            logs += self._log_normals(x[:, real], [self._columns[place] for place in real])
        top = logs.max(axis=1)
        return np.asarray(np.log(np.exp(logs - top[:, None]).sum(axis=1)) + top)

    @staticmethod
    def _log_normals(x: Floats, columns: Sequence[Choice | Cells | Normal]) -> Floats:
        """Return the logarithm of the product of normal kernels: shape (x, n), by three matrix products."""
        normals = [column for column in columns if isinstance(column, Normal)]
        mean, width = np.array([one.mean for one in normals]), np.array([one.width for one in normals])
        scale = 1.0 / (width * width)
        squares = (x * x) @ scale - 2.0 * x @ (mean * scale) + (mean * mean * scale).sum(axis=0)
        mass = np.prod([one.mass() * one.width for one in normals], axis=0) * (2 * np.pi) ** (len(normals) / 2)
        return np.asarray(-0.5 * squares - np.log(mass))
