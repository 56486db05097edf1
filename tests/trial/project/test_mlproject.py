"""Reading an MLproject."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.errors import ConfigError, ObjectiveError
from sweeper.trial.project.mlproject import ProjectParameter, fill, read_project

Write = Callable[..., Path]

WHOLE = """
name: tiny
python_env: env.yaml
entry_points:
  main:
    parameters:
      lr: {type: float, default: 1e-5}
      data: path
      kind: {default: a}
      any:
    command: "python train.py --lr {lr} --data {data} {kind} {any}"
  test: {command: pytest}
"""


def test_a_whole_file(write: Write, tmp_path: Path) -> None:
    write("env.yaml", "python: '3.11'\n")
    write("mlPROJECT", WHOLE)

    project = read_project(tmp_path)

    assert (project.name, project.environment) == ("tiny", tmp_path / "env.yaml")
    assert list(project.entry_points) == ["main", "test"]
    assert list(project.entry_point("main").parameters.values()) == [
        ProjectParameter("lr", "float", "1e-05"),
        ProjectParameter("data", "path"),
        ProjectParameter("kind", "string", "a"),
        ProjectParameter("any"),
    ]


def test_scripts_are_entry_points_by_themselves(write: Write, tmp_path: Path) -> None:
    write("fit.py", "")
    write("run.sh", "")
    write("notes.txt", "")
    project = read_project(tmp_path)

    assert project.entry_point("fit.py").command == "python fit.py"
    assert project.entry_point("run.sh").command == "${SHELL:-bash} run.sh"
    for name, said in (("notes.txt", "choose from: fit.py, run.sh"), ("../fit.py", "did you mean 'fit.py'")):
        with pytest.raises(ObjectiveError, match=f"has no entry point '{name}'; {said}"):
            project.entry_point(name)


@pytest.mark.parametrize(
    ("name", "line"),
    [("requirements.txt", ""), ("conda.yaml", ""), ("python_env.yaml", ""), ("other.yaml", "conda_env: other.yaml\n")],
)
def test_the_environment_file_is_the_named_one_or_has_its_usual_name(
    write: Write, tmp_path: Path, name: str, line: str
) -> None:
    write(name, "")
    write("MLproject", f"{line}entry_points: {{main: {{command: echo}}}}")

    assert read_project(tmp_path).environment == tmp_path / name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "MLproject: must be a mapping with entry_points"),
        ("entry_points: [a]", "MLproject:1: entry_points: must be a mapping of names, got ['a']"),
        ("entrypoints: {}", "MLproject:1: entrypoints: is not a key of an MLproject; did you mean 'entry_points'?"),
        ("docker_env: {image: x}", "MLproject:1: docker_env: containers are not started here; use python_env"),
        ("databricks_spark_job: {}", "jobs of Databricks are not started here"),
        ("python_env: nope.yaml", "python_env: there is no file"),
        ("conda_env: [a]", "conda_env: must be the name of a file, got ['a']"),
        ("entry_points:\n  main: {comand: echo}", "MLproject:2: entry_points.main: needs a command, such as"),
        ("entry_points: {main: {command: echo, params: {}}}", "main.params: is not a key of an entry point"),
        ("entry_points: {main: {command: echo, parameters: [a]}}", "must be a mapping of names, got ['a']"),
        (
            "entry_points:\n  main:\n    command: echo {lr}\n    parameters: {l: float}",
            "MLproject:3: entry_points.main.command: uses {lr}, which parameters does not declare; did you mean 'l'",
        ),
        ("entry_points: {main: {command: echo, parameters: {l: flaot}}}", "no type 'flaot'; did you mean 'float'"),
        ("entry_points: {main: {command: e, parameters: {l: {type: float, default: b}}}}", "default 'b' is no number"),
        ("a: [", "MLproject:1: not valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_line(write: Write, tmp_path: Path, text: str, said: str) -> None:
    write("MLproject", text)

    with pytest.raises(ConfigError) as wrong:
        read_project(tmp_path)
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("command", "filled"),
    [
        ("train {lr} {lr}", "train 0.1 0.1"),
        ("train {lr} {{x}}", "train 0.1 {x}"),
        ("awk '{{print $1}}'", "awk '{print $1}'"),
        ("awk '{print $1}' {lr}", "awk '{print $1}' 0.1"),
        ("echo ${HOME}{lr}", "echo ${HOME}0.1"),
        ("a {", "a {"),
    ],
)
def test_values_go_where_their_names_are_and_other_braces_stay(command: str, filled: str) -> None:
    assert fill(command, {"lr": "0.1"}) == filled


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text("ab{}' ")))
def test_it_fills_as_str_format_does(values: dict[str, str]) -> None:
    command = "run {{" + " ".join(f"{{{name}}}" for name in values) + "}}"

    assert fill(command, values) == command.format(**values)
