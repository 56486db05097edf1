"""Hyperopt spaces: what Hyperopt draws and what ours draws have the same shape and the same law."""

import math
import random

import numpy as np
import pytest
from hyperopt import hp
from hyperopt.pyll import as_apply
from hyperopt.pyll.base import scope
from hyperopt.pyll.stochastic import sample
from scipy import stats

from sweeper.errors import SpaceError
from sweeper.space import (
    Categorical,
    Constant,
    Float,
    Int,
    LogNormal,
    Normal,
    Quantized,
    SearchSpace,
    from_hyperopt,
)


def one(node):
    return from_hyperopt({"x": node}).parameters["x"]


@pytest.mark.parametrize(
    ("node", "parameter"),
    [
        (hp.uniform("x", -1, 1), Float(-1, 1)),
        (hp.loguniform("x", -3, 0), Float(math.exp(-3), 1, log=True)),
        (hp.quniform("x", 0, 1, 0.25), Quantized(0, 1, 0.25)),
        (hp.quniform("x", 1, 10, 4), Quantized(1, 10, 4.0)),
        (scope.int(hp.quniform("x", 10, 50, 10)), Quantized(10, 50, 10)),
        (hp.uniformint("x", 1, 5), Quantized(1, 5, 1)),
        (hp.qloguniform("x", 0, 3, 0.5), Quantized(1, math.exp(3), 0.5, log=True)),
        (scope.int(hp.uniform("x", 1, 10)), Int(1, 9)),
        (scope.int(hp.loguniform("x", math.log(10), math.log(500))), Int(10, 499, log=True)),
        (hp.randint("x", 5), Int(0, 4)),
        (hp.randint("x", 2, 5), Int(2, 4)),
        (hp.normal("x", 1, 2), Normal(1, 2)),
        (hp.qnormal("x", 1, 2, 0.5), Normal(1, 2, step=0.5)),
        (hp.lognormal("x", 0, 1), LogNormal(0, 1)),
        (hp.qlognormal("x", 0, 1, 2), LogNormal(0, 1, step=2.0)),
        (hp.choice("x", ["a", None, [1, 2]]), Categorical(["a", None, [1, 2]])),
        (hp.pchoice("x", [(0.25, "a"), (0.75, {"b": 1})]), Categorical(["a", {"b": 1}], weights=[0.25, 0.75])),
        (3, Constant(3)),
        ([1, {"a": 2}], Constant([1, {"a": 2}])),
    ],
)
def test_each_expression_becomes_its_parameter(node, parameter):
    found = one(node)
    assert found == parameter
    assert found.to_dict() == parameter.to_dict()


MODELS = {
    "model": hp.choice(
        "model",
        [
            {
                "kind": "svm",
                "C": hp.lognormal("svm_C", 0, 1),
                "kernel": hp.choice("kernel", [{"name": "linear"}, {"name": "rbf", "width": hp.uniform("w", 0, 1)}]),
            },
            {"kind": "forest", "trees": hp.uniformint("trees", 10, 50), "C": hp.uniform("forest_C", 0, 1)},
            {"kind": "bayes"},
        ],
    ),
    "scale": hp.pchoice("scale", [(0.2, True), (0.8, False)]),
    "fixed": {"epochs": 3},
}


def test_nested_choices_keep_the_shape_of_their_dicts():
    space, rng = from_hyperopt(MODELS), np.random.default_rng(0)
    theirs = {shape(sample(as_apply(MODELS), rng)) for _ in range(300)}
    ours = {shape(space.nest(space.sample(rng))) for _ in range(300)}
    renamed = {text.replace("forest_C", "C") for text in ours}
    assert renamed == theirs
    assert len(theirs) == 4


