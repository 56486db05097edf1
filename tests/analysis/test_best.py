"""The best trial, the way to it, and the Pareto front."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis import TrialTable
from sweeper.analysis.best import best_row, front, history, pareto_front, top_rows
from sweeper.records import Direction, Goal, RunState
from tests.analysis.conftest import made, trial

SPACE = {"a": {"min": 0, "max": 100}}
VALUES = [3.0, 1.0, None, 1.0, float("nan"), 0.5, 9.0]


def table(direction: Direction = "minimize") -> TrialTable:
    trials = [trial(i, {"a": i}, value) for i, value in enumerate(VALUES)]
    trials.append(trial(7, {"a": 7}, 0.1, state=RunState.PRUNED))
    return made(SPACE, trials, goals=[Goal("y", direction)])


def test_the_best_is_complete_and_has_a_value() -> None:
    assert best_row(table()) == 5
    assert best_row(table("maximize")) == 6
    assert best_row(made(SPACE, [trial(0, {"a": 1}, None)])) is None


def test_of_equals_the_first_is_best() -> None:
    assert list(top_rows(table(), 3)) == [5, 1, 3]


def test_the_best_so_far_only_gets_better() -> None:
    found = history(table())

    assert list(found.best_number) == [0, 1, 5]
    assert list(found.best_value) == [3.0, 1.0, 0.5]
    assert list(found.number) == [0, 1, 3, 5, 6, 7]
    assert list(found.pruned) == [False] * 5 + [True]
    assert list(found.failed) == [2]
    assert found.last == 7


def test_an_infinite_value_is_no_step_of_the_history() -> None:
    found = history(made(SPACE, [trial(0, {"a": 0}, float("inf")), trial(1, {"a": 1}, 2.0)]))

    assert list(found.best_value) == [2.0]


def test_a_history_without_trials_is_empty() -> None:
    assert len(history(made(SPACE, [])).best_value) == 0


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_the_front_is_what_no_other_dominates(rows: list[tuple[int, int, int]]) -> None:
    losses = np.array(rows, dtype=float).reshape(-1, 3)

    found = {rows[i] for i in pareto_front(losses)}

    expected = {
        row for row in rows if not any(o != row and all(x <= y for x, y in zip(o, row, strict=True)) for o in rows)
    }
    assert found == expected
    assert len(pareto_front(losses)) == len(expected)


def test_the_front_of_a_sweep_follows_its_directions_and_is_sorted_by_the_first_goal() -> None:
    goals = [Goal("score", "maximize"), Goal("cost")]
    values = [(0.9, 5.0), (0.8, 1.0), (0.7, 2.0), (0.95, 9.0)]
    found = front(made(SPACE, [trial(i, {"a": i}, pair) for i, pair in enumerate(values)], goals=goals))

    assert list(found.number[found.front]) == [3, 0, 1]
