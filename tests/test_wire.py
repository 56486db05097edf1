"""Every event comes back equal from JSON."""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper import wire
from sweeper.events import Event
from sweeper.records import Point

FINITE = st.floats(allow_nan=False)  # infinities too; NaN never equals itself and has a test of its own
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=10),
    int: st.integers(),
    float: FINITE,
    bool: st.booleans(),
    type(None): st.none(),
    Any: JSON,
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values that a type hint allows."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*map(values, arguments))
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if origin in (dict, Mapping):
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in dataclasses.fields(kind)})
    if str(origin) == "typing.Literal":
        return st.sampled_from(arguments)
    raise AssertionError(f"no strategy for {kind}")


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_an_event_of_every_class_comes_back_equal(kind: type, data: st.DataObject) -> None:
    event = data.draw(values(kind))

    line = wire.dumps(wire.encode(event))
    found = wire.decode(json.loads(line))

    assert type(found) is kind
    assert found == event
    assert b"\n" not in line


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324])
def test_every_float_keeps_itself(value: float) -> None:
    point = wire.decode(json.loads(wire.dumps(wire.encode(wire.CLASSES["PointsLogged"]("r", (Point("m", value),), 1)))))

    assert repr(point) == repr(wire.CLASSES["PointsLogged"]("r", (Point("m", value),), 1))


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        ["PointsLogged"],
        ["NoSuchEvent", {}],
        ["RunEnded", {"run_id": "r"}],
        ["RunEnded", {"run_id": "r", "state": "no such state", "time": 1.0}],
        ["TagsSet", {"run_id": "r", "tags": {}, "more": 1}],
        ["AttemptEnded", None],
        ["PointsLogged", {"run_id": "r", "points": [["m"]]}],
        [["PointsLogged"], {}],
    ],
)
def test_anything_else_is_a_value_error(data: Any) -> None:
    with pytest.raises(ValueError, match="not an event of this version"):
        wire.decode(data)


def test_every_sequence_of_numbers_travels() -> None:
    for numbers in (range(2, 5), [2, 3, 4], (2, 3, 4)):
        sent = json.loads(wire.dumps({"numbers": numbers}))["numbers"]
        assert wire.restore(Sequence[int] | None, sent) == wire.plain(numbers) == [2, 3, 4]
