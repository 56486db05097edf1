"""Which parameters are active, to any depth."""

import random

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Categorical, Float, Int, SearchSpace

DEEP = SearchSpace(
    {
        "d": Float(0, 1, when={"c": 2}),
        "c": Int(1, 3, when={"b": [True]}),
        "b": Categorical([True, False], when={"a": ["x", "y"]}),
        "a": Categorical(["x", "y", "z"]),
    }
)


def test_a_parameter_comes_after_those_it_depends_on():
    assert list(DEEP.parameters) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("params", "active"),
    [
        ({"a": "z"}, {"a"}),
        ({"a": "y", "b": False}, {"a", "b"}),
        ({"a": "y", "b": True, "c": 1}, {"a", "b", "c"}),
        ({"a": "x", "b": True, "c": 2, "d": 0.5}, {"a", "b", "c", "d"}),
    ],
)
def test_what_hangs_on_an_inactive_parameter_is_inactive(params, active):
    assert {name for name in DEEP.parameters if DEEP.active(name, params)} == active
    assert DEEP.contains(params)


def test_samples_meet_every_branch():
    rng = random.Random(0)
    assert {len(DEEP.sample(rng)) for _ in range(300)} == {1, 2, 3, 4}


def test_an_inactive_parameter_that_is_given_is_a_problem():
    assert DEEP.problems({"a": "z", "c": 1}) == ["c: given, but inactive; it is 1 .. 3, integers, when b = True"]


def test_one_is_not_true():
    space = SearchSpace({"a": Categorical([1, True]), "b": Float(0, 1, when={"a": True})})
    assert not space.active("b", {"a": 1})
    assert space.active("b", {"a": True})


def test_circles_are_refused_with_their_way():
    with pytest.raises(SpaceError, match="circle: a -> c -> b -> a"):
        SearchSpace({"a": Int(1, 2, when={"c": 1}), "b": Int(1, 2, when={"a": 1}), "c": Int(1, 2, when={"b": 1})})


def test_a_long_chain_is_no_trouble():
    parameters = {f"p{n}": Int(0, 1, when={f"p{n - 1}": 1} if n else None) for n in range(2000)}
    space = SearchSpace(dict(reversed(parameters.items())))
    assert list(space.parameters) == list(parameters)
