"""Bars too narrow to be told apart are drawn as one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweeper.report.plots.timeline import merged

BARS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5), st.integers(0, 3)), min_size=1, max_size=60)


@given(BARS, st.sampled_from([0.01, 0.5, 3.0]))
def test_merged_bars_cover_what_the_bars_covered(bars: list[tuple[float, float, int]], least: float) -> None:
    left, lane = np.array([bar[0] for bar in bars]), np.array([bar[2] for bar in bars])
    right = left + np.array([bar[1] for bar in bars])
    starts, ends, lanes = merged(left, right, lane, least)
    for start, end, at in zip(left, right, lane, strict=True):
        assert any(s <= start and end <= e and at == place for s, e, place in zip(starts, ends, lanes, strict=True))
    for place in set(lanes):
        own = np.sort(starts[lanes == place])
        assert len(np.unique(np.floor(own / least))) == len(own), "one bar begins in each step of a lane"


def test_bars_far_apart_stay_as_they_are() -> None:
    left, right = np.array([4.0, 0.0, 2.0]), np.array([5.0, 1.0, 3.0])
    starts, ends, lanes = merged(left, right, np.zeros(3, dtype=np.int64), 0.1)
    assert (starts.tolist(), ends.tolist(), lanes.tolist()) == ([0.0, 2.0, 4.0], [1.0, 3.0, 5.0], [0.0, 0.0, 0.0])
