"""The better half of trials with several goals."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweeper.samplers.pareto import best_subset, crowding, fronts

tables = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25)


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True)) and one != other


@given(tables)
def test_fronts_are_what_is_left_undominated_again_and_again(rows: list[tuple[int, int]]) -> None:
    left = set(range(len(rows)))
    for front in fronts(np.array(rows, dtype=float)):
        free = {i for i in left if not any(dominates(rows[j], rows[i]) for j in left)}
        assert set(front.tolist()) == free
        left -= free
    assert not left


@given(tables, st.integers(1, 30))
def test_no_row_left_out_dominates_a_chosen_one(rows: list[tuple[int, int]], size: int) -> None:
    chosen = best_subset(rows, size)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(size, len(rows))
    out = set(range(len(rows))) - set(chosen)
    assert not any(dominates(rows[i], rows[j]) for i in out for j in chosen)


def test_of_one_front_those_with_the_most_room_are_chosen() -> None:
    rows = [(0, 10), (4, 5), (4.1, 4.9), (4.5, 4.8), (10, 0)]
    assert best_subset(rows, 3) == [0, 3, 4]


def test_with_one_goal_the_lowest_are_chosen() -> None:
    assert best_subset([(3,), (1,), (2,), (5,)], 2) == [1, 2]


def test_equal_columns_count_for_nothing() -> None:
    assert crowding(np.array([[1.0, 0.0], [1.0, 0.5], [1.0, 2.0]])).tolist() == [np.inf, 1.0, np.inf]
