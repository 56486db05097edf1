"""Answers prune questions in the channel's thread: the curves of all trials, and the rule."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from sweeper.interfaces import Pruner
from sweeper.records import Goal, Point


class Judge:
    """Keeps each trial's reports. Safe to call from any thread; without a rule it keeps nothing and stops nothing."""

    def __init__(self, pruner: Pruner | None, goal: Goal) -> None:
        self._pruner, self._sign = pruner, goal.sign
        self._curves: dict[int, list[tuple[int, float]]] = {}
        self._lock = threading.Lock()
        self.reported = False

    @property
    def judges(self) -> bool:
        return self._pruner is not None

    def remember(self, histories: Mapping[int, Iterable[Point]]) -> None:
        """Take the reports of trials of an earlier controller."""
        for number, points in histories.items():
            self._curves[number] = [(point.step, self._sign * point.value) for point in points]

    def last_step(self, number: int) -> int | None:
        """Return the step of a trial's last report, if it is known here."""
        curve = self._curves.get(number)
        return curve[-1][0] if curve else None

    def stop(self, number: int, step: int, value: float) -> bool:
        """Take a report and answer whether the trial should stop. A step seen before begins a new attempt there."""
        if self._pruner is None:
            return False
        with self._lock:
            self.reported = True
            curve = self._curves.pop(number, [])
            while curve and curve[-1][0] >= step:
                curve.pop()
            curve.append((step, self._sign * value))
            try:
                return self._pruner(curve, self._curves)
            finally:
                self._curves[number] = curve
