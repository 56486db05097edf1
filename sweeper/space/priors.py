"""Distributions that samplers do not know: a latent uniform number goes through the inverse CDF.

Any sampler then honours the prior, because it searches (0, 1) evenly. ``low`` and ``high`` cut the distribution off;
``step`` rounds to its multiples, and to integers when it is one.
"""

from __future__ import annotations

import math
import sys
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from sweeper.errors import SpaceError
from sweeper.space.domains import FloatDomain, IntDomain, clip
from sweeper.space.numeric import (
    LATENT,
    Float,
    Int,
    check_left,
    check_range,
    check_step,
    outside,
    range_text,
    refuse_values,
)
from sweeper.space.parameter import Parameter
from sweeper.space.values import is_number, ladder, positive, real, short

if TYPE_CHECKING:
    from statistics import NormalDist

EDGE = 2.0**-53  #: how near the latent number comes to 0 and 1; about 8.2 standard deviations of a normal

LEAST = 1e-12  #: the part of a distribution that must be left where it is cut off


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
    def _bounds(self) -> tuple[float, float]:
        """The smallest and the largest value; infinite where there is none."""

    @property
    @abstractmethod
    def _step(self) -> int | float | None: ...

    @cached_property
    def _mass(self) -> tuple[float, float]:
        low, high = self._bounds
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
        if self._step is None:
            return clip((self._cdf(value) - bottom) / (top - bottom), 0.0, 1.0)
        return self._middle(value, bottom, top)

    def _middle(self, value: float, bottom: float, top: float) -> float:
        """Return the middle of the latent cell that is rounded to ``value``."""
        half = (self._step or 0.0) / 2
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
        low, high = self._bounds
        step = self._step
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
        low, high = self._bounds
        return (
            self._settle(low) if math.isfinite(low) else low,
            self._settle(high) if math.isfinite(high) else high,
        )

    def contains(self, value: Any) -> bool:
        first, last = self._ends
        if not is_number(value) or not first <= value <= last:
            return False
        if self._step is None or value in (first, last):
            return True
        return bool(abs(self._settle(value) - value) <= 1e-9 * self._step)

    def _rungs(self) -> range:
        """The multiples of the step that the bounds round to."""
        low, high = self._bounds
        step = self._step or 1
        return range(round(low / step), round(high / step) + 1)

    def size(self) -> int | None:
        if self._step is None or not all(map(math.isfinite, self._bounds)):
            return None
        rungs = self._rungs()
        ends = {self._settle(rung * self._step) for rung in (*rungs[:2], *rungs[-2:])}
        return len(rungs) - len({*rungs[:2], *rungs[-2:]}) + len(ends)

    def values_at(self) -> Sequence[float]:
        step = self._step or 1
        return list(dict.fromkeys(self._settle(rung * step) for rung in self._rungs()))


