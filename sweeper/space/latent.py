"""Numbers that samplers search as a latent uniform one: what is drawn is a growing function of it."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sweeper.errors import SpaceError
from sweeper.space.domains import FloatDomain, IntDomain, clip
from sweeper.space.numeric import LATENT, outside
from sweeper.space.parameter import Parameter
from sweeper.space.values import is_number, ladder, positive, short

EDGE = 2.0**-53  #: how near the latent number comes to 0 and 1; about 8.2 standard deviations of a normal


@dataclass(frozen=True)
class Latent(Parameter):
    """A number that is a growing function of a latent uniform one."""

    @property
    def domain(self) -> FloatDomain | IntDomain:
        return LATENT

    @abstractmethod
    def _ppf(self, u: float) -> float:
        """The inverse of the CDF, for u in (0, 1)."""

    @abstractmethod
    def _cdf(self, value: float) -> float:
        """The cumulative distribution function."""

    @property
    @abstractmethod
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest value; infinite where there is none."""

    @property
    @abstractmethod
    def quantum(self) -> int | float | None:
        """What values are multiples of, an int when they are integers; None when they are continuous."""

    @cached_property
    def _mass(self) -> tuple[float, float]:
        low, high = self.bounds
        bottom = self._cdf(low) if math.isfinite(low) else 0.0
        top = self._cdf(high) if math.isfinite(high) else 1.0
        return bottom, top

    def decode(self, raw: float) -> float:
        bottom, top = self._mass
        u = bottom + clip(float(raw), 0.0, 1.0) * (top - bottom)
        return self._settle(self._ppf(clip(u, EDGE, 1 - EDGE)))

    def encode(self, value: Any) -> float:
        if not self.contains(value):
            raise outside(self, value)
        bottom, top = self._mass
        if top <= bottom:
            return 0.5
        if self.quantum is None:
            return clip((self._cdf(value) - bottom) / (top - bottom), 0.0, 1.0)
        return self._middle(value, bottom, top)

    def _middle(self, value: float, bottom: float, top: float) -> float:
        """Return the middle of the latent cell that is rounded to ``value``."""
        half = (self.quantum or 0.0) / 2
        mean = (self._cdf(value - half) + self._cdf(value + half)) / 2
        guess = clip((mean - bottom) / (top - bottom), 0.0, 1.0)
        if self.decode(guess) == value:
            return guess
        under = self._cut(lambda found: found < value)
        over = self._cut(lambda found: found <= value)
        return (under + over) / 2

    def _cut(self, below: Callable[[float], bool]) -> float:
        """Return where ``below(decode(u))`` turns from true to false, to the last bit."""
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if below(self.decode(middle)) else (low, middle)
        return high

    def _settle(self, value: float) -> float:
        """Round to the step and move into the bounds."""
        low, high = self.bounds
        step = self.quantum
        if step is None:
            return clip(value, low, high)
        if isinstance(step, int):
            low, high = (round_to(bound) if math.isfinite(bound) else bound
                         for round_to, bound in ((math.ceil, low), (math.floor, high)))
            return int(clip(round(value / step) * step, low, high))
        return clip(ladder(0.0, step, round(value / step)), low, high)

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """The smallest and the largest value that rounding can give."""
        low, high = self.bounds
        return (
            self._settle(low) if math.isfinite(low) else low,
            self._settle(high) if math.isfinite(high) else high,
        )

    def contains(self, value: Any) -> bool:
        first, last = self._ends
        if not is_number(value) or not first <= value <= last:
            return False
        if self.quantum is None or value in (first, last):
            return True
        return bool(abs(self._settle(value) - value) <= 1e-9 * self.quantum)

    def _rungs(self) -> range:
        """The multiples of the step that the bounds round to."""
        low, high = self.bounds
        step = self.quantum or 1
        return range(round(low / step), round(high / step) + 1)

    def size(self) -> int | None:
        if self.quantum is None or not all(map(math.isfinite, self.bounds)):
            return None
        rungs = self._rungs()
        ends = {self._settle(rung * self.quantum) for rung in (*rungs[:2], *rungs[-2:])}
        return len(rungs) - len({*rungs[:2], *rungs[-2:]}) + len(ends)

    def _listed(self) -> Sequence[float]:
        step = self.quantum or 1
        return list(dict.fromkeys(self._settle(rung * step) for rung in self._rungs()))


def check_whole(step: int | float | None, low: float, high: float) -> None:
    """Raise SpaceError when values are to be integers and none lies between the bounds."""
    if isinstance(step, int) and math.isfinite(low) and math.isfinite(high) and math.ceil(low) > math.floor(high):
        raise SpaceError(f"there is no whole number in {short(low)} .. {short(high)}")


def quantum_of(value: Any, what: str) -> int | float:
    """Return a step above 0; an int stays one, and then the values are ints."""
    number = positive(value, what)
    return value if isinstance(value, int) else number
