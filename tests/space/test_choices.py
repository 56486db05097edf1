"""Choices, weighted and not, and constants."""

from collections import Counter

import pytest

from sweeper.errors import SpaceError
from sweeper.space import Categorical, ChoiceDomain, Constant, FloatDomain

EVEN = [(place + 0.5) / 10_000 for place in range(10_000)]


def test_any_value_of_a_file_can_be_a_choice():
    values = ["rbf", 1, 1.5, True, None, [64, 64], {"a": {"b": 1}}]
    parameter = Categorical(values)
    assert parameter.domain == ChoiceDomain(7)
    assert [parameter.decode(place) for place in range(7)] == values
    assert [parameter.encode(value) for value in values] == list(range(7))
    assert not parameter.contains(False)
    assert not parameter.contains([64])


def test_a_value_handed_out_is_a_copy():
    parameter = Categorical([[1], [2]])
    parameter.decode(0).append(3)
    assert parameter.decode(0) == [1]
    constant = Constant({"a": []})
    constant.decode(0)["a"].append(1)
    assert constant.decode(0) == {"a": []}


def test_weights_are_honoured_by_whoever_searches_the_unit_interval():
    parameter = Categorical(["a", "b", "never", "c"], weights=[1, 2, 0, 5])
    assert parameter.domain == FloatDomain(0.0, 1.0)
    assert Counter(parameter.decode(u) for u in EVEN) == {"a": 1250, "b": 2500, "c": 6250}
    assert parameter.grid() == ["a", "b", "c"]
    assert parameter.size() == 3
    assert not parameter.contains("never")
    assert parameter.decode(1.0) == "c"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Categorical([]), "values: is empty"),
        (lambda: Categorical("abc"), "values: is 'abc'; write a list"),
        (lambda: Categorical(["a", "b", "a"]), "values: has 'a' twice"),
        (lambda: Categorical([1, 2], weights=[1]), "weights: there are 1 for 2 values"),
        (lambda: Categorical([1, 2], weights=[1, -1]), "weights: .* 0 or more"),
        (lambda: Categorical([1, 2], weights=[0, 0]), "weights: .* not all 0"),
        (lambda: Categorical([len]), "is a builtin_function_or_method"),
        (lambda: Constant(float("nan")), "NaN"),
    ],
)
def test_impossible_choices_say_what_is_wrong(make, words):
    with pytest.raises(SpaceError, match=words):
        make()


def test_one_and_true_are_two_choices():
    assert Categorical([1, True]).size() == 2


def test_a_wrong_value_is_answered_with_the_nearest():
    with pytest.raises(SpaceError, match="'poly'"):
        Categorical(["rbf", "poly"]).encode("ploy")


def test_narrowing_keeps_order_and_weights():
    assert Categorical(["a", "b", "c"]).narrow(values=["c", "a"]) == Categorical(["a", "c"])
    assert Categorical(["a", "b", "c"], weights=[1, 2, 3]).narrow(values=["b", "c"]) == Categorical(
        ["b", "c"], weights=[2, 3]
    )
    with pytest.raises(SpaceError, match=r"'d' is not in a \| b \| c"):
        Categorical(["a", "b", "c"]).narrow(values=["a", "d"])
    with pytest.raises(SpaceError, match="narrow it with values"):
        Categorical([1, 2, 3]).narrow(low=2)


def test_constants_stay_constant():
    assert Constant(3).narrow(values=[3, 4]) == Constant(3)
    assert (Constant(3).domain, Constant(3).grid(), Constant(3).encode(3)) == (None, [3], 0)
    with pytest.raises(SpaceError, match="cannot be narrowed"):
        Constant(3).narrow(values=[4])
    with pytest.raises(SpaceError, match="4 is not the constant always 3"):
        Constant(3).encode(4)


def test_descriptions_show_shares_and_stay_short():
    assert Categorical(["a", "b"], weights=[1, 3]).describe() == "a 25 % | b 75 %"
    assert Categorical(list(range(100))).describe().endswith("9 | 10 | ... (100 values)")
    assert Constant(None).describe() == "always None"
