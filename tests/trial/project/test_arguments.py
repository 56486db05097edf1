"""Parameters of a sweep against those of an entry point."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.errors import ObjectiveError, UsageError
from sweeper.space import Categorical, Constant, Float, Int, SearchSpace
from sweeper.trial.project.arguments import check_space, command_line
from sweeper.trial.project.mlproject import EntryPoint, Kind, ProjectParameter


def entry(**kinds: Kind) -> EntryPoint:
    parameters = {name: ProjectParameter(name, kind) for name, kind in kinds.items()}
    parameters["d"] = ProjectParameter("d", "string", "default value")
    return EntryPoint("main", " ".join(["run", *(f"{{{name}}}" for name in parameters)]), parameters)


OPEN = EntryPoint("fit.py", "python fit.py", open=True)


@pytest.mark.parametrize(
    ("point", "space"),
    [
        (entry(lr="float", c="float"), {"lr": Int(1, 3), "c": Categorical([1, 2.5, "1e-3"])}),
        (entry(k="string"), {"k": Categorical(["a", None, True]), "d": Constant(3)}),
        (entry(u="uri", p="path"), {"u": Categorical(["s3://b/f", "file:/x"]), "p": Constant("here")}),
        (OPEN, {"anything": Float(0, 1)}),
    ],
)  # fmt: skip
def test_what_fits(point: EntryPoint, space: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "here").touch()

    check_space(point, SearchSpace(space), tmp_path)


@pytest.mark.parametrize(
    ("point", "space", "said"),
    [
        (entry(rate="float"), {"rat": Float(0, 1)}, "main declares no parameter 'rat'; did you mean 'rate'?"),
        (entry(rate="float"), {"rat": Float(0, 1)}, "entry point main needs a value for 'rate'"),
        (entry(a="float"), {"a": Categorical([1, "x"])}, "a must be a number (type float), got 'x'"),
        (entry(a="float"), {"a": Categorical([True, False])}, "a must be a number (type float), got 'True'"),
        (entry(a="path"), {"a": Categorical(["nope"])}, "a: there is no file or folder"),
        (entry(a="path"), {"a": Constant("s3://b/f")}, "must be a path of this host, got 's3://b/f'; for an address"),
        (entry(a="uri"), {"a": Constant("b/f")}, "a must be a URI such as s3://bucket/file, got 'b/f'"),
        (
            entry(a="float"),
            {"a": Float(0, 1, when={"d": "x"}), "d": Categorical(["x", "y"])},
            "needs a default for 'a': the space leaves it out under a condition",
        ),
    ],
)  # fmt: skip
def test_what_does_not(point: EntryPoint, space: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ObjectiveError) as wrong:
        check_space(point, SearchSpace(space), tmp_path)
    assert said in str(wrong.value)


def test_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "in put").touch()
    point = entry(lr="float", file="path")

    line = command_line(point, {"lr": 0.5, "file": "in put"}, tmp_path)

    assert line == f"run 0.5 '{tmp_path.resolve()}/in put' 'default value'"
    assert command_line(OPEN, {"lr": 0.5, "k": "a b"}, tmp_path) == "python fit.py --lr 0.5 --k 'a b'"
    for params in ({}, {"lr": "x", "file": "in put"}, {"lr": 1, "file": "in put", "z": 1}):
        with pytest.raises(UsageError):
            command_line(point, params, tmp_path)


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_a_value_arrives_as_it_is_whatever_it_holds(value: str) -> None:
    line = command_line(entry(a="string"), {"a": value, "d": value}, Path())

    assert shlex.split(line) == ["run", value, value]
