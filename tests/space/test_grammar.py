"""Names, nesting and conditions of the file's grammar."""

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Categorical, Float, Int, SearchSpace, parse_space


def problems(parameters, constraints=()):
    space, found, _ = parse_space(parameters, constraints)
    assert (space is None) == bool(found)
    return {problem.path: problem.message for problem in found}


def test_nesting_is_any_depth_and_flat_inside():
    space = SearchSpace.from_dict({"a": {"parameters": {"b": {"parameters": {"c": [1, 2]}}, "d": 3}}})
    assert list(space.parameters) == ["a.b.c", "a.d"]
    assert space.nest({"a.b.c": 2, "a.d": 3}) == {"a": {"b": {"c": 2}, "d": 3}}


def test_a_dot_in_a_key_is_part_of_the_name_as_in_wandb():
    space = SearchSpace.from_dict({"model.depth": {"min": 1, "max": 3}, "n-layers": 2})
    assert space.nest({"model.depth": 2, "n-layers": 2}) == {"model.depth": 2, "n-layers": 2}
    assert SearchSpace.from_dict(space.to_dict()).paths == space.paths == {
        "model.depth": ("model.depth",), "n-layers": ("n-layers",),
    }  # fmt: skip


def test_parameter_objects_and_grammar_mix():
    space = SearchSpace.from_dict({"a": Int(1, 3), "block": {"parameters": {"b": Float(0, 1, when={"a": 1})}}})
    assert space.parameters["block.b"] == Float(0, 1, when={"a": 1})


@pytest.mark.parametrize(
    ("parameters", "place", "words"),
    [
        (None, "parameters", "write a mapping"),
        ([1], "parameters", "write a mapping"),
        ({}, "parameters", "is empty"),
        ({"a": {"parameters": {}}}, "parameters.a.parameters", "is empty"),
        ({"a": {"parameters": 3}}, "parameters.a.parameters", "write a mapping"),
        ({"a": {"parameters": {"b": 1}, "min": 1}}, "parameters.a.min", "beside `parameters`"),
        ({"1a": 1}, "parameters.1a", "cannot be a name"),
        ({"a b": 1}, "parameters.a b", "cannot be a name"),
        ({True: 1}, "parameters.True", "cannot be a name"),
        ({"x" * 251: 1}, f"parameters.{'x' * 251}", "longer than 250"),
        ({"a.b": 1, "a": {"parameters": {"b": 2}}}, "parameters.a.parameters.b", "'a.b' is there twice"),
        ({"a": {"lr": {"min": 0, "max": 1}}}, "parameters.a.lr", "write `parameters:` below the name"),
    ],
)
def test_a_wrong_shape_is_named_at_its_place(parameters, place, words):
    found = problems(parameters)
    assert list(found) == [place]
    assert words in found[place]


def test_nesting_has_a_limit():
    deep = {"x": 1}
    for _ in range(60):
        deep = {"b": {"parameters": deep}}
    assert "deeper than 50" in next(iter(problems(deep).values()))


def test_a_condition_names_its_own_block_first_in_short_and_any_in_full():
    space = SearchSpace.from_dict(
        {
            "kind": ["a", "b"],
            "opt": {
                "parameters": {
                    "name": ["sgd", "adam"],
                    "momentum": {"min": 0, "max": 1, "when": {"name": "sgd"}},
                    "decay": {"min": 0, "max": 1, "when": {"opt.name": "adam", "kind": ["a", "b"]}},
                }
            },
        }
    )
    assert space.parameters["opt.momentum"].conditions == {"opt.name": ("sgd",)}
    assert space.parameters["opt.decay"].conditions == {"opt.name": ("adam",), "kind": ("a", "b")}


def test_an_ambiguous_condition_means_the_full_name_and_says_so():
    parameters = {"kind": ["a"], "opt": {"parameters": {"kind": ["a"], "x": {"values": [1], "when": {"kind": "a"}}}}}
    space, _, notices = parse_space(parameters)
    assert space.parameters["opt.x"].conditions == {"kind": ("a",)}
    (notice,) = notices
    assert notice.startswith("parameters.opt.parameters.x.when: 'kind' is taken as 'kind', not as 'opt.kind'")


