"""What may be logged or returned: kept exactly or refused in a sentence."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.records import FailureClass, Goal, RunState
from sweeper.store.names import shown
from sweeper.trial.values import InvalidValue, number, outcome, printable, sentence, step_number, text

ACCURACY = Goal("accuracy", "maximize")
SECONDS = Goal("seconds")


class Stubborn:
    """Raises from everything that a message could ask of it."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    __str__ = __repr__


class Tensor:
    """Like a tensor of some framework with one element."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def item(self) -> Any:
        return self._value


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1, 1.0),
        (0.1, 0.1),
        (True, 1.0),
        (2**53, 2.0**53),
        (Decimal("0.1"), 0.1),
        (Fraction(1, 4), 0.25),
        (np.float32(0.5), 0.5),
        (np.float64(0.1), 0.1),
        (np.float16(0.5), 0.5),
        (np.int64(-3), -3.0),
        (np.uint8(255), 255.0),
        (np.bool_(True), 1.0),
        (np.array(0.25), 0.25),
        (np.array([0.25]), 0.25),
        (np.array([[7]]), 7.0),
        (pd.Series([0.5]), 0.5),
        (Tensor(0.75), 0.75),
        (math.inf, math.inf),
        (-math.inf, -math.inf),
        (5e-324, 5e-324),
    ],
)
def test_a_number_of_any_kind_is_kept(value: Any, kept: float) -> None:
    found = number(value, "m")

    assert type(found) is float
    assert found == kept


@pytest.mark.parametrize("value", [math.nan, np.nan, np.float32("nan"), Decimal("NaN")])
def test_nan_is_kept(value: Any) -> None:
    assert math.isnan(number(value, "m"))


def test_a_negative_zero_keeps_its_sign() -> None:
    assert math.copysign(1, number(np.float64(-0.0), "m")) == -1.0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not None (NoneType)"),
        ("0.5", "not '0.5' (str)"),
        (b"1", "(bytes)"),
        (np.str_("0.5"), "(str_)"),
        (np.array("0.5"), "(ndarray)"),
        (np.array(["0.5"]), "(ndarray)"),
        (1 + 2j, "(complex)"),
        (np.complex64(1), "(complex64)"),
        ([0.5], "(list)"),
        ((0.5,), "(tuple)"),
        ({"a": 1}, "(dict)"),
        (np.array([1.0, 2.0]), "(ndarray)"),
        (np.array([]), "(ndarray)"),
        (pd.Series([1.0, 2.0]), "(Series)"),
        (pd.DataFrame({"a": [1.0]}), "(DataFrame)"),
        (datetime.timedelta(seconds=1), "(timedelta)"),
        (np.timedelta64(5, "ns"), "(timedelta64)"),
        (np.datetime64("2020-01-01", "ns"), "(datetime64)"),
        (Decimal("sNaN"), "(Decimal)"),
        (Tensor("0.5"), "(Tensor)"),
        (Tensor(None), "(Tensor)"),
        (Stubborn(), "whose repr raises RuntimeError"),
        (float, "(type)"),
    ],
)
def test_anything_else_is_refused_with_its_type(value: Any, said: str) -> None:
    with pytest.raises(InvalidValue, match="metric 'loss' must be a number") as refused:
        number(value, "loss")
    assert said in str(refused.value)


@pytest.mark.parametrize("value", [10**400, Fraction(10**400), pytest.param(-(10**5000), id="5001 digits")])
def test_a_number_beyond_a_float_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="too large for a float"):
        number(value, "m")


@pytest.mark.parametrize("value", [2**53 + 1, -(2**60) - 1, np.int64(2**53 + 1)])
def test_a_whole_number_that_a_float_would_change_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="cannot hold exactly"):
        number(value, "m")


@given(st.floats() | st.integers(-(2**53), 2**53))
@settings(max_examples=100, deadline=None)
def test_every_float_and_small_int_comes_back_equal(value: float) -> None:
    assert number(value, "m") == value or math.isnan(value)


@pytest.mark.parametrize(
    ("step", "kept"), [(3, 3), (0, 0), (-2, -2), (np.int32(7), 7), (4.0, 4), (np.float64(5), 5), (2**63 - 1, 2**63 - 1)]
)
def test_a_whole_step_is_kept(step: Any, kept: int) -> None:
    found = step_number(step, "m")

    assert (type(found), found) == (int, kept)


@pytest.mark.parametrize(
    "step", [1.5, "3", None, math.nan, math.inf, 2**63, -(2**63) - 1, [1], b"1", 1j, np.array([1, 2])]
)
def test_a_step_that_is_no_whole_number_of_64_bits_is_refused(step: Any) -> None:
    with pytest.raises(InvalidValue, match="step of metric 'm' must be a whole number"):
        step_number(step, "m")


@pytest.mark.parametrize(
    ("value", "written"),
    [("a", "a"), (0.1, "0.1"), (True, "True"), (None, "None"), ([1, "a"], '[1,"a"]'), ({"a": [None]}, '{"a":[null]}')],
)
def test_a_parameter_becomes_text(value: Any, written: str) -> None:
    assert text(value) == written


def test_a_list_that_json_cannot_hold_becomes_text_all_the_same() -> None:
    assert text([np.float64(0.5)]) in ("[0.5]", "[np.float64(0.5)]")
    assert text([{1, 2}]) == "[{1, 2}]"


@pytest.mark.parametrize("content", ["plain", "\0", "\ud800 half", "Ünïcode 🙂\0\udfff"])
def test_printable_text_can_be_kept_by_every_database(content: str) -> None:
    kept = printable(content)

    assert "\0" not in kept
    assert kept.encode("utf-8").decode("utf-8") == kept


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@settings(max_examples=100, deadline=None)
def test_printable_changes_nothing_that_can_be_kept(content: str) -> None:
    assert printable(content) == content


def test_long_values_are_shown_short() -> None:
    assert shown("x" * 1000).endswith("...")
    assert len(shown("x" * 1000)) == 80


def test_the_sentence_of_an_exception() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert sentence(ValueError("no good")) == "ValueError: no good"
    assert sentence(ValueError()) == "ValueError"
    assert sentence(Mute()) == "Mute: (its text cannot be had: RuntimeError)"


class TestOutcome:
    def test_a_plain_number_is_the_single_goal(self) -> None:
        ended = outcome(np.float32(0.5), [ACCURACY])

        assert (ended.state, ended.values, ended.metrics) == (RunState.COMPLETE, (0.5,), {"accuracy": 0.5})

    def test_a_mapping_holds_the_goal_and_more(self) -> None:
        ended = outcome({"seconds": 2, "accuracy": 0.5, "nan": math.nan}, [ACCURACY])

        assert (ended.state, ended.values) == (RunState.COMPLETE, (0.5,))
        assert list(ended.metrics) == ["seconds", "accuracy", "nan"]

    @pytest.mark.parametrize("returned", [(0.5, 2), [0.5, 2], {"seconds": 2, "accuracy": 0.5}])
    def test_several_goals_come_in_their_order(self, returned: Any) -> None:
        assert outcome(returned, [ACCURACY, SECONDS]).values == (0.5, 2.0)

    @pytest.mark.parametrize(
        ("returned", "goals", "said"),
        [
            (None, [ACCURACY], "the objective returned None; return 'accuracy' as a number or in a dict"),
            ("good", [ACCURACY], "metric 'accuracy' must be a number, not 'good' (str)"),
            (math.nan, [ACCURACY], "metric 'accuracy' is nan; the goal of a sweep must be finite"),
            (-math.inf, [ACCURACY], "metric 'accuracy' is -inf; the goal of a sweep must be finite"),
            ({"accuracy": None}, [ACCURACY], "metric 'accuracy' must be a number, not None"),
            ({"loss": 1.0}, [ACCURACY], "returned no 'accuracy', the metric of this sweep; it returned 'loss'"),
            ({}, [ACCURACY], "returned no 'accuracy', the metric of this sweep; it returned nothing"),
            ({1: 0.5, "accuracy": 1}, [ACCURACY], "metric name 1: must be text"),
            ({"a" * 251: 0.5, "accuracy": 1}, [ACCURACY], "251 characters, at most 250 are allowed"),
            ({"bad@name": 0.5, "accuracy": 1}, [ACCURACY], "metric name 'bad@name': only letters"),
            (0.5, [ACCURACY, SECONDS], "the objective returned 0.5; return a dict with 'accuracy', 'seconds'"),
            ((0.5,), [ACCURACY, SECONDS], "return a dict with 'accuracy', 'seconds'"),
            ((0.5, 1, 2), [ACCURACY, SECONDS], "return a dict with 'accuracy', 'seconds'"),
            ((0.5, 1), [ACCURACY], "return a dict with 'accuracy'"),
            (Stubborn(), [ACCURACY], "whose repr raises RuntimeError"),
        ],
    )
    def test_anything_else_is_an_invalid_value(self, returned: Any, goals: list[Goal], said: str) -> None:
        ended = outcome(returned, goals)

        assert (ended.state, ended.values) == (RunState.FAILED, None)
        assert ended.failure is not None
        assert ended.failure.kind is FailureClass.INVALID_VALUE
        assert said in ended.failure.message

    def test_what_could_be_read_is_kept_and_every_mistake_is_told(self) -> None:
        ended = outcome({"a": "one", "loss": 1.5, "b": None, "accuracy": math.nan}, [ACCURACY])

        assert ended.metrics["loss"] == 1.5
        assert ended.failure is not None
        assert "'a'" in ended.failure.message
        assert "'b'" in ended.failure.message
