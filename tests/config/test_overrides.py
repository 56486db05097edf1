from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.config.overrides import apply_overrides
from sweeper.config.places import Place, Places, read_yaml

DOTTED = """\
metric: {name: accuracy, goal: maximize}
objective: train.py:train
parameters:
  optimizer.lr: {min: 0.1, max: 1}
  optimizer:
    parameters:
      momentum: {min: 0, max: 1}
"""


def test_a_value_is_read_as_yaml_and_replaces_what_the_file_says(load, good):
    config = load(good + "budget: {trials: 50}\n", "budget.trials=3", "seed=7", "sampler={n_startup_trials: 20}")
    assert config.budget.trials == 3
    assert config.seed == 7
    assert config.options == {"n_startup_trials": 20}


def test_the_later_of_two_wins(load, good):
    assert load(good, "budget.trials=3", "budget.trials=4").budget.trials == 4


def test_numbers_with_exponents_and_equals_signs_in_texts_are_kept(load, good):
    config = load(good, "parameters.lr={min: 1e-5, max: 1e-1, log: true}", "description=a=b")
    assert config.space.parameters["lr"].low == 1e-5
    assert config.description == "a=b"


def test_a_name_with_dots_is_found_by_the_longest_match(load):
    config = load(DOTTED, "parameters.optimizer.lr.max=0.5", "parameters.optimizer.parameters.momentum.max=0.9")
    assert config.space.parameters["optimizer.lr"].high == 0.5
    assert config.space.parameters["optimizer.momentum"].high == 0.9


def test_an_item_of_a_list_is_named_by_its_number(load):
    text = "objective: train.py:train\nparameters: {a: 1}\nmetrics: [{name: a}, {name: b}]\n"
    assert load(text, "metrics.1.goal=maximize").goals[1].direction == "maximize"


def test_a_mistake_says_that_it_came_from_the_command_line(complaints, good):
    assert complaints(good, "budget.trials=many", "sede=3") == [
        "--set: budget.trials: must be a whole number of 1 or more, got 'many'",
        "--set: sede: unknown key 'sede'; did you mean 'seed'?",
    ]


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("budget", "must look like budget.trials=50, got 'budget'"),
        ("=3", "must look like budget.trials=50"),
        ("name.first=x", "name is 'given', so there is no 'first' in it"),
        ("constraints.4=x", "'4' must be a place in a list of 1: 0 to 0"),
        ("seed=[", "'[' is not a YAML value"),
        ("parameters.depth.mx=3", "parameters.depth.mx: unknown key 'mx'; did you mean 'max'"),
        ("parameters.depth.max=0", "--set: parameters.depth"),
    ],
)
def test_what_cannot_be_set_is_a_sentence(complaints, good, override, words):
    (found,) = complaints(good + "name: given\nconstraints: ['depth < 8']\n", override)
    assert found.startswith("--set: ")
    assert words in found


def test_an_override_does_not_reach_through_an_alias(load, good):
    text = good + "  width: &w {min: 1, max: 9}\n  height: *w\n"
    config = load(text, "parameters.height.max=5")
    assert config.space.parameters["height"].high == 5
    assert config.space.parameters["width"].high == 9


@given(st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), min_size=1, max_size=4), st.integers())
def test_a_new_path_makes_the_mappings_on_its_way(words, number):
    data, places, _ = read_yaml("{}", "f.yaml")
    assert apply_overrides(data, places, [f"{'.'.join(words)}={number}"]) == []
    for word in words:
        data = data[word]
    assert data == number
    assert places.of(".".join(words)) == Place("--set")


def test_nothing_to_apply_changes_nothing():
    data = {"a": 1}
    assert apply_overrides(data, Places("f.yaml"), []) == []
    assert data == {"a": 1}
