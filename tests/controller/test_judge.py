"""Answers to prune questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.controller.judge import Judge
from sweeper.controller.savings import Savings
from sweeper.records import Curve, Goal, Point, RunState


class Recorder:
    """Stops whatever is worse than 1, and remembers what it was shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[Any, Any]] = []

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        self.seen.append((list(curve), {number: list(theirs) for number, theirs in rivals.items()}))
        return curve[-1][1] > 1


def test_without_a_rule_nothing_stops() -> None:
    judge = Judge(None, Goal("loss"))

    assert not judge.judges
    assert not judge.stop(0, 0, float("inf"))


def test_a_rule_sees_the_trials_curve_and_its_rivals_to_be_minimised() -> None:
    rule = Recorder()
    judge = Judge(rule, Goal("accuracy", "maximize"))

    assert not judge.stop(0, 0, 0.5)
    assert not judge.stop(1, 0, 0.7)
    assert judge.stop(0, 1, -2.0)

    assert rule.seen[-1] == ([(0, -0.5), (1, 2.0)], {1: [(0, -0.7)]})


def test_another_attempt_takes_the_place_of_the_first_from_its_first_step_on() -> None:
    rule = Recorder()
    judge = Judge(rule, Goal("loss"))
    for step in range(3):
        judge.stop(0, step, 0.1)
    judge.stop(0, 1, 0.9)

    assert rule.seen[-1][0] == [(0, 0.1), (1, 0.9)]


def test_trials_of_an_earlier_controller_are_rivals() -> None:
    rule = Recorder()
    judge = Judge(rule, Goal("loss"))
    judge.remember({7: [Point("loss", 0.25, 3)]})
    judge.stop(0, 0, 0.5)

    assert rule.seen[-1][1] == {7: [(3, 0.25)]}


class TestWarnings:
    def test_an_objective_that_never_reports_is_told_once(self) -> None:
        judge = Judge(Recorder(), Goal("loss"))

        assert judge.ended(3, RunState.FAILED) == ""
        assert "trial 4 ended without a report of loss" in judge.ended(4, RunState.COMPLETE)
        assert judge.ended(5, RunState.COMPLETE) == ""

    def test_one_that_does_not_ask_is_told_once(self) -> None:
        judge = Judge(Recorder(), Goal("loss"))
        judge.stop(0, 0, 0.5)
        judge.stop(1, 0, 1.5)

        assert judge.ended(0, RunState.COMPLETE) == ""
        assert "Trial 1 should have stopped early" in judge.ended(1, RunState.COMPLETE)

    def test_nothing_is_said_where_it_works_and_without_a_rule(self) -> None:
        judge = Judge(Recorder(), Goal("loss"))
        judge.stop(1, 0, 1.5)

        assert judge.ended(1, RunState.PRUNED) == ""
        assert Judge(None, Goal("loss")).ended(1, RunState.COMPLETE) == ""


def test_what_is_saved_counts_the_trials_of_an_earlier_controller() -> None:
    judge = Judge(Recorder(), Goal("loss"))
    points = [Point("loss", 0.1, step) for step in range(10)]
    judge.remember({0: points, 1: points[:5], 2: points[:3]}, {0: RunState.COMPLETE, 1: RunState.PRUNED})
    judge.stop(3, 0, 2.0)
    judge.ended(3, RunState.PRUNED)

    assert judge.savings() == Savings(2, 3, (5 + 9) / 30)
