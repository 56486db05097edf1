"""What no other result is better than."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.best import front
from sweeper.analysis.columns import from_records
from sweeper.analysis.dominance import front_of, nondominated
from sweeper.records import Goal, RunState, SweepRecord, SweepState, TrialRecord

GOALS = (Goal("accuracy", "maximize"), Goal("seconds"))


def rows(goals: int) -> st.SearchStrategy[list[list[float]]]:
    numbers = st.sampled_from([-math.inf, -1.0, 0.0, 0.5, 1.0, 2.0, math.inf])
    return st.lists(st.lists(numbers, min_size=goals, max_size=goals), max_size=30)


@given(st.integers(1, 4).flatmap(rows))
def test_what_is_left_out_is_dominated_or_a_copy_and_what_is_kept_is_not(losses: list[list[float]]) -> None:
    kept = nondominated(losses)
    for row in range(len(losses)):
        beaten = any(
            losses[other] != losses[row] and all(a <= b for a, b in zip(losses[other], losses[row], strict=True))
            for other in range(len(losses))
        )
        assert (row in kept) == (not beaten and losses.index(losses[row]) == row)
    assert [losses[row][0] for row in kept] == sorted(losses[row][0] for row in kept)


def test_the_front_is_made_of_complete_trials_and_is_the_one_of_the_report() -> None:
    values = [(0.9, 5.0), (0.8, 1.0), (0.7, 2.0), (math.nan, 0.1), (0.95, 9.0), (0.8, 1.0)]
    trials = [
        TrialRecord(f"{number:032x}", "s", number, RunState.COMPLETE, {"a": 0.5}, pair)
        for number, pair in enumerate(values)
    ]
    trials.append(TrialRecord("f" * 32, "s", 6, RunState.FAILED, {"a": 0.5}))
    found = [trial.number for trial in front_of(GOALS, trials)]
    assert found == [4, 0, 1]
    sweep = SweepRecord("s", "s", SweepState.FINISHED, "random", GOALS, {"a": {"min": 0.0, "max": 1.0}}, {})
    report = front(from_records(sweep, trials))
    assert report.number[report.front].tolist() == found
