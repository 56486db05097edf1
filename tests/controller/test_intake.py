"""Records of a running attempt: each is taken once, whatever comes twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.controller import intake
from sweeper.controller.intake import STRAGGLERS, Active
from sweeper.events import AttemptEnded, TagsSet
from sweeper.interfaces import WorkerDied
from sweeper.records import Failure, FailureClass, RunState, TrialRecord
from sweeper.trial.frames import Frame

EVENTS = [TagsSet("r", {"n": str(number)}) for number in range(20)]


def active() -> Active:
    return Active(3, "r", {"x": 1}, 2)


def frame(first: int, end: int) -> Frame:
    return Frame("r", 2, 1, first, tuple(EVENTS[first:end]))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=30))
@settings(max_examples=100, deadline=None)
def test_overlapping_frames_give_every_record_once_and_in_order(cuts: list[tuple[int, int]]) -> None:
    made = active()
    taken: list[TagsSet] = []
    for back, length in cuts:
        first = max(made.applied - back, 0)  # the channel keeps the order: a frame never begins after what came
        taken += made.take(frame(first, min(first + length, len(EVENTS))))  # type: ignore[arg-type]  # only tags here

    assert taken == EVENTS[: made.applied]


def test_the_last_records_wait_for_those_before_them() -> None:
    made = active()
    made.last = frame(3, 5)

    assert made.final() is None
    assert made.take(frame(0, 3)) == EVENTS[:3]
    assert made.final() == EVENTS[3:5]
    assert made.applied == 5


def test_without_the_calls_result_there_is_no_end() -> None:
    made = active()
    made.take(frame(0, 3))

    assert made.final() is None


def test_a_dead_worker_is_waited_for_until_its_channel_is_drained_or_long_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(intake.time, "monotonic", lambda: now[0])
    made = active()
    assert not made.given_up(gone=True)

    made.death, made.died_at = WorkerDied(signal=9, pid=5), now[0]
    assert not made.given_up(gone=False)
    assert made.given_up(gone=True)
    now[0] += STRAGGLERS + 0.1
    assert made.given_up(gone=False)


def test_the_record_is_what_the_store_will_have() -> None:
    failure = Failure(FailureClass.EXCEPTION, "no")
    ended = AttemptEnded("s", "r", 2, 9.0, RunState.FAILED, started=1.0, metrics={"m": 1.0}, failure=failure)

    assert active().record("s", ended, RunState.FAILED) == TrialRecord(
        "r", "s", 3, RunState.FAILED, {"x": 1}, None, {"m": 1.0}, 2, failure, started=1.0, ended=9.0
    )
