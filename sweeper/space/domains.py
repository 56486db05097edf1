"""What a sampler searches: plain numbers, whatever values they stand for.

Each domain also maps to and from the unit interval, on its natural axis: ``at(u)`` and ``position(raw)``. Equal
lengths of the unit interval are equally likely, so ``at`` of a uniform number is a draw from the prior.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


def clip(value: float, low: float, high: float) -> float:
    """Return ``value`` moved into ``[low, high]``."""
    return low if value < low else high if value > high else value


@dataclass(frozen=True, slots=True)
class FloatDomain:
    """Floats in ``[low, high]``; with ``step`` only ``low``, ``low + step``, ..., ``high``. Never both of them."""

    low: float
    high: float
    log: bool = False
    step: float | None = None

    def at(self, u: float) -> float:
        """Return the point at ``u`` in [0, 1]; the ends are exactly ``low`` and ``high``."""
        if self.step is not None:
            count = self._steps() + 1
            return clip(self.low + _cell(u, count) * self.step, self.low, self.high)
        if u <= 0 or u >= 1:
            return self.low if u <= 0 else self.high
        if self.log:
            low, high = math.log(self.low), math.log(self.high)
            return clip(math.exp(low + u * (high - low)), self.low, self.high)
        return clip(self.low * (1 - u) + self.high * u, self.low, self.high)

    def position(self, raw: float) -> float:
        """Return where ``raw`` lies in [0, 1]; the middle of its cell when there are steps."""
        if self.step is not None:
            return (round((raw - self.low) / self.step) + 0.5) / (self._steps() + 1)
        low, high = self.low, self.high
        if self.log:
            raw, low, high = math.log(raw), math.log(low), math.log(high)
        return 0.5 if high == low else clip((raw / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0)

    def _steps(self) -> int:
        return round((self.high - self.low) / self.step) if self.step else 0


@dataclass(frozen=True, slots=True)
class IntDomain:
    """Integers from ``low`` to ``high`` inclusive, ``step`` apart; with ``log`` (step 1) even on a log axis."""

    low: int
    high: int
    log: bool = False
    step: int = 1

    def at(self, u: float) -> int:
        """Return the integer at ``u`` in [0, 1]."""
        if self.log:
            low, high = math.log(self.low - 0.5), math.log(self.high + 0.5)
            return min(max(round(math.exp(low + u * (high - low))), self.low), self.high)
        return self.low + _cell(u, (self.high - self.low) // self.step + 1) * self.step

    def position(self, raw: int) -> float:
        """Return the middle of the cell of ``raw`` in [0, 1]."""
        if self.log:
            low, high = math.log(self.low - 0.5), math.log(self.high + 0.5)
            return clip((math.log(raw) - low) / (high - low), 0.0, 1.0)
        return ((raw - self.low) // self.step + 0.5) / ((self.high - self.low) // self.step + 1)


@dataclass(frozen=True, slots=True)
class ChoiceDomain:
    """The indices 0 .. n-1 of unordered choices."""

    n: int

    def at(self, u: float) -> int:
        """Return the index at ``u`` in [0, 1]."""
        return _cell(u, self.n)

    def position(self, raw: int) -> float:
        """Return the middle of the cell of ``raw`` in [0, 1]."""
        return (raw + 0.5) / self.n


def _cell(u: float, count: int) -> int:
    return min(max(int(u * count), 0), count - 1)


Domain = FloatDomain | IntDomain | ChoiceDomain
