"""A domain as Optuna and Hyperopt can search it: one of three kinds, and never with numbers that strain a float."""

from __future__ import annotations

from dataclasses import dataclass

from sweeper.space.domains import ChoiceDomain, Domain, FloatDomain, IntDomain

MANY = 50  #: beyond it the steps are finer than the kernels of Parzen estimators, which span 1 % of the range at least


@dataclass(frozen=True, slots=True)
class Axis:
    """How a library sees one domain.

    ``kind`` is "real" (a float in [0, 1], on the natural axis of the domain), "whole" (an integer from ``low`` to
    ``high``, with ``log`` on a log axis) or "choice" (an index from 0 to ``high``, unordered). ``fixed``: there is
    only one value.
    """

    domain: Domain
    kind: str
    low: int = 0
    high: int = 1
    log: bool = False

    @property
    def fixed(self) -> bool:
        domain = self.domain
        if self.kind == "real" and isinstance(domain, FloatDomain):
            return domain.low == domain.high
        return self.low == self.high

    def place(self, raw: float) -> float:
        """Return where ``raw``, a number of the domain, lies on this axis."""
        domain = self.domain
        if self.kind == "real":
            return position(domain, raw)
        if isinstance(domain, FloatDomain):
            place = round((raw - domain.low) / (domain.step or 1.0))
        elif isinstance(domain, IntDomain) and not self.log:
            place = round((raw - domain.low) / domain.step)
        else:
            place = int(raw)
        return min(max(place, self.low), self.high)

    def raw(self, place: float) -> float:
        """Return the number of the domain at ``place``; a place outside the axis is moved inside."""
        domain = self.domain
        if self.kind == "real":
            return domain.at(min(max(float(place), 0.0), 1.0))
        step = min(max(round(place), self.low), self.high)
        if isinstance(domain, FloatDomain):
            return domain.low + step * (domain.step or 1.0)
        if isinstance(domain, IntDomain) and not self.log:
            return domain.low + step * domain.step
        return step


def axis(domain: Domain) -> Axis:
    """Return the axis of ``domain``. More than ``MANY`` numbers become a real axis: that is faster by far."""
    if isinstance(domain, ChoiceDomain):
        return Axis(domain, "choice", 0, domain.n - 1)
    if domain.step is None:
        return Axis(domain, "real")
    last = round((domain.high - domain.low) / domain.step)
    if last >= MANY:
        return Axis(domain, "real")
    if isinstance(domain, IntDomain) and domain.log:
        return Axis(domain, "whole", domain.low, domain.high, log=True)
    return Axis(domain, "whole", 0, last)


def position(domain: Domain, raw: float) -> float:
    """Return where ``raw`` lies on the natural axis of ``domain``, in [0, 1]."""
    return domain.position(raw) if isinstance(domain, FloatDomain) else domain.position(int(raw))
