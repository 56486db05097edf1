"""Answers to prune questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.controller.judge import Judge
from sweeper.records import Curve, Goal, Point


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
