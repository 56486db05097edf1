"""What all parameters share: conditions."""

import dataclasses

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Constant, Float


def test_conditions_are_kept_as_tuples():
    parameter = Float(0, 1, when={"a": "x", "b": [1, 2]})
    assert parameter.conditions == {"a": ("x",), "b": (1, 2)}
    assert Float(0, 1, when={}).when is None
    assert Float(0, 1).conditions == {}


def test_conditions_are_written_as_a_person_would():
    assert Constant(1, when={"a": ["x"], "b": [1, 2], "c": [[1]]}).to_dict() == {
        "value": 1, "when": {"a": "x", "b": [1, 2], "c": [[1]]},
    }  # fmt: skip


@pytest.mark.parametrize(("when", "words"), [("a", "a mapping"), ({"a": []}, "empty list"), (3, "a mapping")])
def test_conditions_that_say_nothing_are_refused(when, words):
    with pytest.raises(SpaceError, match=words):
        Float(0, 1, when=when)


def test_parameters_do_not_change():
    parameter = Float(0, 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        parameter.low = 2
    assert parameter.with_when({"a": 1}) == Float(0, 1, when={"a": 1})
    assert parameter == Float(0, 1)
