"""Parameters to plain numbers and back."""

from __future__ import annotations

from random import Random

import pytest

from sweeper.samplers.points import Points
from sweeper.space import Categorical, Constant, Float, Int, SearchSpace
from sweeper.testing.samplers import CONTINUOUS, FINITE

SPACE = SearchSpace(
    {
        "kind": Categorical(["a", "b"]), "n": Int(1, 9, when={"kind": "a"}), "x": Float(0, 1),
        "fixed": Constant(3),
    },
    ["x <= 0.9"],
)


@pytest.mark.parametrize("space", [*CONTINUOUS.values(), *FINITE.values()], ids=[*CONTINUOUS, *FINITE])
def test_every_point_has_numbers_and_they_lead_back(space: SearchSpace) -> None:
    points = Points(space)
    for seed in range(30):
        params = space.sample(Random(seed))
        raws = points.raws(params)
        assert raws is not None
        again = points.build(lambda name, before, raws=raws: raws[name])  # type: ignore[misc]  # one lambda per draw
        assert points.raws(again) == pytest.approx(raws)


def test_inactive_and_unknown_names_are_left_out() -> None:
    assert Points(SPACE).raws({"kind": "b", "n": 4, "x": 0.5, "fixed": 3, "more": 1}) == {"kind": 1, "x": 0.5}


def test_constants_may_be_missing() -> None:
    assert Points(SPACE).raws({"kind": "b", "x": 0.5}) == {"kind": 1, "x": 0.5}


@pytest.mark.parametrize("params", [
    {"kind": "b"}, {"kind": "c", "x": 0.5}, {"kind": "a", "x": 0.5}, {"kind": "a", "n": 10, "x": 0.5},
    {"kind": "b", "x": 0.95}, {"kind": "b", "x": 0.5, "fixed": 4}, {"kind": "b", "x": "0.5"}, {"kind": [], "x": 0.5},
])
def test_what_is_no_point_has_no_numbers(params: dict[str, object]) -> None:
    assert Points(SPACE).raws(params) is None


def test_equal_points_have_equal_keys() -> None:
    points = Points(SPACE)
    first, second = ({"kind": "b", "x": 0.5}, {"x": 0.5, "kind": "b", "fixed": 3})
    one, other = points.raws(first), points.raws(second)
    assert one is not None
    assert other is not None
    assert points.key(one) == points.key(other)