@dataclass(frozen=True)
class Quantized(Latent):
    """W&B's ``q_uniform`` and ``q_log_uniform_values``: drawn from ``[low, high]``, rounded to multiples of ``q``.

    What rounding would move out of the bounds is moved back to them. Integers when ``q`` is one. When the bounds are
    multiples of ``q`` themselves, samplers see steps, and all values are equally likely.
    """

    low: float
    high: float
    q: int | float = 1
    log: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("low", real(self.low, "min"))
        self._set("high", real(self.high, "max"))
        self._set("q", _quantum(self.q, "q"))
        check_range(self.low, self.high, self.log)
        check_step(self.low, self.high, self.q, "q")
        _check_whole(self.q, self.low, self.high)

    @cached_property
    def _even(self) -> Float | Int | None:
        """The steps that this is, when the bounds are multiples of ``q``."""
        low, high, q = self.low, self.high, self.q
        if ladder(0.0, q, round(low / q)) != low or ladder(0.0, q, round(high / q)) != high:
            return None
        if isinstance(q, int):
            return Int(int(low), int(high), log=self.log, step=q)
        return Float(low, high, log=self.log, step=q)

    @property
    def domain(self) -> FloatDomain | IntDomain:
        return self._even.domain if self._even else LATENT

    def decode(self, raw: float) -> float:
        return self._even.decode(raw) if self._even else super().decode(raw)

    def encode(self, value: Any) -> float:
        return self._even.encode(value) if self._even else super().encode(value)

    @cached_property
    def _axis(self) -> FloatDomain:
        return FloatDomain(self.low, self.high, self.log)

    @property
    def _bounds(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def _step(self) -> int | float:
        return self.q

    @property
    def clips(self) -> bool:
        """Would rounding leave the bounds?"""
        rungs = self._rungs()
        return rungs[0] * self.q < self.low or rungs[-1] * self.q > self.high

    def _ppf(self, u: float) -> float:
        return self._axis.at(u)

    def _cdf(self, value: float) -> float:
        return self._axis.position(clip(value, self.low, self.high))

    def _body(self) -> dict[str, Any]:
        name = "q_log_uniform_values" if self.log else "q_uniform"
        return {"distribution": name, "min": self.low, "max": self.high, "q": self.q}

    def _text(self) -> str:
        return range_text(self.low, self.high, None, self.log) + f", multiples of {short(self.q)}"

    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        refuse_values(self, values)
        start = self.low if low is None else real(low, "min")
        end = self.high if high is None else real(high, "max")
        check_left(self, start, end, low, high)
        return replace(self, low=start, high=end)


@dataclass(frozen=True)
class Prior(Latent):
    """What the named distributions share: where they are cut off, and the step."""

    low: float | None = field(default=None, kw_only=True)
    high: float | None = field(default=None, kw_only=True)
    step: int | float | None = field(default=None, kw_only=True)

    def _check(self) -> None:
        if self.step is not None:
            self._set("step", _quantum(self.step, "step"))
        for name, what in (("low", "min"), ("high", "max")):
            if getattr(self, name) is not None:
                self._set(name, real(getattr(self, name), what))
        low, high = self._bounds
        if low > high:
            raise SpaceError(f"is {short(high)}, below min {short(low)}", "max")
        _check_whole(self.step, low, high)
        if self._mass[1] - self._mass[0] < LEAST:
            raise SpaceError(f"practically nothing of the distribution lies in {short(low)} .. {short(high)}")

    @property
    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    @property
    def _bounds(self) -> tuple[float, float]:
        low, high = self._support
        return (
            low if self.low is None else max(low, self.low),
            high if self.high is None else min(high, self.high),
        )

    @property
    def _step(self) -> int | float | None:
        return self.step

    def _named(self, name: str, **parameters: float) -> dict[str, Any]:
        body: dict[str, Any] = {"distribution": name if self.step is None else f"q_{name}", **parameters}
        for key, value in (("min", self.low), ("max", self.high), ("q", self.step)):
            if value is not None:
                body[key] = value
        return body

    def _told(self, text: str) -> str:
        if self.low is not None or self.high is not None:
            text += f", cut to {short(self._bounds[0])} .. {short(self._bounds[1])}"
        return text if self.step is None else f"{text}, multiples of {short(self.step)}"

    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        refuse_values(self, values)
        start = self.low if low is None else real(low, "min")
        end = self.high if high is None else real(high, "max")
        return replace(self, low=start, high=end)


@dataclass(frozen=True)
class Normal(Prior):
    """Normally distributed with mean ``mu`` and standard deviation ``sigma``."""

    mu: float = 0.0
    sigma: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("mu", real(self.mu, "mu"))
        self._set("sigma", positive(self.sigma, "sigma"))
        self._check()

    @cached_property
    def _law(self) -> NormalDist:
        from statistics import NormalDist

        return NormalDist(self.mu, self.sigma)

    def _ppf(self, u: float) -> float:
        return self._law.inv_cdf(u)

    def _cdf(self, value: float) -> float:
        return normal_cdf((value - self.mu) / self.sigma)

    def _body(self) -> dict[str, Any]:
        return self._named("normal", mu=self.mu, sigma=self.sigma)

    def _text(self) -> str:
        return self._told(f"normal, mean {short(self.mu)}, deviation {short(self.sigma)}")


@dataclass(frozen=True)
class LogNormal(Prior):
    """A number whose natural logarithm is normal with mean ``mu`` and standard deviation ``sigma``."""

    mu: float = 0.0
    sigma: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("mu", real(self.mu, "mu"))
        self._set("sigma", positive(self.sigma, "sigma"))
        if abs(self.mu) + 8.3 * self.sigma > math.log(sys.float_info.max):
            raise SpaceError(f"exp({short(self.mu)} + 8 * {short(self.sigma)}) overflows a float; mu and sigma are of "
                             "the logarithm")
        self._check()

    @property
    def log(self) -> bool:
        return True

    @property
    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    @cached_property
    def _law(self) -> NormalDist:
        from statistics import NormalDist

        return NormalDist(self.mu, self.sigma)

    def _ppf(self, u: float) -> float:
        return math.exp(self._law.inv_cdf(u))

    def _cdf(self, value: float) -> float:
        return normal_cdf((math.log(value) - self.mu) / self.sigma) if value > 0 else 0.0

    def _body(self) -> dict[str, Any]:
        return self._named("log_normal", mu=self.mu, sigma=self.sigma)

    def _text(self) -> str:
        return self._told(f"log-normal, exp of mean {short(self.mu)}, deviation {short(self.sigma)}")


@dataclass(frozen=True)
class Beta(Prior):
    """Beta distributed in [0, 1] with shapes ``a`` and ``b``."""

    a: float = 1.0
    b: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("a", positive(self.a, "a"))
        self._set("b", positive(self.b, "b"))
        self._check()

    @property
    def _support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _ppf(self, u: float) -> float:
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, u))

    def _cdf(self, value: float) -> float:
        if value <= 0 or value >= 1:
            return 0.0 if value <= 0 else 1.0
        from scipy.special import betainc

        return float(betainc(self.a, self.b, value))

    def _body(self) -> dict[str, Any]:
        return self._named("beta", a=self.a, b=self.b)

    def _text(self) -> str:
        return self._told(f"beta, a {short(self.a)}, b {short(self.b)}")


def normal_cdf(z: float) -> float:
    """Return the CDF of the standard normal, exact in its lower tail too (``statistics`` is not)."""
    return math.erfc(-z / math.sqrt(2)) / 2


def _check_whole(step: int | float | None, low: float, high: float) -> None:
    if isinstance(step, int) and math.isfinite(low) and math.isfinite(high) and math.ceil(low) > math.floor(high):
        raise SpaceError(f"there is no whole number in {short(low)} .. {short(high)}")


def _quantum(value: Any, what: str) -> int | float:
    """An int stays one: then the values are ints."""
    number = positive(value, what)
    return value if isinstance(value, int) else number
