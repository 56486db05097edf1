"""Whether and when a failed attempt is tried again, by failure class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sweeper.records import FailureClass

FIRST_DELAY = 0.5  #: seconds before the first retry of an infrastructure failure; doubles each time
LONGEST_DELAY = 60.0
AT_ONCE = frozenset({FailureClass.LOST, FailureClass.PREEMPTED})  #: first retry without delay


class RetryPolicy:
    """``limits`` maps a failure class to the number of retries that class may cause per trial."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = limits
        self._used: dict[int, Counter[FailureClass]] = {}

    def delay(self, number: int, kind: FailureClass) -> float | None:
        """Return the seconds until trial ``number`` may be tried again, or None: the failure is final."""
        used = self._used.setdefault(number, Counter())
        if used[kind] >= self._limits.get(kind.value, 0):
            del self._used[number]
            return None
        used[kind] += 1
        times = used[kind] - 1 if kind in AT_ONCE else used[kind]
        return min(FIRST_DELAY * 2 ** min(times - 1, 16), LONGEST_DELAY) if times else 0.0

    def forget(self, number: int) -> None:
        """The trial ended."""
        self._used.pop(number, None)
