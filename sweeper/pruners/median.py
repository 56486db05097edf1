"""Stopping what is worse than most rivals were at the same point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.errors import UsageError
from sweeper.pruners.curves import best_of, quantile, values_at
from sweeper.pruners.options import check_names, is_number, whole
from sweeper.records import Curve, Goal

STARTUP, WARMUP = 5, 5


class PercentilePruner:
    """A trial stops whose best value so far is worse than the best ``percentile`` % of the rivals at the same report.

    Nothing stops before ``startup`` rivals got that far, nor within the first ``warmup`` reports; looked at every
    ``interval`` reports. (The median rule of Golovin et al., "Google Vizier", 2017, without its running average.)
    """

    kind = "percentile"

    def __init__(
        self,
        goal: Goal,
        /,
        *,
        percentile: float = 25.0,
        startup: int = STARTUP,
        warmup: int = WARMUP,
        interval: int = 1,
        **other: Any,
    ) -> None:
        check_names(self.kind, other, ["percentile", "startup", "warmup", "interval"])
        if not (is_number(percentile) and 0 <= percentile <= 100):
            raise UsageError(f"early_terminate {self.kind}: percentile must be in 0 .. 100, not {percentile!r}")
        whole(self.kind, "startup", startup, 1)
        whole(self.kind, "warmup", warmup, 0)
        whole(self.kind, "interval", interval, 1)
        self._share, self._startup, self._warmup, self._interval = percentile / 100, startup, warmup, interval

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        count = len(curve)
        if count <= self._warmup or (count - self._warmup - 1) % self._interval:
            return False
        mine, values = best_of(curve), values_at(rivals, count)
        return len(values) >= self._startup and mine == mine and mine > quantile(values, self._share)


class MedianPruner(PercentilePruner):
    """The percentile rule at 50 %."""

    kind = "median"

    def __init__(
        self, goal: Goal, /, *, startup: int = STARTUP, warmup: int = WARMUP, interval: int = 1, **other: Any
    ) -> None:
        check_names(self.kind, other, ["startup", "warmup", "interval"])
        super().__init__(goal, percentile=50.0, startup=startup, warmup=warmup, interval=interval)
