from __future__ import annotations

import pytest

from sweeper.config.places import Place, read_yaml
from sweeper.errors import ConfigError

TEXT = """\
name: x          # 1
parameters:
  lr:
    min: 1e-5
    max: 1
  a.b: [1, 2]
metrics:
  - name: loss
  - name: acc
    goal: maximize
"""


def lines(text):
    return {path: place.line for path, place in read_yaml(text, "f.yaml")[1].known.items()}


def test_every_key_and_list_item_has_its_line():
    found = lines(TEXT)
    assert found["name"] == 1
    assert found["parameters.lr"] == 3
    assert found["parameters.lr.max"] == 5
    assert found["parameters.a.b.1"] == 6
    assert found["metrics.0.name"] == 8
    assert found["metrics.1.goal"] == 10


def test_a_path_that_is_not_there_stands_where_the_nearest_thing_around_it_does():
    _, places, _ = read_yaml(TEXT, "f.yaml")
    assert places.of("parameters.lr.step.x") == Place("f.yaml", 3)
    assert places.of("budget.trials") == Place("f.yaml")
    assert str(places.problem("metrics.1.goal", "is odd")) == "f.yaml:10: metrics.1.goal: is odd"


def test_exponents_without_a_point_are_numbers():
    assert read_yaml("a: 1e-5", "f.yaml")[0] == {"a": 1e-5}


def test_anchors_and_merge_keys_are_followed():
    data, places, problems = read_yaml("a: &base {x: 1}\nb:\n  <<: *base\n  y: 2\nc: *base\n", "f.yaml")
    assert data == {"a": {"x": 1}, "b": {"x": 1, "y": 2}, "c": {"x": 1}}
    assert problems == []
    assert places.of("b.x") == Place("f.yaml", 1)
    assert places.of("b.y") == Place("f.yaml", 4)


def test_every_duplicate_key_is_told_with_both_lines():
    _, _, problems = read_yaml("a: 1\nb: {c: 1, c: 2}\na: 3\n", "f.yaml")
    assert [str(problem) for problem in problems] == [
        "f.yaml:2: b.c: this key was already given on line 2; keep one of them",
        "f.yaml:3: a: this key was already given on line 1; keep one of them",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\n\tb: 2\n", 2, "a tab cannot indent YAML; use spaces"),
        ("a:\n\t- 1\n", 2, "tab"),
        ("a: {b: 1\nc: 2\n", 2, "began on line 1"),
        ("a: b: c\n", 1, "quote text that contains ': '"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
        ("a: *nowhere\n", 1, "undefined alias"),
        ("a: 1\nb: \x07\n", None, "'\\x07'"),
        ("x: !!python/object:os.system ls\n", 1, "python/object"),
        ("a: 1\n? [1, 2]\n: 3\n", 2, "is not text"),
        ("a: 1\non: 2\n", 2, "the key 'on' (YAML's word for true or false) is not text; put it in quotes"),
        ("1: 2\n", 1, "the key '1' is not text; put it in quotes"),
        ("a: " + "[" * 600, None, "nested too deeply"),
        ("a: &a {b: *a}\n", None, "an alias inside itself"),
    ],
)
def test_broken_yaml_is_one_sentence_with_its_line(text, line, words):
    with pytest.raises(ConfigError) as caught:
        read_yaml(text, "f.yaml")
    (problem,) = caught.value.problems
    assert problem.line == line
    assert words in problem.message


def test_aliases_that_multiply_are_refused_before_they_fill_the_memory():
    rows = ["a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    rows += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    with pytest.raises(ConfigError, match="more than 100,000 keys"):
        read_yaml("\n".join(rows), "f.yaml")
