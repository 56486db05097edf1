"""The search space as a whole."""

import random

import pytest

from sweeper.errors import ConfigError, SpaceError
from sweeper.space import Categorical, Float, Int, SearchSpace, parse_space

FILE = """
parameters:
  lr: {min: 1e-5, max: 0.1, distribution: log_uniform_values}
  kernel: [rbf, poly]
  degree: {min: 2, max: 5, when: {kernel: poly}}
  optimizer:
    parameters:
      momentum: {min: 0, max: 0.9, step: 0.1, when: {kernel: rbf}}
  epochs: 3
constraints: ["lr * epochs <= 0.2"]
"""


def test_a_file_is_read_sampled_and_written_back():
    space = SearchSpace.from_yaml(FILE)
    rng = random.Random(1)
    for _ in range(200):
        params = space.sample(rng)
        assert space.contains(params), space.problems(params)
        assert ("degree" in params) == (params["kernel"] == "poly")
        assert params["lr"] * 3 <= 0.2
    again = SearchSpace.from_yaml(space.to_yaml())
    assert again == space
    assert again.fingerprint() == space.fingerprint()


def test_nested_parameters_are_flat_inside_and_nested_for_the_objective():
    space = SearchSpace({"optimizer.lr": Float(0, 1), "depth": Int(1, 3)})
    assert list(space.parameters) == ["optimizer.lr", "depth"]
    assert space.nest({"optimizer.lr": 0.5, "depth": 2}) == {"optimizer": {"lr": 0.5}, "depth": 2}


def test_all_problems_arrive_at_once_with_their_place():
    space, problems, _ = parse_space({"a": {"mn": 1, "max": 2}, "b": {"min": 3, "max": 1}}, ["a ^ 2 < b"])
    assert space is None
    assert [p.path for p in problems] == ["parameters.a.mn", "parameters.b.max", "constraints.0"]


def test_a_file_error_has_its_line():
    with pytest.raises(ConfigError, match=r"space.yaml:2: parameters.a.max: is 1, below min 3"):
        SearchSpace.from_yaml("parameters:\n  a: {min: 3, max: 1}\n", file="space.yaml")


def test_narrowing_drops_what_can_no_longer_be_active():
    space = SearchSpace.from_yaml(FILE).narrow({"kernel": {"values": ["rbf"]}, "lr": {"min": 0.001}})
    assert "degree" not in space.parameters
    assert space.parameters["lr"] == Float(0.001, 0.1, log=True)
    assert space.parameters["kernel"] == Categorical(["rbf"])


def test_a_cycle_is_refused():
    with pytest.raises(SpaceError, match="circle: a -> b -> a"):
        SearchSpace({"a": Int(1, 2, when={"b": 1}), "b": Int(1, 2, when={"a": 1})})
