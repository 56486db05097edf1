"""When two things are the same."""

from __future__ import annotations

import pytest

from sweeper.analysis.identity import code_of, key_of, objective_of


def test_the_order_of_parameters_does_not_matter() -> None:
    assert key_of({"a": 1, "b": "x"}) == key_of({"b": "x", "a": 1})
    assert key_of({"a": 1}) != key_of({"a": "1"})


@pytest.mark.parametrize(
    ("config", "label"),
    [
        ({"objective": "/home/ada/train.py:fit"}, "train.py:fit"),
        ({"program": "/srv/train.py", "command": ["python"]}, "train.py"),
        ({"command": ["python", "-m", "train"]}, "python -m train"),
        ({"mlproject": {"uri": "./project", "entry_point": "fit"}}, "./project#fit"),
        ({}, "sweep digits"),
    ],
)
def test_an_objective_is_the_same_on_every_machine(config: dict[str, object], label: str) -> None:
    assert objective_of(config, "digits") == label


def test_code_is_known_by_its_file_or_its_commit() -> None:
    assert code_of({"sweeper.git.dirty": "true"}) == ""
    assert code_of({"mlflow.source.git.commit": "abc"}) != code_of({"mlflow.source.git.commit": "abd"})
    assert code_of({"sweeper.code.sha256": "1"}) != code_of({"sweeper.code.sha256": "2"})
