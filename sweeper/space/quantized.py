"""W&B's quantised ranges, which round to multiples of ``q`` wherever the bounds lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from sweeper.space.domains import FloatDomain, IntDomain, clip
from sweeper.space.latent import Latent, check_whole, quantum_of
from sweeper.space.numeric import LATENT, Float, Int, check_left, check_range, check_step, range_text, refuse_values
from sweeper.space.values import ladder, real, short


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
        self._set("q", quantum_of(self.q, "q"))
        check_range(self.low, self.high, self.log)
        check_step(self.low, self.high, self.q, "q")
        check_whole(self.q, self.low, self.high)

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
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def quantum(self) -> int | float:
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
