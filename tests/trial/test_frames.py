"""A frame is one line of JSON, both ways."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper import wire
from sweeper.events import PointsLogged, TagsSet
from sweeper.records import Point
from sweeper.trial.frames import Frame, pack, unpack

TEXT = st.text(max_size=20)
POINTS = st.builds(Point, TEXT, st.floats(), st.integers(-(2**63), 2**63 - 1), st.floats(0, 1e10))
EVENTS = st.lists(
    st.builds(TagsSet, TEXT, st.dictionaries(TEXT, TEXT, max_size=3))
    | st.builds(PointsLogged, TEXT, st.lists(POINTS, max_size=3).map(tuple), st.integers(0, 9)),
    max_size=5,
)


@given(TEXT, st.integers(0, 99), st.integers(0, 2**40), st.integers(0, 2**40), EVENTS)
@settings(max_examples=100, deadline=None)
def test_what_is_packed_comes_back_as_one_line(
    run_id: str, attempt: int, serial: int, first: int, events: list[TagsSet | PointsLogged]
) -> None:
    line = pack(run_id, attempt, serial, first, [wire.encode(event) for event in events])
    found = unpack(line)

    assert b"\n" not in line
    assert repr(found) == repr(Frame(run_id, attempt, serial, first, tuple(events)))  # NaN equals itself in a repr
    assert found.end == first + len(events)


def test_nan_and_infinities_travel() -> None:
    sent = PointsLogged("r", tuple(Point("m", value) for value in (math.nan, math.inf, -math.inf, -0.0)))

    (event,) = unpack(pack("r", 1, 1, 0, [wire.encode(sent)])).events

    assert isinstance(event, PointsLogged)
    assert repr(event) == repr(sent)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"3",
        b"{}",
        b"[]",
        b'["frame"]',
        b'["ask","r",1,1,0,[]]',
        b'["frame","r",1,1,0,[["NoSuch",{}]]]',
        b"\xff",
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        unpack(line)
