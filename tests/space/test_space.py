"""The search space as a whole."""

import random

import numpy as np
import pytest

from sweeper.errors import ConfigError, SpaceError
from sweeper.space import Beta, Categorical, Constant, Float, Int, Normal, SearchSpace, parse_space

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


def test_numpy_draws_as_well_and_gives_plain_values():
    space = SearchSpace({"a": Float(0, 1), "b": Int(1, 9, log=True), "c": Categorical([1, 2], weights=[1, 2]),
                         "d": Normal(0, 1, step=1), "e": Beta(2, 3)})  # fmt: skip
    params = space.sample(np.random.default_rng(3))
    assert [type(value) for value in params.values()] == [float, int, int, int, float]
    assert space.sample(np.random.default_rng(3)) == params


def test_constraints_that_leave_nearly_nothing_are_said_not_tried_for_ever():
    space = SearchSpace({"a": Float(0, 1)}, ["a > 2"])
    with pytest.raises(SpaceError, match="10,000 draws in a row do not meet the constraints 'a > 2'; loosen"):
        space.sample(random.Random(0))
    assert not space.feasible({"a": 0.5})


def test_what_is_wrong_with_a_point_is_said_parameter_by_parameter():
    space = SearchSpace({"a": Int(1, 9), "kernel": Categorical(["rbf", "poly"]),
                         "degree": Int(2, 5, when={"kernel": "poly"}), "x": Float(0, 1)}, ["a * x < 1"])  # fmt: skip
    assert space.problems({"a": 9, "kernel": "rbf", "degree": 3, "x": 0.5, "kernle": 1}) == [
        "kernle: no such parameter; did you mean 'kernel'?",
        "degree: given, but inactive; it is 2 .. 5, integers, when kernel = poly",
        "not met: a * x < 1",
    ]
    assert space.problems({"a": 2.5, "kernel": "poly", "x": 0.1}) == [
        "a: 2.5 is not in 1 .. 9, integers",
        "degree: missing; it is 2 .. 5, integers, when kernel = poly",
    ]


def test_the_fingerprint_is_of_the_content_not_of_the_order():
    one = SearchSpace({"a": Int(1, 2), "b": Float(0, 1)}, ["a < 2", "b < 1"])
    other = SearchSpace({"b": Float(0, 1), "a": Int(1, 2)}, ["b < 1", "a < 2"])
    assert one == other
    assert one.fingerprint() == other.fingerprint()
    assert len({one, other}) == 1
    assert len(one.fingerprint()) == 64
    different = [
        SearchSpace({"a": Int(1, 3), "b": Float(0, 1)}, ["a < 2", "b < 1"]),
        SearchSpace({"a": Int(1, 2), "b": Float(0, 1)}, ["a < 2"]),
        SearchSpace({"a": Float(1, 2), "b": Float(0, 1)}, ["a < 2", "b < 1"]),
        SearchSpace({"a": Int(1, 2), "b": Float(0, 1, when={"a": 1})}, ["a < 2", "b < 1"]),
    ]
    assert len({one, *different}) == 5


def test_a_space_knows_what_it_is():
    space = SearchSpace({"a": Int(1, 2), "b": Int(1, 2, when={"a": 1})})
    assert (len(space), space.is_finite, space.has_conditions) == (2, True, True)
    assert SearchSpace({"a": Float(0, 1)}).is_finite is False
    assert repr(SearchSpace({"a": Constant(1)}, [])) == "SearchSpace({'a': Constant(when=None, value=1)}, [])"


def test_narrowing_takes_parameters_ranges_and_values():
    space = SearchSpace.from_yaml(FILE)
    narrow = space.narrow(
        {"degree": Int(3, 4), "lr": {"max": 0.01}, "optimizer.momentum": {"values": [0.5, 0.9]}, "kernel": {}}
    )
    assert narrow.parameters["degree"] == Int(3, 4, when={"kernel": "poly"})
    assert narrow.parameters["lr"] == Float(1e-5, 0.01, log=True)
    assert narrow.parameters["optimizer.momentum"] == Categorical([0.5, 0.9], when={"kernel": "rbf"})
    assert narrow.parameters["kernel"] == space.parameters["kernel"]
    assert [str(constraint) for constraint in narrow.constraints] == ["lr * epochs <= 0.2"]


def test_narrowing_keeps_of_a_condition_what_can_still_hold_and_drops_constraints_on_what_is_gone():
    space = SearchSpace({"k": Categorical(["a", "b", "c"]), "x": Int(1, 5, when={"k": ["a", "b"]}),
                         "y": Int(1, 5, when={"k": "c"})}, ["x < 4", "y < 4"])  # fmt: skip
    narrow = space.narrow({"k": {"values": ["b"]}})
    assert narrow == SearchSpace({"k": Categorical(["b"]), "x": Int(1, 5, when={"k": "b"})}, ["x < 4"])


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ({"lrr": {"min": 1}}, "no parameter 'lrr'; did you mean 'lr'"),
        ({"lr": {"mim": 1}}, "^lr: unknown key 'mim'; narrow with min and max, or with values"),
        ({"lr": {"min": 1}}, "^lr: nothing of .* is left"),
        ({"kernel": {"min": 1}}, "^kernel: .*narrow it with values"),
        ({"kernel": {"values": ["x"]}}, "^kernel: 'x' is not in"),
        ({"degree": {"values": [3.5]}}, "^degree: 3.5 is not in 2"),
        ({"lr": {"min": 0}}, "^lr: min: is 0; a log axis"),
    ],
)
def test_a_narrowing_that_cannot_be_is_an_error(to, words):
    with pytest.raises(SpaceError, match=words):
        SearchSpace.from_yaml(FILE).narrow(to)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"a b": Int(1, 2)}, "cannot be a name"),
        ({"a..b": Int(1, 2)}, "a dot stands between two parts"),
        ({"a": Int(1, 2), "a.b": Int(1, 2)}, "'a' is a parameter and also a block that holds 'a.b'"),
        ({"a": {"min": 1}}, "SearchSpace.from_dict reads the file's grammar"),
        ({"a": Int(1, 2, when={"b": 1})}, "^a: when: no parameter 'b'; there are none"),
    ],
)
def test_parameters_that_make_no_space_are_refused(parameters, words):
    with pytest.raises(SpaceError, match=words):
        SearchSpace(parameters)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1", "a mapping with the key `parameters`"),
        ("[1]", "a mapping with the key `parameters`"),
        ("parameters: {a: 1}\nconstraint: []", "s.yaml:2: constraint: unknown key .* did you mean 'constraints'"),
        ("parameters:\n  a: 1\nconstraints:\n- a < 2\n- a <", "s.yaml:5: constraints.1: "),
        ("parameters:\n  a: {value: 1, when: {b: 1}}\n  b: {value: 1, when: {a: 1}}", "s.yaml:2: parameters.a.when: "),
    ],
)
def test_a_wrong_file_is_told_line_by_line(text, words):
    with pytest.raises(ConfigError, match=words):
        SearchSpace.from_yaml(text, file="s.yaml")


def test_order_of_the_file_is_kept_with_blocks_together():
    space = SearchSpace({"b.x": Int(1, 2, when={"c": 1}), "a": Int(1, 2), "b.y": Int(1, 2), "c": Int(1, 2)})
    assert list(space.to_dict()) == ["b", "a", "c"]
    assert list(space.parameters) == ["c", "b.x", "b.y", "a"]
    assert list(SearchSpace.from_yaml(space.to_yaml()).parameters) == list(space.parameters)
