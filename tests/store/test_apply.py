"""Laws of applying events: once is as good as twice, and how they are batched does not matter."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.errors import UsageError
from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    ParamsLogged,
    PointsLogged,
    RunEnded,
    RunStarted,
    SweepChanged,
    SweepCreated,
    TagsDeleted,
    TagsSet,
    TrialCreated,
)
from sweeper.records import Failure, FailureClass, Point, Run, RunState, SweepState
from sweeper.store import open_store
from sweeper.testing.sweeps import START, sweep_record

SWEEP = sweep_record(id="5" * 32)
TRIALS = ["a" * 32, "b" * 32]
RUNS = ["c" * 32, "d" * 32, "e" * 32]

FIRST: list[Event] = [
    SweepCreated(SWEEP, {}, {}),
    *(TrialCreated(SWEEP.id, run_id, number, {"x": number}, number, START) for number, run_id in enumerate(TRIALS)),
    RunStarted(Run(RUNS[0], "top", started=START)),
    RunStarted(Run(RUNS[1], "below a trial", parent_id=TRIALS[0], started=START)),
]

ENDS = st.sampled_from([RunState.COMPLETE, RunState.FAILED, RunState.CANCELLED, RunState.PRUNED])
KEYS = st.sampled_from(["m", "n"])
TIMES = st.integers(0, 5).map(lambda n: START + n)
VALUES = st.sampled_from([0.0, -0.0, 1.0, float("nan"), float("inf")])
POINTS = st.lists(st.builds(Point, KEYS, VALUES, st.integers(0, 4), TIMES), min_size=1, max_size=4).map(tuple)
ANY_RUN = st.sampled_from([*TRIALS, *RUNS[:2]])
TRIAL = st.sampled_from(TRIALS)
ATTEMPT = st.integers(1, 3)
FAILURE = st.sampled_from([None, Failure(FailureClass.LOST, "gone")])

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(AttemptStarted, st.just(SWEEP.id), TRIAL, ATTEMPT, st.sampled_from(["w0", "w1"]), TIMES),
    st.builds(
        AttemptEnded, st.just(SWEEP.id), TRIAL, ATTEMPT, TIMES, st.one_of(st.none(), ENDS), st.none(),
        st.sampled_from([(0.5,), (1.0,), (float("nan"),)]), st.just({"accuracy": 0.5}), FAILURE,
    ),
    st.builds(PointsLogged, TRIAL, POINTS, ATTEMPT),
    st.builds(PointsLogged, st.sampled_from(RUNS[:2]), POINTS),
    st.builds(ParamsLogged, ANY_RUN, st.dictionaries(KEYS, st.sampled_from(["1", "2"]), max_size=2)),
    st.builds(TagsSet, ANY_RUN, st.dictionaries(KEYS, st.sampled_from(["1", "2"]), max_size=2)),
    st.builds(TagsDeleted, ANY_RUN, st.tuples(KEYS)),
    st.builds(RunEnded, st.sampled_from(RUNS[:2]), ENDS, TIMES),
    st.sampled_from([*TRIALS, *RUNS[:2]]).map(lambda parent: RunStarted(Run(RUNS[2], "late", parent_id=parent))),
    st.builds(SweepChanged, st.just(SWEEP.id), TIMES, st.sampled_from([None, *SweepState]), st.integers(1, 3)),
)  # fmt: skip


def causal(events: list[Event]) -> list[Event]:
    """Leave out points of attempts that have not started: nobody measures before a start is written."""
    begun: set[tuple[str, int]] = set()
    kept: list[Event] = []
    for event in events:
        if isinstance(event, AttemptStarted):
            begun.add((event.run_id, event.attempt))
        if not isinstance(event, PointsLogged) or event.attempt < 2 or (event.run_id, event.attempt) in begun:
            kept.append(event)
    return kept


def contents(sequence: list[tuple[Event, ...]], *, wait: bool) -> dict[str, list[Any]]:
    """Write each tuple of events at once, and return every row of every table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "runs.db")
        store = open_store(str(path), artifacts="/files")
        futures = []
        for events in sequence:
            futures.append(store.write(*events))
            if wait:
                futures[-1].exception()
        for future in futures:
            assert future.exception() is None or isinstance(future.exception(), UsageError)
        store.close()
        connection = sqlite3.connect(path)
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in tables
            if table not in ("sweeper_experiments", "sweeper_schema", "sweeper_meta")
        }
        connection.close()
        return found


@settings(max_examples=25, deadline=None)
@given(st.lists(EVENTS, max_size=12).map(causal))
def test_a_sequence_applied_twice_is_as_good_as_once(events: list[Event]) -> None:
    once = contents([tuple(FIRST), *((event,) for event in events)], wait=False)
    twice = contents([tuple(FIRST), *((event,) for event in [*events, *FIRST, *events])], wait=False)
    assert twice == once


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(EVENTS, max_size=3).map(tuple), max_size=8))
def test_how_writes_are_batched_does_not_matter(writes: list[tuple[Event, ...]]) -> None:
    one_by_one = contents([(event,) for event in FIRST] + writes, wait=True)
    together = contents([(event,) for event in FIRST] + writes, wait=False)
    assert together == one_by_one
