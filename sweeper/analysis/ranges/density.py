"""How densely a sweep tried the parts of an axis, and the shortest interval that holds a weight."""

from __future__ import annotations

import numpy as np

from sweeper.analysis.columns import Floats

BINS = 64
FLOOR = 0.25  #: of an even density in what is estimated: one trial far out does not weigh as much as all others


def sampled_density(tried: Floats, at: Floats) -> Floats:
    """Return the density of ``tried`` at ``at``, relative to an even one: few places by counting, many smoothed."""
    places, counts = np.unique(tried, return_counts=True)
    if len(places) <= max(len(tried) // 3, 2):
        share = (counts + 1) / (counts.sum() + len(places)) * len(places)
        found = share[np.clip(np.searchsorted(places, at), 0, len(places) - 1)]
    else:
        found = _smoothed(tried)[np.minimum((at * BINS).astype(int), BINS - 1)]
    return np.asarray(FLOOR + (1 - FLOOR) * found)


def _smoothed(tried: Floats) -> Floats:
    """A Gaussian kernel estimate on ``BINS`` bins, reflected at the ends (Scott's bandwidth)."""
    counts = np.bincount(np.minimum((tried * BINS).astype(int), BINS - 1), minlength=BINS).astype(float)
    width = max(float(tried.std()) * len(tried) ** -0.2 * BINS, 1.0)
    reach = np.arange(-BINS, BINS + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    mirrored = np.concatenate((counts[::-1], counts, counts[::-1]))
    smooth = np.convolve(mirrored, kernel / kernel.sum(), mode="same")[BINS : 2 * BINS]
    return np.asarray(smooth / smooth.sum() * BINS)


def shortest(at: Floats, weight: Floats, mass: float) -> tuple[float, float]:
    """Return the shortest interval between two of ``at`` that holds at least ``mass`` of the weight."""
    order = np.argsort(at, kind="stable")
    at, weight = at[order], weight[order]
    above = np.cumsum(weight)
    before = above - weight
    end = np.searchsorted(above, before + mass * above[-1] - 1e-12)
    starts = np.flatnonzero(end < len(at))
    lengths = at[end[starts]] - at[starts]
    first = starts[np.argmin(lengths)]
    return float(at[first]), float(at[end[first]])


def median(at: Floats, weight: Floats) -> float:
    """Return the weighted median."""
    order = np.argsort(at, kind="stable")
    above = np.cumsum(weight[order])
    return float(at[order][np.searchsorted(above, above[-1] / 2)])
