"""When a sweep is over."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sweeper.config import Budget
from sweeper.controller.budget import Spending
from sweeper.records import Goal, RunState, SweepState

LOSS = Goal("loss", target=0.1)
ACCURACY = Goal("accuracy", "maximize", target=0.9)
SIZE = Goal("size")


def spending(*goals: Goal, **limits: object) -> Spending:
    return Spending(Budget(**limits), goals or (SIZE,))  # type: ignore[arg-type]  # each test gives its own limits


def end(made: Spending, state: RunState, *, improved: bool = False, values: tuple[float, ...] | None = None) -> None:
    made.ended(state, improved, values, cost=1.0, message="ValueError: no")


def test_what_is_left_of_the_trials_never_goes_below_zero() -> None:
    made = spending(trials=3)
    assert made.open == 3

    made.created = 5
    assert made.open == 0
    assert spending(trials=None).open is None


def test_an_open_budget_ends_nothing() -> None:
    made = spending(trials=None, time=10.0, cost=10.0, patience=3)
    end(made, RunState.COMPLETE, values=(1.0,))

    assert made.over() is None


class TestFailures:
    def test_so_many_in_a_row_end_it_with_the_last_reason(self) -> None:
        made = spending(failures=2)
        end(made, RunState.FAILED)
        assert made.over() is None
        end(made, RunState.FAILED)

        assert made.over() == (SweepState.FAILED, "2 trials in a row failed; the last one: ValueError: no")

    @pytest.mark.parametrize("state", [RunState.COMPLETE, RunState.PRUNED])
    def test_a_trial_that_works_begins_anew(self, state: RunState) -> None:
        made = spending(failures=2)
        for ended in (RunState.FAILED, state, RunState.FAILED):
            end(made, ended)

        assert made.over() is None

    def test_a_cancelled_one_says_nothing(self) -> None:
        made = spending(failures=2)
        for ended in (RunState.FAILED, RunState.CANCELLED, RunState.FAILED):
            end(made, ended)

        assert made.over() is not None


class TestTarget:
    def test_a_complete_trial_that_reaches_it_ends_it(self) -> None:
        made = spending(LOSS)
        end(made, RunState.COMPLETE, values=(0.2,))
        assert made.over() is None
        end(made, RunState.COMPLETE, values=(0.1,))

        assert made.over() == (SweepState.FINISHED, "loss reached its target 0.1")

    def test_a_pruned_one_does_not(self) -> None:
        made = spending(LOSS)
        end(made, RunState.PRUNED, values=(0.01,))

        assert made.over() is None

    def test_with_several_one_trial_has_to_reach_all_that_are_given(self) -> None:
        made = spending(LOSS, ACCURACY, SIZE)
        end(made, RunState.COMPLETE, values=(0.05, 0.5, 1e9))
        end(made, RunState.COMPLETE, values=(0.5, 0.95, 1e9))
        assert made.over() is None
        end(made, RunState.COMPLETE, values=(0.05, 0.95, 1e9))

        assert made.over() == (SweepState.FINISHED, "loss reached its target 0.1, accuracy reached its target 0.9")


def test_time_that_is_used() -> None:
    made = spending(time=10.0)
    made.seconds = 9.9
    before = made.time_is_up
    made.seconds = 10.0

    assert (before, made.time_is_up) == (False, True)
    assert made.over() == (SweepState.FINISHED, "its time of 10 s is used")


class TestCost:
    def test_seconds_of_compute(self) -> None:
        made = spending(cost=2.0)
        end(made, RunState.COMPLETE)
        assert made.over() is None
        end(made, RunState.FAILED)

        assert made.over() == (SweepState.FINISHED, "its cost of 2 s of compute is used")

    def test_a_metric(self) -> None:
        made = spending(cost=2.0, cost_metric="dollars")
        made.ended(RunState.COMPLETE, False, None, 5.0, "")

        assert made.over() == (SweepState.FINISHED, "its cost of 2 of dollars is used")

    def test_a_trial_that_does_not_say_what_it_cost_is_told_of(self) -> None:
        made = spending(cost=10.0, cost_metric="dollars")

        assert "counts dollars, which a trial did not log" in made.uncounted(RunState.COMPLETE, {"loss": 1.0})
        assert made.uncounted(RunState.COMPLETE, {"dollars": 0.0}) == ""
        assert made.uncounted(RunState.FAILED, {}) == ""
        assert spending(cost=10.0).uncounted(RunState.COMPLETE, {}) == ""

    def test_a_cost_that_is_nan_is_none(self) -> None:
        made = spending(cost=2.0, cost_metric="dollars")
        made.ended(RunState.COMPLETE, False, None, math.nan, "")
        made.ended(RunState.COMPLETE, False, None, 2.0, "")

        assert made.over() is not None


class TestCostAhead:
    def test_so_many_may_start_as_what_is_left_pays_for(self) -> None:
        assert spending(cost=10.0).affordable(0) is None
        made = spending(cost=10.0)
        for _ in range(4):
            end(made, RunState.COMPLETE)

        assert [made.affordable(running) for running in (0, 2, 9)] == [6, 4, 0]

    def test_without_a_limit_and_for_nothing_there_is_none(self) -> None:
        free, unlimited = spending(cost=1.0, cost_metric="dollars"), spending()
        for made in (free, unlimited):
            made.ended(RunState.COMPLETE, False, None, 0.0, "")

        assert free.affordable(3) is None
        assert unlimited.affordable(3) is None

    @given(some.lists(some.floats(-5, 5), max_size=20), some.floats(0.1, 20))
    def test_with_nothing_running_an_open_budget_always_pays_for_one(self, costs: list[float], limit: float) -> None:
        made = spending(cost=limit)
        for cost in costs:
            made.ended(RunState.COMPLETE, False, None, cost, "")

        assert made.over() is not None or made.affordable(0) != 0

    def test_a_person_reads_what_it_costs(self) -> None:
        made = spending(cost=10.0)
        assert spending().cost_text(3) == ""
        assert made.cost_text(3) == "cost 0 of 10"
        for _ in range(4):
            end(made, RunState.COMPLETE)

        assert made.cost_text(3) == "cost 4, about 7 of 10"
        assert made.cost_text(30) == "cost 4, about 10 of 10"
        assert made.cost_text(0) == "cost 4 of 10"


def test_patience_ends_after_trials_without_a_better_value() -> None:
    made = spending(patience=2)
    end(made, RunState.COMPLETE, improved=True)
    end(made, RunState.COMPLETE)
    assert made.over() is None
    end(made, RunState.COMPLETE, improved=True)
    end(made, RunState.PRUNED)
    end(made, RunState.FAILED)
    assert made.over() is None
    end(made, RunState.COMPLETE)

    assert made.over() == (SweepState.FINISHED, "2 trials brought no better value")
