"""Any float in two columns."""

from __future__ import annotations

import struct

from hypothesis import example, given
from hypothesis import strategies as st

from sweeper.store.floats import LARGEST, join, split


@given(st.floats())
@example(-0.0)
@example(float("nan"))
@example(float("-inf"))
def test_a_float_comes_back_as_it_was(value: float) -> None:
    kind, number = split(value)
    back = join(kind, number)
    assert back != back if value != value else struct.pack("d", back) == struct.pack("d", value)
    assert abs(number) <= LARGEST


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_the_number_sorts_as_the_float_does(one: float, other: float) -> None:
    if one < other:
        assert split(one)[1] <= split(other)[1]
