"""When trials ran, and how many at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.timeline import timeline
from sweeper.records import RunState
from tests.analysis.conftest import made, trial

SPACE = {"a": {"min": 0, "max": 9}}


def test_trials_at_the_same_time_lie_in_different_lanes() -> None:
    times = [(100.0, 110.0), (101.0, 104.0), (105.0, 120.0)]
    trials = [trial(i, {"a": 1}, 1.0, started=start, ended=end) for i, (start, end) in enumerate(times)]

    found = timeline(made(SPACE, trials), now=500.0)

    assert list(found.lane) == [0, 1, 1]
    assert list(found.start) == [0.0, 1.0, 5.0]
    assert (found.lanes, found.seconds) == (2, 20.0)
    assert found.busy == pytest.approx(28 / 40)


def test_a_running_trial_goes_on_until_now() -> None:
    found = timeline(made(SPACE, [trial(0, {"a": 1}, None, state=RunState.RUNNING, ended=None)]), now=30.0)

    assert list(found.end) == [30.0]


def test_a_trial_that_waits_is_not_there() -> None:
    waiting = trial(0, {"a": 1}, None, state=RunState.QUEUED, started=None, ended=None)

    assert len(timeline(made(SPACE, [waiting]), now=1.0).start) == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), min_size=1, max_size=40))
def test_no_two_trials_overlap_in_a_lane_and_there_are_no_more_lanes_than_needed(spans: list[tuple[int, int]]) -> None:
    trials = [trial(i, {"a": 1}, 1.0, started=float(s), ended=float(s + d)) for i, (s, d) in enumerate(spans)]

    found = timeline(made(SPACE, trials), now=100.0)

    for lane in range(found.lanes):
        mine = found.lane == lane
        assert (found.start[mine][1:] >= found.end[mine][:-1]).all()
    most = max(int(((found.start <= t) & (t < found.end)).sum()) for t in found.start)
    assert found.lanes <= most
    assert np.isfinite(found.busy)
