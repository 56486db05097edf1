"""The grid."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sweeper.errors import SpaceError
from sweeper.records import Goal, Params
from sweeper.samplers.grid import GridSampler
from sweeper.space import Categorical, Float, Int, SearchSpace
from sweeper.testing.samplers import LOSS, SamplerConformance, complete, failed


class TestGridSampler(SamplerConformance):
    finite_only = True
    learns = False

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> GridSampler:
        return GridSampler(space, goals, seed)


SPACE = SearchSpace({"a": Int(1, 3), "b": Categorical(["x", "y"])})
POINTS = list(SPACE.grid())
DONE = complete(1.0)


def walk(sampler: GridSampler, start: int, count: int) -> list[Params | None]:
    found = []
    for number in range(start, start + count):
        found.append(sampler.ask(number))
    return found


def test_numbers_are_places_in_the_grid() -> None:
    assert walk(GridSampler(SPACE, LOSS, 1), 0, 8) == [*POINTS, None, None]


def test_a_resumed_walk_does_not_repeat_what_is_still_running() -> None:
    sampler = GridSampler(SPACE, LOSS, 1)
    for number in (0, 3):
        sampler.tell(number, POINTS[number], DONE)
    assert walk(sampler, 4, 3) == [POINTS[4], POINTS[5], None]


def test_points_tried_elsewhere_are_left_out_and_nothing_is_lost() -> None:
    sampler = GridSampler(SPACE, LOSS, 1)
    sampler.tell(-1, POINTS[2], DONE)
    assert walk(sampler, 0, 6) == [POINTS[0], POINTS[1], POINTS[3], POINTS[4], POINTS[5], None]


def test_a_point_whose_number_was_spent_otherwise_is_made_up_for() -> None:
    sampler = GridSampler(SPACE, LOSS, 1)
    sampler.tell(0, POINTS[4], DONE)
    sampler.tell(1, {"a": 99, "b": "x"}, DONE)
    asked = walk(sampler, 2, 6)
    assert asked[:-1] == [POINTS[2], POINTS[3], POINTS[5], POINTS[0], POINTS[1]]
    assert asked[-1] is None


def test_a_failed_point_is_not_tried_again() -> None:
    sampler = GridSampler(SPACE, LOSS, 1)
    sampler.tell(0, POINTS[0], failed())
    assert walk(sampler, 1, 6) == [*POINTS[1:], None]


def test_a_huge_grid_is_built_as_far_as_it_is_asked_for() -> None:
    sampler = GridSampler(SearchSpace({f"n{i}": Int(1, 100) for i in range(8)}), LOSS, 1)
    assert walk(sampler, 0, 2) == [{f"n{i}": 1 for i in range(8)}, {**{f"n{i}": 1 for i in range(7)}, "n7": 2}]


def test_a_space_without_a_grid_is_refused_by_name() -> None:
    with pytest.raises(SpaceError, match=r"x: .* has no grid"):
        GridSampler(SearchSpace({"x": Float(0, 1)}), LOSS, 1)
