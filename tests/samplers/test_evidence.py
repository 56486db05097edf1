"""What the end of a trial tells a model."""

from __future__ import annotations

import math

import pytest

from sweeper.records import FailureClass, Goal, Outcome, RunState
from sweeper.samplers.evidence import BAD, Evidence, Kind, losses_of, weigh
from sweeper.testing.samplers import CANCELLED, LOSS, complete, failed, pruned


def test_a_complete_trial_counts_with_its_losses() -> None:
    goals = (Goal("loss"), Goal("accuracy", "maximize"))
    assert weigh(complete(2.0, 0.9), goals) == Evidence(Kind.VALUE, (2.0, -0.9))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_bad(value: float) -> None:
    assert weigh(complete(value), LOSS) == BAD


def test_a_missing_value_is_bad() -> None:
    assert weigh(Outcome(RunState.COMPLETE), LOSS) == BAD
    assert weigh(complete(1.0), (Goal("a"), Goal("b"))) == BAD


@pytest.mark.parametrize("kind", list(FailureClass))
def test_a_failure_is_bad_unless_the_machine_is_to_blame(kind: FailureClass) -> None:
    innocent = kind in (FailureClass.LOST, FailureClass.PREEMPTED, FailureClass.UNPICKLABLE)
    assert weigh(failed(kind), LOSS) == (None if innocent else BAD)


def test_a_failure_without_a_class_is_bad() -> None:
    assert weigh(Outcome(RunState.FAILED), LOSS) == BAD


def test_a_cancelled_trial_tells_nothing() -> None:
    assert weigh(CANCELLED, LOSS) is None


def test_a_pruned_trial_counts_with_its_last_value_and_step() -> None:
    assert weigh(pruned(0.5, step=9), LOSS) == Evidence(Kind.PRUNED, (0.5,), 9)
    assert weigh(pruned(None, step=9), LOSS) == Evidence(Kind.PRUNED, None, 9)
    assert weigh(pruned(math.nan, step=9), LOSS) == Evidence(Kind.PRUNED, None, 9)


def test_a_pruned_trial_of_several_goals_tells_nothing() -> None:
    assert weigh(pruned(0.5), (Goal("a"), Goal("b"))) is None


def test_losses_for_models_that_know_only_numbers() -> None:
    seen = [
        Evidence(Kind.VALUE, (1.0,)), Evidence(Kind.VALUE, (2.0,)), Evidence(Kind.VALUE, (9.0,)), BAD,
        Evidence(Kind.PRUNED, (0.1,), 3), Evidence(Kind.PRUNED, (5.0,), 3), Evidence(Kind.PRUNED, None, 3),
    ]
    assert losses_of(seen) == [(1,), (2,), (9,), (9,), (2,), (5,), (9,)]


def test_bad_points_are_worst_in_every_goal() -> None:
    seen = [Evidence(Kind.VALUE, (1.0, 5.0)), Evidence(Kind.VALUE, (3.0, 2.0)), BAD]
    assert losses_of(seen)[-1] == (3.0, 5.0)
