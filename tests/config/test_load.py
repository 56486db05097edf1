from __future__ import annotations

from pathlib import Path

import pytest

from sweeper import content
from sweeper.config import load_config, parse_config
from sweeper.errors import ConfigError
from sweeper.space import Float, Int, SearchSpace


def complaint(name: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(name)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_file_that_is_not_there_names_the_nearest(load, good, tmp_path):
    load(good)
    assert complaint("sweeep.yaml") == "sweeep.yaml: there is no such file; did you mean 'sweep.yaml'?"
    assert complaint("nowhere/sweep.yaml").startswith("nowhere/sweep.yaml: there is no folder 'nowhere'")
    assert "here are sweep.yaml" in complaint("abcdefgh.yaml")


def test_a_folder_says_what_it_holds(load, good, tmp_path):
    load(good)
    assert complaint(str(tmp_path)) == f"{tmp_path}: is a folder, not a sweep file; it holds sweep.yaml"
    (tmp_path / "empty").mkdir()
    assert "it holds no YAML file" in complaint("empty")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "sweep.yaml: is empty; a sweep file needs at least objective, metric and parameters"),
        (b"# only a comment\n", "sweep.yaml: is empty"),
        (b"a: 1\nb: \xff\xfe\n", "sweep.yaml:2: is not UTF-8 text (byte 0xff); save it as UTF-8"),
        (b"- a\n- b\n", "sweep.yaml:1: must be a mapping (key: value) at the top level, got ['a', 'b']"),
        (b"hello", "sweep.yaml:1: must be a mapping"),
        (b"#" * 2_000_000, "sweep.yaml: is larger than 1,000,000 bytes; this is no sweep file"),
    ],
)
def test_what_is_no_sweep_file_is_one_sentence(complaints, content, sentence):
    (found,) = complaints(content)
    assert found.startswith(sentence)


def test_a_byte_order_mark_is_no_trouble(load, good):
    assert load(b"\xef\xbb\xbf" + good.encode()).name == "sweep"


def test_the_name_of_the_file_is_the_default_name(load, good, tmp_path):
    load(good)
    (tmp_path / "sweep.yaml").rename(tmp_path / "forest.yml")
    config = load_config("forest")
    assert (config.name, config.file, config.source) == ("forest", "forest.yml", good)
    assert parse_config(config.to_dict(), name="other").name == "forest"
    assert parse_config({"metric": {"name": "x"}, "parameters": {"a": 1}}, name="train").name == "train"


def test_a_file_here_wins_over_a_bundled_one_of_that_name(load, good, tmp_path):
    name = content.names("configs")[0]
    assert load_config(name).file == str(content.find("configs", name))
    load(good)
    (tmp_path / "sweep.yaml").rename(tmp_path / f"{name}.yaml")
    assert load_config(name).file == f"{name}.yaml"
    (tmp_path / f"{name}.yaml").unlink()
    (tmp_path / name).mkdir()
    assert load_config(name).file == str(content.find("configs", name))


def test_all_problems_come_at_once_in_the_order_of_the_file(complaints):
    text = """\
objective: nowhere.py:train
metrc: {name: accuracy}
parameters:
  depth: {min: 9, max: 1}
  alpha: {min: 0, max: 1, log: true}
  kind: {values: 3}
budget: {trials: many}
method: tpee
constraints: ["deph < 3"]
"""
    found = complaints(text)
    assert [text.split(": ")[0] for text in found] == [f"sweep.yaml:{line}" for line in (1, 2, 4, 5, 6, 7, 8, 9)]
    assert [".".join(text.split(": ")[1].split(".")[:2]) for text in found] == [
        "objective", "metrc", "parameters.depth", "parameters.alpha", "parameters.kind", "budget.trials", "method",
        "constraints.0",
    ]  # fmt: skip


