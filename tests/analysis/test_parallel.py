"""Parallel coordinates: lines in the order in which they are to be drawn."""

from __future__ import annotations

import numpy as np

from sweeper.analysis.parallel import MOST_LINES, parallel_coordinates
from sweeper.records import Goal
from tests.analysis.conftest import made, trial

SPACE = {"a": {"min": 0.0, "max": 1.0}, "b": {"min": 0, "max": 9, "when": {"c": "on"}}, "c": {"values": ["on", "off"]}}


def test_the_value_is_the_last_axis_and_the_best_line_is_drawn_last() -> None:
    trials = [trial(i, {"a": i / 10, "c": "off"}, float(10 - i)) for i in range(10)]
    trials.append(trial(10, {"a": 0.5, "b": 9, "c": "on"}, 0.0))

    found = parallel_coordinates(made(SPACE, trials), ["a", "b", "c"])

    assert [axis.name for axis in found.axes] == ["a", "b", "c", "loss"]
    assert list(found.at[-1]) == [0.5, 1.0, 0.25, 0.0]
    assert np.isnan(found.at[:-1, 1]).all()
    assert (np.diff(found.rank) < 0).all()
    assert list(found.top) == [False] * 9 + [True, True]


def test_of_many_trials_some_are_drawn() -> None:
    trials = [trial(i, {"a": (i * 0.37) % 1, "c": "off"}, (i * 0.71) % 1) for i in range(3000)]

    found = parallel_coordinates(made(SPACE, trials), ["a"])

    assert len(found.at) == MOST_LINES
    assert found.total == 3000
    assert found.rank[-1] == 0.0


def test_with_several_goals_the_front_stands_out() -> None:
    values = [(1.0, 9.0), (2.0, 2.0), (9.0, 1.0), (5.0, 5.0), (9.0, 9.0)]
    trials = [trial(i, {"a": i / 10, "c": "off"}, pair) for i, pair in enumerate(values)]

    found = parallel_coordinates(made(SPACE, trials, goals=[Goal("x"), Goal("y")]), ["a"])

    assert found.goals == 2
    assert sorted(found.at[found.top, 0]) == [0.0, 0.1, 0.2]


def test_without_trials_there_are_no_lines() -> None:
    assert len(parallel_coordinates(made(SPACE, []), ["a"]).at) == 0
