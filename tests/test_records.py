"""Ids, states and goals."""

from __future__ import annotations

import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from sweeper.records import Goal, RunState, SweepState, new_id


class TestNewId:
    def test_it_is_a_uuid_of_version_seven(self) -> None:
        before = time.time_ns() // 1_000_000
        made = uuid.UUID(new_id())

        assert (made.version, made.variant) == (7, uuid.RFC_4122)
        assert before <= made.int >> 80 <= time.time_ns() // 1_000_000

    def test_ids_sort_by_the_clock_within_a_millisecond_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ticks = iter(range(10**18, 10**18 + 10**10, 250))
        monkeypatch.setattr(time, "time_ns", lambda: next(ticks))
        ids = [new_id() for _ in range(1000)]

        assert ids == sorted(ids)
        assert all(len(made) == 32 and made == made.lower() for made in ids)

    def test_threads_never_make_the_same(self) -> None:
        with ThreadPoolExecutor(8) as pool:
            made = [made for part in pool.map(lambda _: [new_id() for _ in range(2000)], range(8)) for made in part]

        assert len(set(made)) == len(made)

    def test_a_forked_process_makes_others(self) -> None:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, new_id()[-16:].encode())
            os._exit(0)
        mine = new_id()[-16:]
        os.waitpid(child, 0)
        theirs = os.read(reading, 100).decode()
        os.close(reading)
        os.close(writing)

        assert theirs != mine
        assert len(theirs) == 16


class TestGoal:
    def test_minimize(self) -> None:
        goal = Goal("loss", "minimize", target=0.1)

        assert goal.better(0.1, 0.2)
        assert not goal.better(0.2, 0.2)
        assert [goal.reached(value) for value in (0.2, 0.1, 0.05)] == [False, True, True]

    def test_maximize(self) -> None:
        goal = Goal("accuracy", "maximize", target=0.9)

        assert goal.better(0.2, 0.1)
        assert [goal.reached(value) for value in (0.8, 0.9, 0.95)] == [False, True, True]

    def test_without_a_target_nothing_reaches_it(self) -> None:
        assert not Goal("loss").reached(-1e300)


def test_states_know_whether_they_are_an_end() -> None:
    assert [state.value for state in RunState if not state.ended] == ["queued", "running"]
    assert [state.value for state in SweepState if not state.ended] == ["running", "paused", "interrupted"]