def shape(value):
    """The keys of nested dicts, and their values where they are text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shape(value[key])}" for key in sorted(value, key=str)) + "}"
    return value if isinstance(value, str) else "*"


def test_conditions_follow_the_branches():
    parameters = from_hyperopt(MODELS).parameters
    assert parameters["model.kind"] == Categorical(["svm", "forest", "bayes"])
    assert parameters["model.C"].conditions == {"model.kind": ("svm",)}
    assert parameters["model.forest_C"].conditions == {"model.kind": ("forest",)}
    assert parameters["model.kernel.width"].conditions == {"model.kernel.name": ("rbf",)}
    assert parameters["scale"] == Categorical([True, False], weights=[0.2, 0.8])
    assert parameters["fixed"] == Constant({"epochs": 3})


def test_a_space_that_is_one_choice_has_its_keys_at_the_top():
    space = from_hyperopt(hp.choice("clf", [{"type": "nb"}, {"type": "svm", "C": hp.loguniform("C", -3, 3)}]))
    assert list(space.parameters) == ["type", "C"]
    assert space.parameters["C"].conditions == {"type": ("svm",)}


def test_options_without_a_key_that_tells_them_apart_are_named_by_label():
    space = from_hyperopt({"d": hp.choice("depth", [None, hp.randint("some_depth", 9), {"a": hp.uniform("a", 0, 1)}])})
    assert space.parameters["depth"] == Categorical([None, "some_depth", "option 2"])
    assert space.parameters["some_depth"].conditions == {"depth": ("some_depth",)}
    assert space.parameters["a"].conditions == {"depth": ("option 2",)}


def test_options_that_are_choices_or_tuples_stand_beside_their_choice():
    inner = hp.choice("inner", [1, 2])
    space = from_hyperopt({"block": {"x": hp.choice("outer", [inner, ("case", hp.uniform("u", 0, 1)), 3])}})
    assert {name: parameter.conditions for name, parameter in space.parameters.items()} == {
        "block.outer": {},
        "block.inner": {"block.outer": ("option 0",)},
        "block.outer_1._0": {"block.outer": ("option 1",)},
        "block.outer_1._1": {"block.outer": ("option 1",)},
    }


def test_one_parameter_in_two_branches_is_active_in_both():
    rate = hp.uniform("rate", 0, 1)
    space = from_hyperopt(hp.choice("m", [{"k": "a", "rate": rate}, {"k": "b", "rate": rate}, {"k": "c"}]))
    assert space.parameters["rate"].conditions == {"k": ("a", "b")}


def test_lists_and_odd_labels_get_names_that_a_file_can_hold():
    space = from_hyperopt({"l": [hp.uniform("u", 0, 1), 3], "learning rate": hp.uniform("x", 0, 1)})
    assert list(space.parameters) == ["l._0", "l._1", "learning_rate"]
    assert SearchSpace.from_yaml(space.to_yaml()) == space


def test_a_single_expression_is_named_by_its_label():
    assert from_hyperopt(hp.uniform("x", 0, 1)).parameters == {"x": Float(0, 1)}


@pytest.mark.parametrize(
    ("space", "words"),
    [
        ({"x": hp.uniform("x", 0, 1) * 2}, "the expression mul"),
        ({"x": hp.uniform("x", 0, hp.uniform("y", 1, 2))}, "a bound is the expression"),
        ({"x": hp.choice("x", [print, len])}, "a value is a string"),
        ({"a": hp.uniform("x", 0, 1), "b": hp.uniform("x", 0, 2)}, "'x' stands in two places: a and b"),
        ({"x": hp.uniform("x", 1, 0)}, "x: max: is 0, below min 1"),
        ({"x": hp.randint("x", 3, 3)}, "x: max: is 2, below min 3"),
        ({"x": hp.loguniform("x", 0, 1000)}, "overflows"),
        ({"x": scope.int(hp.quniform("x", 0, 1, 0.5))}, "q is 0.5 inside scope.int"),
    ],
)
def test_what_has_no_counterpart_is_refused(space, words):
    with pytest.raises(SpaceError, match=words):
        from_hyperopt(space)


@pytest.mark.parametrize(
    "node",
    [hp.loguniform("x", -3, 2), hp.normal("x", 1, 2), hp.lognormal("x", 0, 0.5), hp.uniform("x", -1, 4)],
    ids=["loguniform", "normal", "lognormal", "uniform"],
)
def test_draws_follow_hyperopts_own(node):
    rng, draw = np.random.default_rng(1), random.Random(1)
    theirs = [float(sample(as_apply(node), rng)) for _ in range(800)]
    space = from_hyperopt({"x": node})
    ours = [space.sample(draw)["x"] for _ in range(800)]
    assert stats.ks_2samp(theirs, ours).pvalue > 0.05


def test_a_read_space_is_written_to_a_file_and_back():
    space = from_hyperopt(MODELS)
    assert SearchSpace.from_yaml(space.to_yaml()) == space
