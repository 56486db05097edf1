"""Answers prune questions in the channel's thread: the curves of all trials, and the rule."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sweeper.controller.savings import Savings, savings
from sweeper.interfaces import Pruner
from sweeper.pruners.rivals import Board, Rivals
from sweeper.records import Goal, Point, RunState


class Judge:
    """Keeps each trial's reports. Safe to call from any thread; without a rule it keeps nothing and stops nothing."""

    def __init__(self, pruner: Pruner | None, goal: Goal) -> None:
        self._pruner, self._goal = pruner, goal
        self._board = Board()
        self._told: set[int] = set()  # trials that were told to stop
        self._warned = False
        self._lengths: dict[RunState | None, list[int]] = {RunState.COMPLETE: [], RunState.PRUNED: []}  # in reports
        self._lock = threading.Lock()

    @property
    def judges(self) -> bool:
        return self._pruner is not None

    def remember(
        self, histories: Mapping[int, Iterable[Point]], ends: Mapping[int, RunState] = MappingProxyType({})
    ) -> None:
        """Take the reports of trials of an earlier controller, and how those ended that did."""
        with self._lock:
            for number, points in histories.items():
                for point in points:
                    self._board.report(number, point.step, self._goal.sign * point.value)
                self._note(number, ends.get(number))

    def last_step(self, number: int) -> int | None:
        """Return the step of a trial's last report, if it is known here."""
        curve = self._board.curves.get(number)
        return curve[-1][0] if curve else None

    def stop(self, number: int, step: int, value: float) -> bool:
        """Take a report and answer whether the trial should stop. A step seen before begins a new attempt there."""
        if self._pruner is None:
            return False
        with self._lock:
            self._board.report(number, step, self._goal.sign * value)
            stop = self._pruner(self._board.curves[number], Rivals(self._board, number))
            if stop:
                self._told.add(number)
            return stop

    def ended(self, number: int, state: RunState) -> str:
        """A trial ended. Return a sentence, once, when early stopping cannot work as the objective is, or ""."""
        if self._pruner is None:
            return ""
        with self._lock:
            self._note(number, state)
            wrong = "" if self._warned or state is not RunState.COMPLETE else self._wrong(number)
            self._warned = self._warned or bool(wrong)
            return wrong

    def savings(self) -> Savings:
        """Return what early stopping saved so far."""
        with self._lock:
            return savings(self._lengths[RunState.PRUNED], self._lengths[RunState.COMPLETE])

    def _note(self, number: int, state: RunState | None) -> None:
        if state is RunState.COMPLETE:
            self._board.ended(number)
        if state in self._lengths:
            self._lengths[state].append(len(self._board.curves.get(number, ())))

    def _wrong(self, number: int) -> str:
        if not self._board.curves:
            return (
                f"Nothing can be stopped early: trial {number} ended without a report of {self._goal.name}. "
                "Call trial.report(value, step) in the objective, or leave out early_terminate."
            )
        if number in self._told:
            return (
                f"Trial {number} should have stopped early and ran to its end: after trial.report the objective has "
                "to ask, if trial.should_prune(): raise sweeper.Pruned"
            )
        return ""
