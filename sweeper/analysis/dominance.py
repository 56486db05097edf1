"""Which of several goals' results no other is better than: light, so that a command need not import NumPy."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sweeper.records import Goal, RunState, TrialRecord


def nondominated(losses: Sequence[Sequence[float]]) -> list[int]:
    """Return the rows of ``losses`` (minimised, none NaN) that no row dominates, the smallest first; of equals one."""
    order = sorted(range(len(losses)), key=lambda row: tuple(losses[row]))
    if losses and len(losses[0]) == 2:
        return _of_two(losses, order)
    kept: list[int] = []
    for row in order:
        own = losses[row]
        if not any(all(a <= b for a, b in zip(losses[other], own, strict=True)) for other in kept):
            kept.append(row)
    return kept


def front_of(goals: Sequence[Goal], trials: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Return the complete trials that no other one beats in every goal, in the order of the first goal."""
    complete = [trial for trial in trials if trial.state is RunState.COMPLETE and _whole(trial.values, len(goals))]
    losses = [[goal.sign * value for goal, value in zip(goals, trial.values or (), strict=True)] for trial in complete]
    return [complete[row] for row in nondominated(losses)]


def _of_two(losses: Sequence[Sequence[float]], order: Sequence[int]) -> list[int]:
    kept: list[int] = []
    for row in order:
        if not kept or losses[row][1] < losses[kept[-1]][1]:
            kept.append(row)
    return kept


def _whole(values: tuple[float, ...] | None, goals: int) -> bool:
    return values is not None and len(values) == goals and not any(math.isnan(value) for value in values)
