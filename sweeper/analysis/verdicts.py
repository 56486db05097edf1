"""What is said about parameters: shares with their intervals, partners, gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LEVEL = 0.9  #: of the intervals
TITLES = {
    "fanova": "fANOVA on ranked values",
    "ped-anova": "PED-ANOVA",
    "mdi": "mean decrease impurity on ranked values",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the variance, its 90 % interval, and whether that reaches into the next smaller parameter's."""

    value: float
    low: float
    high: float
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """The parameter that another one works with most, and the share that both explain only together."""

    name: str
    share: Share


@dataclass(frozen=True, slots=True)
class Gain:
    """How much better the goal gets, in its own units, by tuning one parameter alone; its 90 % interval.

    ``at`` is where: a value of the parameter.
    """

    value: float
    low: float
    high: float
    at: Any


@dataclass(frozen=True, slots=True)
class ParameterImportance:
    """``whole``: over the whole range. ``good``: for reaching the best fifth. None where nothing can be said.

    ``active`` is the share of the judged trials in which the parameter was active; ``note`` says what is special.
    ``partner`` is there only on evidence. ``past`` is the mean share over the whole range in ``sweeps`` earlier
    sweeps; ``gain`` is for tuning this one from the best of the latest of them.
    """

    name: str
    whole: Share | None
    good: Share | None
    active: float = 1.0
    note: str = ""
    partner: Partner | None = None
    past: float | None = None
    sweeps: int = 0
    gain: Gain | None = None

    @property
    def pooled(self) -> float | None:
        """The mean of the share here and of the mean share in earlier sweeps; one of them where the other is not."""
        known = [share for share in (self.whole.value if self.whole else None, self.past) if share is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class Importance:
    """``parameters``, the most important first; empty when ``reason`` says why nothing can be said.

    ``n`` trials were judged, ``pruned`` of them pruned and ranked behind the complete ones; ``resample`` is the
    number of trials in each of the ``resamples``. ``constant`` names the parameters that were not searched.
    """

    goal: str
    method: str
    n: int
    pruned: int = 0
    resamples: int = 0
    resample: int = 0
    parameters: tuple[ParameterImportance, ...] = ()
    constant: tuple[str, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    past: int = 0  #: earlier sweeps that were looked at

    @property
    def sentence(self) -> str:
        """How it was found out, in one sentence."""
        if self.reason:
            return self.reason
        pruned = f", {self.pruned} of them pruned and ranked behind the others" if self.pruned else ""
        drawn = f"{LEVEL:.0%} intervals over {self.resamples} bootstrap resamples of {self.resample}"
        sweeps = "sweep" if self.past == 1 else f"{self.past} sweeps"
        earlier = f" The order is by the mean of that and of the shares in the {sweeps} before." if self.past else ""
        return f"{TITLES[self.method]}, n = {self.n} trials{pruned}; {drawn}.{earlier}"