def test_a_search_space_beside_the_file_is_taken_in_and_own_parameters_win(load, tmp_path):
    (tmp_path / "trees.yaml").write_text(
        "parameters:\n  depth: {min: 1, max: 30}\n  leaf: {min: 1, max: 9}\nconstraints: [depth * leaf < 100]\n"
    )
    config = load(
        "objective: train.py:train\nmetric: {name: loss}\nsearch_space: trees\n"
        "parameters: {leaf: {values: [1, 2]}}\nconstraints: [depth > leaf]\n",
        "parameters.depth.max=12",
    )
    assert config.space.parameters["depth"] == Int(1, 12)
    assert config.space.parameters["leaf"].to_dict() == {"values": [1, 2]}
    assert [str(constraint) for constraint in config.space.constraints] == ["depth > leaf", "depth * leaf < 100"]
    assert config.tags == {"search_space": "trees"}


def test_a_mistake_in_a_search_space_is_told_with_its_own_file_and_line(complaints, tmp_path):
    (tmp_path / "trees.yaml").write_text("# trees\nparameters:\n  depth: {min: 9, max: 1}\nconstraints: ['x < 1']\n")
    found = complaints(
        "objective: train.py:train\nmetric: {name: loss}\nsearch_space: trees.yaml\nconstraints: ['y < 1']\n"
    )
    assert [text.split(": ")[:2] for text in found] == [
        ["sweep.yaml:4", "constraints.0"],
        [f"{tmp_path}/trees.yaml:3", "parameters.depth.max"],
        [f"{tmp_path}/trees.yaml:4", "constraints.1"],
    ]


def test_a_search_space_that_is_nowhere_names_both_places(complaints, tmp_path):
    (found,) = complaints("objective: train.py:train\nmetric: {name: loss}\nsearch_space: nonsuch\n")
    assert found.startswith("sweep.yaml:3: search_space: there is no bundled space 'nonsuch'")
    assert f"there is no 'nonsuch' in {tmp_path}" in found


@pytest.mark.parametrize("content", ["a: 1", "[1]", "", "parameters: 3", "a: [", "parameters: {a: \t1"])
def test_a_search_space_that_is_none_is_a_sentence(complaints, tmp_path, content):
    (tmp_path / "trees.yaml").write_text(content)
    found = complaints("objective: train.py:train\nmetric: {name: loss}\nsearch_space: trees\n")
    assert any(text.startswith(f"{tmp_path}/trees.yaml") for text in found)


def test_the_search_space_itself_can_be_set(load, tmp_path):
    (tmp_path / "one.yaml").write_text("parameters: {a: 1}")
    (tmp_path / "two.yaml").write_text("parameters: {b: {min: 1, max: 2}}")
    text = "objective: train.py:train\nmetric: {name: loss}\nsearch_space: one\n"
    assert list(load(text, "parameters.b.max=5", "search_space=two").space.parameters.items()) == [("b", Int(1, 5))]


def test_a_file_and_code_give_the_same_config(load, good):
    from_file = load(good + "  lr: {min: 1e-4, max: 1.0, log: true}\nseed: 3\nbudget: {trials: 20, time: 2m}\n")
    rest = {
        "name": "sweep",
        "objective": from_file.objective.target,
        "metric": {"name": "accuracy", "goal": "maximize"},
        "seed": 3,
        "budget": {"trials": 20, "time": 120},
    }
    objects = {"depth": Int(1, 9), "lr": Float(1e-4, 1.0, log=True)}
    plain = {"depth": {"min": 1, "max": 9}, "lr": {"min": 1e-4, "max": 1.0, "log": True}}
    for parameters in (objects, plain, SearchSpace(objects)):
        assert parse_config(rest | {"parameters": parameters}) == from_file


def test_constraints_of_a_space_made_in_code_are_kept():
    space = SearchSpace({"a": Int(1, 9), "b": Int(1, 9)}, ["a < b"])
    config = parse_config({"metric": {"name": "x"}, "parameters": space, "constraints": ["a + b < 9"]})
    assert [str(constraint) for constraint in config.space.constraints] == ["a < b", "a + b < 9"]


def test_reading_changes_nothing_of_what_was_given():
    given = {"metric": {"name": "x"}, "parameters": {"a": {"min": 1, "max": 9}}, "tags": {"a": {"b": 1}}}
    parse_config(given)
    assert given == {"metric": {"name": "x"}, "parameters": {"a": {"min": 1, "max": 9}}, "tags": {"a": {"b": 1}}}


def test_a_path_object_is_taken_as_well(load, good):
    load(good)
    assert load_config(Path("sweep.yaml")).name == "sweep"
