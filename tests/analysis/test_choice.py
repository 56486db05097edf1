"""Which trial to take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.choice import choose, compromise, nearest, robust, top
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal, TrialRecord
from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.analysis.conftest import trial

GOALS = (Goal("accuracy", "maximize"), Goal("size"))
FRONT = [trial(0, {"a": 0}, (0.9, 100.0)), trial(1, {"a": 1}, (0.85, 20.0)), trial(2, {"a": 2}, (0.5, 10.0))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


def number(front: list[TrialRecord], weights: dict[str, float] | None = None) -> int:
    chosen = compromise(GOALS, front, weights)
    assert chosen is not None
    return chosen.trial.number


def test_the_knee_of_a_front() -> None:
    assert number(FRONT) == 1


def test_weights_move_it_to_the_ends() -> None:
    assert number(FRONT, {"accuracy": 1.0, "size": 0.0}) == 0
    assert number(FRONT, {"accuracy": 0.0, "size": 1.0}) == 2


def test_a_weight_is_of_a_goal_and_not_negative() -> None:
    with pytest.raises(NotFound, match="no goal 'sise'"):
        compromise(GOALS, FRONT, {"sise": 1})
    with pytest.raises(UsageError, match="a number from 0 on"):
        compromise(GOALS, FRONT, {"size": -1})
    with pytest.raises(UsageError, match="every weight is 0"):
        compromise(GOALS, FRONT, {"accuracy": 0, "size": 0})
    assert compromise(GOALS, []) is None


@given(st.lists(st.tuples(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308)), min_size=1, max_size=8))
def test_what_is_the_best_in_every_goal_is_nearest(rows: list[tuple[float, float]]) -> None:
    ideal = (min(row[0] for row in rows), min(row[1] for row in rows))

    place = nearest([*rows, ideal], [1.0, 1.0])

    assert [*rows, ideal][place] == ideal or place < len(rows)
    assert nearest([ideal, *rows], [1.0, 1.0]) == 0


def test_nothing_to_choose_from(store: Store) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0)

    assert choose(store, sweep) is None
    assert robust(store, sweep) is None


def test_with_few_trials_and_no_repeats_the_best_is_taken(store: Store) -> None:
    sweep = add_sweep(store)
    for i, value in enumerate((0.5, 0.9, 0.7)):
        add_trial(store, sweep, i, {"depth": i + 1}, value)

    chosen = robust(store, sweep)

    assert chosen is not None
    assert (chosen.trial.number, chosen.noise) == (1, None)
    assert chosen.reason == "the best: too few trials to know the noise"


def test_what_the_budget_counts_is_preferred(store: Store) -> None:
    config = {"name": "digits", "budget": {"cost": {"limit": 9, "metric": "dollars"}}}
    sweep = add_sweep(store, config=config)
    for i, (depth, value) in enumerate([(1, 0.5), (2, 0.9), (2, 0.7), (2, 0.8)]):
        add_trial(store, sweep, i, {"depth": depth}, value)

    with pytest.raises(NotFound, match="no metric or parameter 'dollars'"):
        robust(store, sweep)
    chosen = robust(store, sweep, "depth")
    assert chosen is not None
    assert chosen.source == "repeats"


def test_one_goal_or_several(store: Store) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0, {"depth": 1}, 0.5)
    several = replace(sweep, goals=GOALS)

    with pytest.raises(UsageError, match="weights are for several goals"):
        choose(store, sweep, weights={"accuracy": 1.0})
    with pytest.raises(UsageError, match="for one goal"):
        choose(store, several, robustly=True)


def test_the_top_has_different_parameters(store: Store) -> None:
    sweep = add_sweep(store)
    for i, (depth, value) in enumerate([(1, 0.5), (2, 0.9), (2, 0.95), (3, 0.7)]):
        add_trial(store, sweep, i, {"depth": depth}, value)

    assert [one.number for one in top(sweep, store.trials(sweep.id), 3)] == [2, 3, 0]
