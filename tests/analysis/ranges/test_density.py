"""The shortest interval, and how densely an axis was tried."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.ranges.density import median, sampled_density, shortest

PLACES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(places=PLACES, mass=st.floats(0.1, 1), seed=st.integers(0, 99))
def test_no_shorter_interval_holds_the_weight(places: list[float], mass: float, seed: int) -> None:
    at = np.array(places)
    weight = np.random.default_rng(seed).random(len(at)) + 0.01

    low, high = shortest(at, weight, mass)

    def held(start: float, end: float) -> float:
        return float(weight[(at >= start) & (at <= end)].sum())

    need = mass * weight.sum() * (1 - 1e-9)
    assert held(low, high) >= need
    others = [end - start for start in at for end in at if end >= start and held(start, end) >= need]
    assert high - low <= min(others) + 1e-12


def test_the_median_halves_the_weight() -> None:
    assert median(np.array([0.1, 0.5, 0.9]), np.array([1.0, 1.0, 5.0])) == 0.9


def test_what_was_tried_often_is_denser() -> None:
    tried = np.concatenate((np.random.default_rng(0).random(20), np.full(80, 0.7) + np.linspace(0, 0.05, 80)))

    dense, sparse = sampled_density(tried, np.array([0.72, 0.2]))

    assert dense > 3 * sparse > 0


def test_few_places_are_counted() -> None:
    tried = np.repeat([0.0, 0.5, 1.0], [80, 10, 10])

    assert sampled_density(tried, np.array([0.0]))[0] > 4 * sampled_density(tried, np.array([1.0]))[0]
