"""Thinned histories."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweeper.records import Point
from sweeper.store.store import SqlStore
from sweeper.web.curves import by_step, curves, extremes
from tests.web.conftest import Kinds

numbers = st.floats(allow_nan=True, allow_infinity=True, width=32)


@given(st.lists(numbers, min_size=3, max_size=400), st.integers(4, 60))
def test_thinning_keeps_both_ends_and_both_extremes(values: list[float], most: int) -> None:
    kept = extremes(np.array(values, dtype=float), most)

    assert kept == sorted(set(kept))
    assert len(kept) <= most
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    there = [value for value in values if not math.isnan(value)]
    if there:
        assert {min(there), max(there)} <= {values[place] for place in kept}


def test_of_a_step_that_was_logged_twice_the_last_value_counts() -> None:
    points = [Point("loss", 3.0, 1), Point("loss", 5.0, 0), Point("loss", 2.0, 1)]

    assert by_step(points, 10) == ([0, 1], [5.0, 2.0])


def test_a_metric_without_a_history_is_none_of_the_names(store: SqlStore, sweep: Kinds) -> None:
    assert curves(store, sweep("conditional"), [], "", 100) == {"metrics": [], "metric": "loss", "curves": []}
    assert curves(store, sweep("empty"), [], "", 100)["curves"] == []


def test_trials_that_are_named_come_alone(store: SqlStore, sweep: Kinds) -> None:
    found = curves(store, sweep("ordinary"), [3, 1, 4711], "accuracy", 100)

    assert [curve["number"] for curve in found["curves"]] == [1, 3]
    assert found["curves"][0]["steps"] == list(range(13))
