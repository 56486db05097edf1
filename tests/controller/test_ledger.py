"""Counts by state and the best trial."""

from __future__ import annotations

import math

import pytest

from sweeper.controller.ledger import Ledger
from sweeper.records import BestTrial, Goal, RunState, TrialRecord

LOSS, ACCURACY = Goal("loss"), Goal("accuracy", "maximize")


def trial(number: int, state: RunState, *values: float) -> TrialRecord:
    return TrialRecord(f"r{number}", "s", number, state, {"x": number}, values or None)


def test_every_state_is_counted() -> None:
    ledger = Ledger([LOSS])
    for after in (RunState.COMPLETE, RunState.COMPLETE, RunState.FAILED):
        ledger.move(None, RunState.RUNNING)
        ledger.move(RunState.RUNNING, after)
    ledger.move(None, RunState.RUNNING)

    assert ledger.counted() == {
        "queued": 0, "running": 1, "complete": 2, "pruned": 0, "failed": 1, "cancelled": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("goal", "best"), [(LOSS, 0.1), (ACCURACY, 0.3)])
def test_the_best_is_as_the_goal_says(goal: Goal, best: float) -> None:
    ledger = Ledger([goal])
    improved = [ledger.improves(number, f"r{number}", {}, (value,)) for number, value in enumerate((0.2, 0.3, 0.1))]

    assert ledger.best is not None
    assert ledger.best.value == best
    assert improved[0]
    assert sum(improved) == 2


def test_of_equal_ones_the_first_stays() -> None:
    ledger = Ledger([LOSS])

    assert ledger.improves(4, "r4", {}, (0.1,))
    assert not ledger.improves(2, "r2", {}, (0.1,))
    assert ledger.best == BestTrial(4, "r4", 0.1, {})


@pytest.mark.parametrize("values", [None, (), (math.nan,)])
def test_no_value_is_never_the_best(values: tuple[float, ...] | None) -> None:
    ledger = Ledger([LOSS])

    assert not ledger.improves(0, "r0", {}, values)
    assert ledger.improves(1, "r1", {}, (1e9,))


def test_several_goals_have_no_single_best_in_the_record() -> None:
    ledger = Ledger([LOSS, ACCURACY])
    ledger.improves(0, "r0", {}, (0.1, 0.2))

    assert ledger.best_values == (0.1, 0.2)
    assert ledger.recorded_best is None


def test_trials_of_an_earlier_controller_count_and_open_ones_wait_again() -> None:
    ledger = Ledger([LOSS])
    earlier = [
        trial(0, RunState.COMPLETE, 0.5),
        trial(1, RunState.PRUNED, 0.1),
        trial(2, RunState.RUNNING),
        trial(3, RunState.QUEUED),
    ]
    assert [ledger.remember(each) for each in earlier] == [True, False, False, False]
    assert ledger.recorded_best == BestTrial(0, "r0", 0.5, {"x": 0})

    for _ in range(2):
        ledger.move(RunState.QUEUED, RunState.RUNNING)
        ledger.move(RunState.RUNNING, RunState.COMPLETE)
    assert ledger.counted()["complete"] == 3
    assert ledger.counted()["queued"] == ledger.counted()["running"] == 0
