"""Points of past spaces in the space of now."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.samplers.warm.fit import fit, nearest, place
from sweeper.samplers.warm.history import PastSweep, PastTrial
from sweeper.space import Beta, Categorical, Float, Int, Parameter, SearchSpace

SPACE = SearchSpace({
    "lr": Float(1e-4, 1e-1, log=True), "n": Int(2, 8), "kind": Categorical(["a", "b", 3]),
    "depth": Int(1, 9, when={"kind": "a"}),
})  # fmt: skip


def sweep(*points: dict[str, Any]) -> PastSweep:
    return PastSweep("1" * 32, "old", 50, tuple(PastTrial(i, point, values=(1.0,)) for i, point in enumerate(points)))


def test_a_point_that_still_fits_stays_as_it_is() -> None:
    point = {"lr": 0.01, "n": 4, "kind": "a", "depth": 3}

    assert place(point, SPACE, Random(1)) == (point, ())


@pytest.mark.parametrize(
    ("past", "now"),
    [({"lr": 1.0}, 0.1), ({"lr": 1e-9}, 1e-4), ({"n": 100}, 8), ({"n": -3}, 2), ({"n": 4.4}, 4), ({"n": 4.0}, 4)],
)
def test_a_number_outside_moves_to_the_nearest_inside(past: dict[str, Any], now: float) -> None:
    (name,) = past

    point, moved = place({"lr": 0.01, "n": 4, "kind": "b", **past}, SPACE, Random(1))

    assert point[name] == pytest.approx(now)
    assert type(point[name]) is type(now)
    assert moved == (() if past == {"n": 4.0} else (name,))


def test_choices_are_known_by_their_value_and_one_that_is_gone_is_drawn() -> None:
    assert place({"lr": 0.01, "n": 4, "kind": 3}, SPACE, Random(1))[0]["kind"] == 3
    drawn = {place({"lr": 0.01, "n": 4, "kind": "gone"}, SPACE, Random(seed))[0]["kind"] for seed in range(30)}
    assert drawn == {"a", "b", 3}


def test_what_is_inactive_now_is_left_out_and_what_is_active_is_there() -> None:
    point, _ = place({"lr": 0.01, "n": 4, "kind": "b", "depth": 3, "other": 1}, SPACE, Random(1))
    assert set(point) == {"lr", "n", "kind"}
    point, moved = place({"lr": 0.01, "n": 4, "kind": "a"}, SPACE, Random(1))
    assert SPACE.contains(point)
    assert moved == ()


def test_shared_new_and_gone_parameters_are_told_apart() -> None:
    fitted = fit([sweep({"lr": 1.0, "kind": "b", "old": 2}, {"lr": 0.01, "kind": "b"})], SPACE, 1)

    assert (fitted.shared, fitted.new, fitted.gone) == (("lr", "kind"), ("n", "depth"), ("old",))
    assert [len(one) for one in fitted.sweeps] == [2]
    assert fitted.moved == 1
    assert all(SPACE.contains(one.params) for one in fitted.sweeps[0])


def test_a_point_that_breaks_a_constraint_is_dropped_and_counted() -> None:
    space = SearchSpace({"a": Int(0, 9), "b": Int(0, 9)}, ["a + b <= 9"])

    fitted = fit([sweep({"a": 9, "b": 9}, {"a": 1, "b": 2})], space, 1)

    assert [one.params for one in fitted.sweeps[0]] == [{"a": 1, "b": 2}]
    assert fitted.dropped == 1


@given(
    parameter=st.sampled_from([
        Float(0.1, 7.0), Float(1e-5, 1.0, log=True), Float(0, 1, step=0.25), Float(1, 100, log=True, step=3.0),
        Int(-5, 5), Int(1, 1000, log=True), Int(2, 50, step=7), Int(2, 64, log=True, step=2), Beta(2, 3),
    ]),
    value=st.floats(-1e6, 1e6),
)  # fmt: skip
def test_the_nearest_value_is_inside_and_none_is_nearer(parameter: Parameter, value: float) -> None:
    found = nearest(parameter, value)

    assert parameter.contains(found)
    rng = Random(1)
    others = [parameter.decode(parameter.domain.at(rng.random())) for _ in range(30)]  # type: ignore[union-attr]  # all have one
    assert all(abs(found - value) <= abs(other - value) * (1 + 1e-9) + 1e-12 for other in others)