def test_the_condition_of_a_block_is_read_where_the_block_stands():
    block = {"when": {"kind": "x"}, "parameters": {"kind": [1, 2], "p": 3}}
    space = SearchSpace.from_dict({"outer": {"parameters": {"kind": ["x", "y"], "inner": block}}})
    assert space.parameters["outer.inner.p"].conditions == {"outer.kind": ("x",)}
    assert space.parameters["outer.inner.kind"].conditions == {"outer.kind": ("x",)}


def test_two_names_of_one_parameter_in_a_condition_both_count():
    space = SearchSpace.from_dict({"opt": {"parameters": {
        "k": ["a", "b", "c"], "x": {"value": 1, "when": {"k": ["a", "b"], "opt.k": ["b", "c"]}}}}})  # fmt: skip
    assert space.parameters["opt.x"].conditions == {"opt.k": ("b",)}


def test_a_block_under_a_condition_lends_it_to_all_below():
    space = SearchSpace.from_dict(
        {
            "model": ["cnn", "mlp"],
            "cnn": {
                "when": {"model": "cnn"},
                "parameters": {
                    "depth": {"min": 1, "max": 3},
                    "head": {"parameters": {"width": [8, 16]}},
                    "wide": {"values": [1], "when": {"depth": [1, 2], "model": ["cnn", "mlp"]}},
                },
            },
        }
    )
    assert space.parameters["cnn.depth"].conditions == {"model": ("cnn",)}
    assert space.parameters["cnn.head.width"].conditions == {"model": ("cnn",)}
    assert space.parameters["cnn.wide"].conditions == {"model": ("cnn",), "cnn.depth": (1, 2)}
    assert SearchSpace.from_dict(space.to_dict()) == space


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"kernl": "rbf"}, "no parameter 'kernl'; did you mean 'kernel'?"),
        ({"kernel": "rbff"}, "kernel is never 'rbff'; it is rbf | poly"),
        ({"kernel": []}, "empty list"),
        ({"x": 1}, "names the parameter itself"),
        ("kernel", "write a mapping"),
    ],
)
def test_a_condition_that_can_never_hold_is_an_error(when, words):
    found = problems({"kernel": ["rbf", "poly"], "x": {"min": 0, "max": 1, "when": when}})
    assert next(iter(found)).startswith("parameters.x")
    assert words in next(iter(found.values()))


def test_a_condition_against_its_block_is_an_error():
    block = {"when": {"k": "a"}, "parameters": {"x": {"value": 1, "when": {"k": "b"}}}}
    found = problems({"k": ["a", "b"], "block": block})
    assert list(found) == ["parameters.block.parameters.x.when"]


def test_a_condition_may_name_lists_and_bools_as_values():
    space = SearchSpace.from_dict({"sizes": [[64], [64, 64]], "flag": [True, False],
                                   "x": {"value": 1, "when": {"sizes": [[64, 64]], "flag": True}}})  # fmt: skip
    assert space.active("x", {"sizes": [64, 64], "flag": True})
    assert not space.active("x", {"sizes": [64], "flag": True})
    assert SearchSpace.from_dict(space.to_dict()) == space


def test_constraints_that_are_no_list_are_named():
    assert "write a list" in problems({"a": [1]}, "a < 1")["constraints"]
    assert "write a list" in problems({"a": [1]}, 3)["constraints"]
    assert "write text" in problems({"a": [1]}, [3])["constraints.0"]


def test_from_dict_tells_the_first_problem_and_how_many_more():
    with pytest.raises(SpaceError, match=r"^parameters.a.max: is 1, below min 3; swap them \(and 1 more\)$"):
        SearchSpace.from_dict({"a": {"min": 3, "max": 1}, "b": []})
    assert SearchSpace.from_dict({"a": [1, 2]}).parameters == {"a": Categorical([1, 2])}
