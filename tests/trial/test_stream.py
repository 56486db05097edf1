"""The numbered stream: what is emitted comes out once and in order, wherever it is cut into frames."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.events import AttemptEnded, Event, ParamsLogged, PointsLogged, TagsSet
from sweeper.interfaces import ArtifactStore
from sweeper.records import Point, RunState
from sweeper.trial import frames, stream
from sweeper.trial.frames import Frame
from sweeper.trial.stream import FLUSH_POINTS, Stream


def no_files() -> ArtifactStore:
    raise AssertionError("no files are written here")


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(stream, "time", made)
    return made


@pytest.fixture
def sent() -> list[bytes]:
    return []


@pytest.fixture
def made(clock: Clock, sent: list[bytes]) -> Stream:
    opened = Stream(sent.append, no_files)
    opened.begin("r", 1, 5)
    return opened


def ended(applied: int) -> AttemptEnded:
    return AttemptEnded("s", "r", 1, 9.0, RunState.COMPLETE, applied=applied)


def tag(number: int) -> TagsSet:
    return TagsSet("r", {"n": str(number)})


def points(run_id: str, *values: float) -> PointsLogged:
    return PointsLogged(run_id, tuple(Point("m", value, step, 1.0) for step, value in enumerate(values)), 1)


def flat(events: list[Event]) -> list[Any]:
    """Return the events with every point for itself: merging may not change more than that."""
    found: list[Any] = []
    for event in events:
        if isinstance(event, PointsLogged):
            found += [(event.run_id, event.attempt, point) for point in event.points]
        else:
            found.append(event)
    return found


STEPS = st.lists(
    st.one_of(
        st.builds(tag, st.integers(0, 9)),
        st.builds(points, st.sampled_from(["r", "child"]), st.floats(allow_nan=False), st.floats(allow_nan=False)),
        st.just(ParamsLogged("child", {"a": "b"})),
        st.sampled_from(["flush", "tick"]),
    ),
    max_size=40,
)


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_everything_comes_out_once_and_in_order_wherever_it_is_cut(steps: list[Any]) -> None:
    sent: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "time", clock := Clock())
        made = Stream(sent.append, no_files)
        made.begin("r", 1, 5)
        emitted: list[Event] = []
        for step in steps:
            if isinstance(step, str):
                clock.now += 1.0
                if step == "tick":
                    made.tick()
            else:
                emitted.append(step)
                made.emit(step)
        final = made.finish(ended)

    received = [frames.unpack(line) for line in [*sent, final]]
    got = [event for frame in received for event in frame.events]
    assert flat(got[:-1]) == flat(emitted)
    assert got[-1] == ended(len(got))
    assert [frame.first for frame in received] == [0, *(frame.end for frame in received[:-1])]
    assert {(frame.run_id, frame.attempt, frame.serial) for frame in received} == {("r", 1, 5)}
    assert made.unacknowledged() == [*sent, final]


def test_a_short_trial_is_one_frame(made: Stream, sent: list[bytes]) -> None:
    made.emit(tag(1))
    made.emit(points("r", 0.5))
    final = made.finish(ended)

    assert sent == []
    assert frames.unpack(final) == Frame("r", 1, 5, 0, (tag(1), points("r", 0.5), ended(3)))


def test_records_wait_no_longer_than_the_next_record_or_tick(made: Stream, sent: list[bytes], clock: Clock) -> None:
    made.emit(tag(1))
    made.tick()
    assert sent == []

    clock.now += 0.3
    made.tick()
    assert [frames.unpack(line).events for line in sent] == [(tag(1),)]

    made.tick()
    clock.now += 0.3
    made.tick()
    made.emit(tag(2))
    assert [frames.unpack(line).first for line in sent] == [0, 1]


def test_many_points_leave_at_once(made: Stream, sent: list[bytes]) -> None:
    for step in range(FLUSH_POINTS):
        made.emit(points("r", float(step)))

    (line,) = sent
    (event,) = frames.unpack(line).events
    assert isinstance(event, PointsLogged)
    assert [point.value for point in event.points] == [float(step) for step in range(FLUSH_POINTS)]


def test_what_waits_leaves_when_asked_and_once(made: Stream, sent: list[bytes]) -> None:
    made.emit(tag(1))
    made.flush()
    made.flush()
    assert [frames.unpack(line).events for line in sent] == [(tag(1),)]

    made.finish(ended)
    made.flush()
    assert len(sent) == 1


def test_after_the_end_nothing_is_taken(made: Stream, sent: list[bytes], clock: Clock) -> None:
    final = made.finish(ended)
    clock.now += 1
    made.emit(tag(1))
    made.tick()

    assert sent == []
    assert made.unacknowledged() == [final]


def test_the_next_attempt_counts_from_zero(made: Stream, sent: list[bytes], clock: Clock) -> None:
    made.emit(tag(1))
    made.finish(ended)
    made.begin("q", 2, 6)
    made.emit(tag(2))
    clock.now += 1
    made.tick()

    assert frames.unpack(sent[0]) == Frame("q", 2, 6, 0, (tag(2),))


@pytest.mark.parametrize(
    ("serial", "applied", "left"),
    [(0, 0, 4), (5, 0, 4), (5, 1, 3), (5, 2, 2), (5, 3, 1), (6, 0, 1), (6, 1, 0), (7, 0, 0)],
)
def test_what_is_acknowledged_is_forgotten_and_nothing_else(
    made: Stream, sent: list[bytes], clock: Clock, serial: int, applied: int, left: int
) -> None:
    for number in (1, 2):
        clock.now += 1
        made.emit(tag(number))
    kept = [*sent, made.finish(ended)]
    made.begin("q", 1, 6)
    kept.append(made.finish(ended))

    made.acknowledge(serial, applied)

    assert made.unacknowledged() == kept[len(kept) - left :]


def test_threads_lose_nothing(sent: list[bytes]) -> None:
    made = Stream(sent.append, no_files)
    made.begin("r", 1, 5)
    done = threading.Event()

    def emit(thread: int) -> None:
        for number in range(500):
            made.emit(TagsSet(str(thread), {"n": str(number)}))

    def watch(call: Callable[[], Any]) -> None:
        while not done.is_set():
            call()

    watchers = [threading.Thread(target=watch, args=(call,)) for call in (made.unacknowledged, made.tick)]
    emitters = [threading.Thread(target=emit, args=(thread,)) for thread in range(4)]
    for thread in (*watchers, *emitters):
        thread.start()
    for thread in emitters:
        thread.join()
    done.set()
    for thread in watchers:
        thread.join()

    got = [event for line in [*sent, made.finish(ended)] for event in frames.unpack(line).events]
    for thread in map(str, range(4)):
        numbers = [event.tags["n"] for event in got if isinstance(event, TagsSet) and event.run_id == thread]
        assert numbers == [str(number) for number in range(500)]
