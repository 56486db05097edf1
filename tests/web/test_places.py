"""Where a value lies in its declared range."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.space import Categorical, Constant, Float, Int, Normal, Parameter
from sweeper.testing.sweeps import sweep_record
from sweeper.web.places import place_of, placed, unplaced

SPACE = {
    "rate": {"min": 1e-4, "max": 1e-2, "distribution": "log_uniform_values"},
    "depth": {"min": 2, "max": 10},
    "kind": {"values": ["a", "b"]},
    "alpha": {"min": 0.0, "max": 1.0, "when": {"kind": "b"}},
    "epochs": {"value": 30},
}


@pytest.mark.parametrize(
    ("parameter", "value", "place"),
    [
        (Float(1e-4, 1e-2, log=True), 1e-3, 0.5),
        (Float(0.0, 1.0), 0.25, 0.25),
        (Int(2, 10), 2, 0.0),
        (Int(2, 10), 10, 1.0),
        (Int(1, 100, log=True), 10, 0.5),
        (Categorical(["a", "b", "c", "d"]), "d", 0.875),
        (Categorical([True, 1]), 1, 0.75),
        (Float(0.0, 1.0), 1.5, None),
        (Float(0.0, 1.0), "x", None),
        (Float(0.0, 1.0), math.nan, None),
        (Categorical(["a"]), "z", None),
        (Constant(3), 3, None),
        (Normal(0.0, 1.0), 0.5, None),
        (Float(2.0, 2.0), 2.0, 0.5),
        (None, 1.0, None),
    ],
)
def test_a_place_is_on_the_scale_of_the_parameter(parameter: Parameter | None, value: Any, place: float | None) -> None:
    found = place_of(parameter, value)
    assert found == (None if place is None else pytest.approx(place))


@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308), st.floats(-1e308, 1e308))
def test_every_value_inside_lies_between_the_ends(one: float, other: float, value: float) -> None:
    low, high = min(one, other), max(one, other)
    place = place_of(Float(low, high), value)
    assert (place is not None) == (low <= value <= high)
    assert place is None or 0 <= place <= 1


def test_a_row_says_what_the_best_trial_has_and_what_is_not_active() -> None:
    sweep = sweep_record(space=SPACE)
    rows = placed(
        sweep,
        {"rate": 1e-3, "depth": 4, "kind": "a", "epochs": 30, "extra": "new"},
        {"rate": 1e-3, "depth": 6, "kind": "b", "alpha": 0.5, "epochs": 30},
    )
    by_name = {row["name"]: row for row in rows}
    assert list(by_name) == ["rate", "depth", "kind", "alpha", "epochs", "extra"]
    assert [name for name, row in by_name.items() if row["differs"]] == ["depth", "kind", "alpha", "extra"]
    assert (by_name["depth"]["place"], by_name["depth"]["best_place"]) == (0.25, 0.5)
    assert (by_name["depth"]["low"], by_name["depth"]["high"]) == (2, 10)
    assert (by_name["rate"]["kind"], by_name["rate"]["log"]) == ("float", True)
    assert by_name["kind"]["choices"] == ["a", "b"]
    alpha = by_name["alpha"]
    assert (alpha["active"], alpha["value"], alpha["place"], alpha["when"]) == (False, None, None, "kind = b")
    assert (by_name["extra"]["value"], by_name["extra"]["kind"]) == ("new", None)


def test_without_a_best_trial_nothing_differs() -> None:
    assert not any(row["differs"] for row in placed(sweep_record(space=SPACE), {"rate": 1e-3}, None))


def test_a_run_outside_sweeps_has_values_without_ranges() -> None:
    row = unplaced("lr", "0.1")
    assert (row["value"], row["place"], row["low"], row["differs"]) == ("0.1", None, None, False)
