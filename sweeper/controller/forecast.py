"""How long a sweep still takes, from the trials that ended and the ones that run."""

from __future__ import annotations

import time
from collections import deque

RECENT = 50  #: trials that the mean duration and the rate look back on


class Forecast:
    """Keeps the durations of recent trials. Running trials count with what they have left."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._durations: deque[float] = deque(maxlen=RECENT)
        self._ends: deque[float] = deque([time.monotonic()], maxlen=RECENT)

    def ended(self, seconds: float) -> None:
        self._durations.append(max(seconds, 0.0))
        self._ends.append(time.monotonic())

    @property
    def mean(self) -> float | None:
        """Return the mean duration of recent trials in seconds."""
        return sum(self._durations) / len(self._durations) if self._durations else None

    @property
    def rate(self) -> float:
        """Return recent trials per second."""
        span = time.monotonic() - self._ends[0]
        return (len(self._ends) - 1) / span if span > 0 else 0.0

    def eta(self, waiting: int | None, running_for: list[float]) -> float | None:
        """Return the seconds until ``waiting`` trials and those running since ``running_for`` seconds are done.

        The larger of two estimates: the work left divided by the workers, and what the recent rate gives; None before
        the first trial ended or without a limit.
        """
        mean = self.mean
        if mean is None or waiting is None:
            return None
        left = [max(mean - seconds, 0.0) for seconds in running_for]
        work = (sum(left) + waiting * mean) / self._workers
        by_rate = (waiting + sum(left) / mean if mean else waiting) / self.rate if self.rate > 0 else 0.0
        return max(work, by_rate, max(left, default=0.0))
