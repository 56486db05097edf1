"""Distributions that samplers do not know: a latent uniform number goes through the inverse CDF.

Any sampler then honours the prior, because it searches (0, 1) evenly. ``low`` and ``high`` cut the distribution off;
``step`` rounds to its multiples, and to integers when it is one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from sweeper.errors import SpaceError
from sweeper.space.latent import Latent, check_whole, quantum_of
from sweeper.space.numeric import refuse_values
from sweeper.space.values import positive, real, short

if TYPE_CHECKING:
    from statistics import NormalDist

LEAST = 1e-12  #: the part of a distribution that must be left where it is cut off


@dataclass(frozen=True)
class Prior(Latent):
    """What the named distributions share: where they are cut off, and the step."""

    low: float | None = field(default=None, kw_only=True)
    high: float | None = field(default=None, kw_only=True)
    step: int | float | None = field(default=None, kw_only=True)

    def _check(self) -> None:
        if self.step is not None:
            self._set("step", quantum_of(self.step, "step"))
        for name, what in (("low", "min"), ("high", "max")):
            if getattr(self, name) is not None:
                self._set(name, real(getattr(self, name), what))
        low, high = self.bounds
        if low > high:
            raise SpaceError(f"is {short(high)}, below min {short(low)}", "max")
        check_whole(self.step, low, high)
        if self._mass[1] - self._mass[0] < LEAST:
            raise SpaceError(f"practically nothing of the distribution lies in {short(low)} .. {short(high)}")

    @property
    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    @property
    def bounds(self) -> tuple[float, float]:
        low, high = self._support
        return (
            low if self.low is None else max(low, self.low),
            high if self.high is None else min(high, self.high),
        )

    @property
    def quantum(self) -> int | float | None:
        return self.step

    def _named(self, name: str, **parameters: float) -> dict[str, Any]:
        body: dict[str, Any] = {"distribution": name if self.step is None else f"q_{name}", **parameters}
        for key, value in (("min", self.low), ("max", self.high), ("q", self.step)):
            if value is not None:
                body[key] = value
        return body

    def _told(self, text: str) -> str:
        if self.low is not None or self.high is not None:
            text += f", cut to {short(self.bounds[0])} .. {short(self.bounds[1])}"
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
