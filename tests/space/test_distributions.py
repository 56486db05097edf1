"""Every distribution of W&B's grammar and our short forms, as the parameter each becomes."""

import math

import pytest

from sweeper.space import (
    Beta,
    Categorical,
    Constant,
    Float,
    Int,
    LogNormal,
    Normal,
    Quantized,
    SearchSpace,
    parse_space,
)

E = math.e


def read(spec):
    return SearchSpace.from_dict({"p": spec}).parameters["p"]


def notices(spec):
    return parse_space({"p": spec})[2]


@pytest.mark.parametrize(
    ("spec", "parameter"),
    [
        ({"values": ["a", None, [1]]}, Categorical(["a", None, [1]])),
        ({"distribution": "categorical", "values": [1, 2]}, Categorical([1, 2])),
        ({"values": ["a", "b"], "probabilities": [0.25, 0.75]}, Categorical(["a", "b"], weights=[0.25, 0.75])),
        (
            {"distribution": "categorical_w_probabilities", "values": ["a", "b"], "probabilities": [0.5, 0.5]},
            Categorical(["a", "b"], weights=[0.5, 0.5]),
        ),
        ({"value": {"a": 1}}, Constant({"a": 1})),
        ({"distribution": "constant", "value": None}, Constant(None)),
        ({"min": 1, "max": 9}, Int(1, 9)),
        ({"distribution": "int_uniform", "min": 1.0, "max": 9}, Int(1, 9)),
        ({"min": 0.0, "max": 1.0}, Float(0, 1)),
        ({"min": 0, "max": 1.0}, Float(0, 1)),
        ({"distribution": "uniform", "min": 0, "max": 1}, Float(0, 1)),
        ({"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.25}, Quantized(0, 1, 0.25)),
        ({"distribution": "q_uniform", "min": 0, "max": 10}, Quantized(0, 10, 1)),
        ({"distribution": "log_uniform_values", "min": 1e-5, "max": 0.1}, Float(1e-5, 0.1, log=True)),
        ({"distribution": "log_uniform_values", "min": 1, "max": 64}, Int(1, 64, log=True)),
        ({"distribution": "log_uniform_values", "min": 1.0, "max": 64}, Float(1, 64, log=True)),
        ({"distribution": "log_uniform", "min": 0, "max": 1}, Float(1, E, log=True)),
        ({"distribution": "inv_log_uniform", "min": -1, "max": 1}, Float(1 / E, E, log=True)),
        ({"distribution": "inv_log_uniform_values", "min": 1, "max": 8}, Float(1, 8, log=True)),
        ({"distribution": "q_log_uniform", "min": 0, "max": 1, "q": 0.5}, Quantized(1, E, 0.5, log=True)),
        ({"distribution": "q_log_uniform_values", "min": 3, "max": 21, "q": 8}, Quantized(3, 21, 8, log=True)),
        ({"distribution": "normal"}, Normal(0, 1)),
        ({"distribution": "normal", "mu": 2, "sigma": 0.5, "min": 0}, Normal(2, 0.5, low=0)),
        ({"distribution": "q_normal", "mu": 2}, Normal(2, 1, step=1)),
        ({"distribution": "log_normal", "sigma": 2}, LogNormal(0, 2)),
        ({"distribution": "q_log_normal", "q": 0.1}, LogNormal(0, 1, step=0.1)),
        ({"distribution": "beta", "a": 2, "b": 3}, Beta(2, 3)),
        ({"distribution": "q_beta", "q": 0.25}, Beta(1, 1, step=0.25)),
        (3, Constant(3)),
        (None, Constant(None)),
        ("adam", Constant("adam")),
        ([1, "b"], Categorical([1, "b"])),
        ({"min": 1, "max": 64, "log": True}, Int(1, 64, log=True)),
        ({"min": 1, "max": 9, "step": 2}, Int(1, 9, step=2)),
        ({"min": 0, "max": 1, "step": 0.1}, Float(0, 1, step=0.1)),
        ({"min": 1, "max": 9, "q": 2}, Quantized(1, 9, 2)),
        ({"values": ["a", "b"], "weights": [1, 3]}, Categorical(["a", "b"], weights=[1, 3])),
        ({"min": "1e-5", "max": "1", "distribution": "log_uniform_values"}, Float(1e-5, 1, log=True)),
        ({"min": "1", "max": "9"}, Int(1, 9)),
    ],
)  # fmt: skip
def test_each_form_becomes_its_parameter(spec, parameter):
    found = read(spec)
    assert found == parameter
    assert found.to_dict() == parameter.to_dict()


@pytest.mark.parametrize(
    ("spec", "drawn"),
    [
        ({"distribution": "uniform", "min": 0, "max": 2}, [0.42, 1.24, 1.982]),
        ({"distribution": "log_uniform_values", "min": 1e-4, "max": 1}, [0.0006918309709, 0.0301995172, 0.9204495718]),
        ({"distribution": "log_uniform", "min": -3, "max": 1}, [0.115325121, 0.594520548, 2.622164181]),
        ({"distribution": "inv_log_uniform", "min": -3, "max": 1}, [0.852143789, 4.392945681, 19.37531823]),
        ({"distribution": "inv_log_uniform_values", "min": 1e-3, "max": 1},
         [0.004265795188, 0.07244359601, 0.9397233106]),
        ({"distribution": "normal", "mu": 1.0, "sigma": 2.0}, [-0.612842494, 1.610961576, 5.731236254]),
        ({"distribution": "q_normal", "mu": 1.0, "sigma": 2.0, "q": 1}, [-1, 2, 6]),
        ({"distribution": "log_normal", "mu": 0.1, "sigma": 0.5}, [0.7384435464, 1.287548978, 3.606757118]),
        ({"distribution": "q_log_normal", "mu": 0.1, "sigma": 0.5, "q": 0.5}, [0.5, 1.5, 3.5]),
        ({"distribution": "beta", "a": 2, "b": 3}, [0.2186011444, 0.4567552815, 0.8641854474]),
        ({"distribution": "q_beta", "a": 2, "b": 3, "q": 0.1}, [0.2, 0.5, 0.9]),
        ({"distribution": "q_uniform", "min": 1, "max": 10, "q": 4}, [4, 8, 8]),
        ({"distribution": "q_log_uniform_values", "min": 3, "max": 21, "q": 8}, [8, 8, 24]),
        ({"values": ["a", "b", "c"], "probabilities": [0.2, 0.3, 0.5]}, ["b", "c", "c"]),
        ({"distribution": "int_uniform", "min": 1, "max": 5}, [2, 4, 5]),
        ({"values": [1, 2, 3]}, [1, 2, 3]),
    ],
)  # fmt: skip
def test_each_distribution_draws_what_wandbs_own_engine_draws(spec, drawn):
    """The numbers are what the engine of W&B (``sweeps`` 0.3.0) gives at 0.21, 0.62 and 0.991; clipping aside."""
    parameter = read(spec)
    for u, value in zip((0.21, 0.62, 0.991), drawn, strict=True):
        found = parameter.decode(parameter.domain.at(u))
        if isinstance(value, str):
            assert found == value
        elif isinstance(parameter, Quantized):
            assert found == min(max(value, parameter.low), parameter.high)
        else:
            assert found == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("spec", "place", "words"),
    [
        ({}, "p", "says nothing"),
        ({"mu": 1}, "p", "needs a distribution"),
        ({"min": 1}, "p", "needs max"),
        ({"min": 1, "max": "a"}, "p.max", "is 'a'; it must be a finite number"),
        ({"min": 1, "max": None}, "p.max", "is None"),
        ({"min": 1, "max": 10**400}, "p.max", "it must be a finite number"),
        ({"min": 1, "max": 10**30}, "p.max", "whole numbers go up to"),
        ({"min": True, "max": 3}, "p.min", "is True"),
        ({"min": 3, "max": 1}, "p.max", "is 1, below min 3"),
        ({"min": 0, "max": 1, "log": True}, "p.min", "is 0; a log axis needs min above 0"),
        ({"min": 1, "max": 2, "log": "yes"}, "p.log", "write true or false"),
        ({"min": 1, "max": 2, "step": 0}, "p.step", "is 0; it must be above 0"),
        ({"min": 1, "max": 2, "q": 0}, "p.q", "is 0; it must be above 0"),
        ({"min": 1, "max": 2, "q": 1, "step": 1}, "p.q", "give one of them"),
        ({"values": [1], "min": 1}, "p.min", "means nothing here; this kind of parameter takes values, probabilities"),
        ({"value": 1, "values": [1]}, "p.values", "means nothing here"),
        ({"values": "abc"}, "p.values", "write a list"),
        ({"values": []}, "p.values", "is empty"),
        ({"values": [1, 2], "probabilities": [0.5, 0.4]}, "p.probabilities", "add up to 0.9"),
        ({"values": [1, 2], "probabilities": [1], "weights": [1]}, "p.weights", "give one of them"),
        ({"values": [1, 2], "weights": 3}, "p.weights", "write a list of numbers"),
        ({"values": [1, 2], "weights": [1]}, "p.weights", "there are 1 for 2 values"),
        ({"distribution": "categorical_w_probabilities", "values": [1]}, "p", "needs probabilities"),
        ({"distribution": "log_unifrom", "min": 1, "max": 2}, "p.distribution", "did you mean 'log_uniform'"),
        ({"distribution": 3}, "p.distribution", "no distribution 3"),
        ({"distribution": "log_uniform", "min": 0, "max": 1000}, "p.max", "exponent of e, which overflows"),
        ({"distribution": "int_uniform", "min": 0.5, "max": 3}, "p.min", "it must be a whole number"),
        ({"distribution": "normal", "sigma": -1}, "p.sigma", "is -1; it must be above 0"),
        ({"distribution": "q_normal", "q": 0}, "p.q", "is 0"),
        ({"distribution": "normal", "q": 1}, "p.q", "means nothing here"),
        ({"distribution": "beta", "a": 0}, "p.a", "is 0"),
        ({"mn": 1, "max": 2}, "p.mn", "unknown key 'mn'; did you mean 'min'"),
        ({"value": print}, "p", "a value is a string, number"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_key(spec, place, words):
    space, problems, _ = parse_space({"p": spec})
    assert space is None
    assert [problem.path for problem in problems] == [f"parameters.{place}"]
    assert words in problems[0].message


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"distribution": "q_uniform", "min": 1, "max": 10, "q": 4}, "multiples of 4 that fall outside 1 .. 10"),
        ({"distribution": "q_log_uniform_values", "min": 3, "max": 21, "q": 8}, "are moved to the bounds"),
        ({"distribution": "log_uniform", "min": -9.21, "max": 0}, "exponents of e: 0.0001 .. 1"),
        ({"distribution": "inv_log_uniform", "min": 0, "max": 1}, "negated exponents of e: 0.3679 .. 1"),
        ({"distribution": "log_uniform_values", "min": 1, "max": 64}, "whole numbers are drawn; write 1.0 for floats"),
        ({"min": 0, "max": 1, "step": 0.3}, "step 0.3 does not divide 0 .. 1; the last value is 0.9"),
        ({"values": [1, 2, 1]}, "1 repeated values are dropped"),
    ],
)  # fmt: skip
def test_what_differs_from_what_one_may_expect_is_said_once(spec, words):
    (notice,) = notices(spec)
    assert notice.startswith("parameters.p: ")
    assert words in notice


def test_nothing_is_said_about_what_is_plain():
    for spec in ({"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.25}, {"min": 0, "max": 1, "step": 0.5},
                 {"min": 1, "max": 64, "log": True}, {"distribution": "normal"}, [1, 2]):  # fmt: skip
        assert notices(spec) == []


def test_a_grid_of_q_uniform_has_its_maximum():
    assert read({"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.25}).grid() == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_an_integer_q_gives_integers():
    grid = read({"distribution": "q_uniform", "min": 0, "max": 4, "q": 2}).grid()
    assert (grid, {type(value) for value in grid}) == ([0, 2, 4], {int})
    assert type(read({"distribution": "q_normal"}).decode(0.7)) is int
