"""Slices hold the trials of one parameter, thinned where they are many."""

from __future__ import annotations

import numpy as np

from sweeper.analysis import TrialTable
from sweeper.analysis.slices import MOST_POINTS, slices
from tests.analysis.conftest import made, trial

SPACE = {"a": {"min": 0.0, "max": 10.0}, "b": {"min": 0, "max": 9, "when": {"c": "on"}}, "c": {"values": ["on", "off"]}}


def test_each_slice_has_the_trials_with_that_parameter() -> None:
    trials = [trial(i, {"a": float(i), "c": "off"}, 5.0 - i) for i in range(4)]
    trials += [trial(4, {"a": 4.0, "b": 9, "c": "on"}, 7.0), trial(5, {"a": 1.0, "c": "off"}, None)]

    a, b = slices(made(SPACE, trials), ["a", "b"])

    assert list(a.at) == [0, 0.1, 0.2, 0.3, 0.4]
    assert list(a.age) == [0, 0.2, 0.4, 0.6, 0.8]
    assert a.best == 3
    assert (b.total, list(b.at), b.best) == (1, [1.0], None)
    assert a.values == b.values


def test_many_trials_are_thinned_but_never_the_best() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=4000)
    trials = [trial(i, {"a": float(10 * rng.random()), "c": "off"}, float(v)) for i, v in enumerate(values)]

    (found,) = slices(made(SPACE, trials), ["a"])

    assert len(found.at) == MOST_POINTS
    assert found.total == 4000
    assert found.best is not None
    assert found.height[found.best] == 0.0


def test_values_far_off_are_counted() -> None:
    trials = [trial(i, {"a": 1.0, "c": "off"}, float(i % 10) - 5) for i in range(40)]
    trials.append(trial(40, {"a": 1.0, "c": "off"}, 1e9))

    (found,) = slices(made(SPACE, trials), ["a"])

    assert list(np.flatnonzero(found.beyond)) == [40]
    assert found.height[40] == 1.0
    assert found.values.axis.high < 10


def test_without_values_a_slice_is_empty(forest_table: TrialTable) -> None:
    (found,) = slices(made(SPACE, [trial(0, {"a": 1.0, "c": "off"}, None)]), ["a"])

    assert (len(found.at), found.total, found.best) == (0, 0, None)
    assert all(len(found.at) for found in slices(forest_table, forest_table.searched))
