"""The grid: every point once, and how many there will be."""

import itertools

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Categorical, Constant, Float, Int, SearchSpace


def test_the_last_parameter_changes_fastest():
    space = SearchSpace({"a": Int(1, 2), "b": Categorical(["x", "y"]), "c": Constant(0)})
    assert [tuple(point.values()) for point in space.grid()] == [(1, "x", 0), (1, "y", 0), (2, "x", 0), (2, "y", 0)]
    assert space.grid_size() == 4


def test_conditions_make_a_tree_not_a_product():
    space = SearchSpace(
        {
            "kernel": Categorical(["linear", "rbf", "poly"]),
            "degree": Int(2, 5, when={"kernel": "poly"}),
            "gamma": Float(0, 1, step=0.5, when={"kernel": ["rbf", "poly"]}),
            "C": Int(1, 2),
        }
    )
    points = list(space.grid())
    assert len(points) == space.grid_size() == 2 * (1 + 3 + 4 * 3)
    assert points[0] == {"kernel": "linear", "C": 1}


def test_conditions_on_numbers_are_counted_without_listing_them():
    space = SearchSpace({"n": Int(1, 1_000_000), "x": Int(1, 10, when={"n": [5, 6]}), "y": Int(1, 3, when={"x": 1})})
    assert space.grid_size() == 999_998 + 2 * (9 + 3)


def test_constraints_are_kept_and_counted():
    space = SearchSpace({"a": Int(1, 10), "b": Int(1, 10), "c": Int(1, 1000)}, ["a + b <= 4"])
    assert space.grid_size() == 6 * 1000
    first = list(itertools.islice(space.grid(), 2000))
    assert {(point["a"], point["b"]) for point in first} == {(1, 1), (1, 2)}


def test_a_constraint_over_too_many_combinations_leaves_an_upper_bound():
    space = SearchSpace({"a": Int(1, 1000), "b": Int(1, 1000)}, ["a == b"])
    assert space.grid_size() == 1_000_000
    assert next(space.grid()) == {"a": 1, "b": 1}


def test_enumerating_is_lazy_and_prunes_early():
    parameters = {f"p{n}": Int(1, 10) for n in range(300)}
    space = SearchSpace(parameters, ["p0 == 10", "p1 < p0"])
    assert next(space.grid())["p0"] == 10
    assert space.grid_size() == 9 * 10**298


def test_a_parameter_without_a_grid_is_named():
    space = SearchSpace({"a": Int(1, 2), "lr": Float(0.1, 1)})
    assert not space.is_finite
    for ask in (space.grid_size, lambda: next(space.grid())):
        with pytest.raises(SpaceError, match=r"^lr: 0.1 .. 1 has no grid: give it a step"):
            ask()


def test_points_do_not_share_lists():
    one, other = SearchSpace({"a": Constant([1]), "b": Int(1, 2)}).grid()
    one["a"].append(2)
    assert other["a"] == [1]


def test_constraints_that_leave_nothing_leave_an_empty_grid():
    space = SearchSpace({"a": Int(1, 3)}, ["a > 3"])
    assert list(space.grid()) == []
    assert space.grid_size() == 0
