"""Numbers between two bounds: evenly spread, or evenly on a log axis; continuous, or in steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from sweeper.errors import SpaceError
from sweeper.space.domains import FloatDomain, IntDomain, clip
from sweeper.space.parameter import Parameter
from sweeper.space.values import LARGEST, integer, is_number, ladder, positive, real, rungs, short

LATENT = FloatDomain(0.0, 1.0)  #: what is searched where a value is a function of a uniform number


@dataclass(frozen=True)
class Float(Parameter):
    """A float in ``[low, high]``; evenly on a log axis with ``log``.

    With ``step`` the values are ``low``, ``low + step``, ...; when the step does not divide the range, the last one
    lies below ``high``.
    """

    low: float
    high: float
    log: bool = field(default=False, kw_only=True)
    step: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("low", real(self.low, "min"))
        self._set("high", real(self.high, "max"))
        check_range(self.low, self.high, self.log)
        if self.step is not None:
            self._set("step", real(self.step, "step"))
            check_step(self.low, self.high, self.step)

    @cached_property
    def last(self) -> float:
        """The largest value: ``high``, or the last step at or below it."""
        if self.step is None:
            return self.high
        return min(ladder(self.low, self.step, rungs(self.low, self.high, self.step)), self.high)

    @property
    def _is_latent(self) -> bool:
        return self.log and self.step is not None

    @cached_property
    def domain(self) -> FloatDomain:
        return LATENT if self._is_latent else FloatDomain(self.low, self.last, self.log, self.step)

    @cached_property
    def _axis(self) -> FloatDomain:
        return FloatDomain(self.low, self.last, self.log)

    def decode(self, raw: float) -> float:
        if self.step is None:
            return clip(float(raw), self.low, self.high)
        point = self._axis.at(float(raw)) if self._is_latent else float(raw)
        return self._rung(round((clip(point, self.low, self.last) - self.low) / self.step))

    def encode(self, value: Any) -> float:
        if not self.contains(value):
            raise outside(self, value)
        return self._axis.position(value) if self._is_latent else float(value)

    def contains(self, value: Any) -> bool:
        if not is_number(value) or not self.low <= value <= self.high:
            return False
        if self.step is None:
            return True
        return bool(abs(self._rung(round((value - self.low) / self.step)) - value) <= 1e-9 * self.step)

    def size(self) -> int | None:
        if self.step is None:
            return 1 if self.low == self.high else None
        return rungs(self.low, self.high, self.step) + 1

    def _listed(self) -> Sequence[float]:
        return [self._rung(rung) for rung in range(self.size() or 0)]

    def _rung(self, rung: int) -> float:
        return min(ladder(self.low, self.step or 0.0, rung), self.last)

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"min": self.low, "max": self.high}
        return body | ({} if self.step is None else {"step": self.step}) | ({"log": True} if self.log else {})

    def _text(self) -> str:
        return range_text(self.low, self.high, self.step, self.log)

    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        refuse_values(self, values)
        start = self.low if low is None else real(low, "min")
        end = self.high if high is None else real(high, "max")
        if self.step is not None and start != self.low:
            rung = rungs(self.low, start, self.step)
            while ladder(self.low, self.step, rung) < start:
                rung += 1
            start = ladder(self.low, self.step, rung)
        check_left(self, start, end, low, high)
        return replace(self, low=start, high=end)


@dataclass(frozen=True)
class Int(Parameter):
    """A whole number from ``low`` to ``high``, both included, ``step`` apart; on a log axis with ``log``."""

    low: int
    high: int
    log: bool = field(default=False, kw_only=True)
    step: int = field(default=1, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("low", integer(self.low, "min"))
        self._set("high", integer(self.high, "max"))
        self._set("step", integer(self.step, "step"))
        check_range(self.low, self.high, self.log)
        check_step(self.low, self.high, self.step)

    @property
    def last(self) -> int:
        """The largest value: ``high``, or the last step at or below it."""
        return self.low + (self.high - self.low) // self.step * self.step

    @property
    def _is_latent(self) -> bool:
        return self.log and self.step > 1

    @cached_property
    def domain(self) -> IntDomain | FloatDomain:
        return LATENT if self._is_latent else IntDomain(self.low, self.last, self.log, self.step)

    @cached_property
    def _axis(self) -> FloatDomain:
        return FloatDomain(self.low, self.last, self.log)

    def decode(self, raw: float) -> int:
        point = self._axis.at(float(raw)) if self._is_latent else raw
        whole = min(max(round(point), self.low), self.last)
        return self.low + (2 * (whole - self.low) + self.step) // (2 * self.step) * self.step

    def encode(self, value: Any) -> float:
        if not self.contains(value):
            raise outside(self, value)
        return self._axis.position(value) if self._is_latent else int(value)

    def contains(self, value: Any) -> bool:
        if not is_number(value) or value != int(value):
            return False
        return self.low <= value <= self.high and (int(value) - self.low) % self.step == 0

    def size(self) -> int:
        return (self.high - self.low) // self.step + 1

    def _listed(self) -> Sequence[int]:
        return range(self.low, self.high + 1, self.step)

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"min": self.low, "max": self.high}
        return body | ({} if self.step == 1 else {"step": self.step}) | ({"log": True} if self.log else {})

    def _text(self) -> str:
        return range_text(self.low, self.high, None if self.step == 1 else self.step, self.log) + ", integers"

    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        refuse_values(self, values)
        start, end = self.low, self.high
        if low is not None:
            start = self.low - (self.low - math.ceil(real(low, "min"))) // self.step * self.step
        if high is not None:
            end = math.floor(real(high, "max"))
        check_left(self, start, end, low, high)
        return replace(self, low=start, high=end)


def check_range(low: float, high: float, log: bool) -> None:
    """Raise SpaceError unless ``low <= high``, and both are positive on a log axis."""
    if low > high:
        raise SpaceError(f"is {short(high)}, below min {short(low)}; swap them", "max")
    if log and low <= 0:
        raise SpaceError(f"is {short(low)}; a log axis needs min above 0", "min")
    if high - low == math.inf:
        raise SpaceError(f"is {short(high)}; that is too far from min {short(low)} for a float", "max")


def check_step(low: float, high: float, step: float, what: str = "step") -> None:
    """Raise SpaceError unless ``step`` is positive and not absurdly small."""
    if positive(step, what) * LARGEST < high - low:
        raise SpaceError(f"is {short(step)}; that is too small for the range {short(low)} .. {short(high)}", what)


def check_left(parameter: Parameter, start: float, end: float, low: float | None, high: float | None) -> None:
    """Raise SpaceError when narrowing leaves nothing."""
    if start > end:
        asked = f"{'' if low is None else short(low)} .. {'' if high is None else short(high)}"
        raise SpaceError(f"nothing of {parameter.describe()} is left in {asked.strip()}")


def outside(parameter: Parameter, value: Any) -> SpaceError:
    """Return the error for a value that a parameter cannot take."""
    return SpaceError(f"{value!r} is not in {parameter.describe()}")


def refuse_values(parameter: Parameter, values: Sequence[Any] | None) -> None:
    """Raise SpaceError when a range is asked to keep single values."""
    if values is not None:
        raise SpaceError(f"{parameter.describe()} is a range: narrow it with min and max")


def range_text(low: float, high: float, step: float | None, log: bool) -> str:
    """Return a range for people."""
    text = f"{short(low)} .. {short(high)}"
    return text + (f", step {short(step)}" if step is not None else "") + (", log" if log else "")
