"""What is recommended for one parameter, with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sweeper.space import Parameter

Action = Literal["keep", "shrink", "extend", "move"]


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the best values lie most densely, for a soft prior; never a bound.

    Of a number the shortest interval with half of the good trials, weighted by how often its parts were tried, and
    their median. Of a choice the share of each value among the good trials, after the same weighting.
    """

    low: float | None = None
    high: float | None = None
    centre: float | None = None
    shares: tuple[tuple[Any, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The safe range of one parameter.

    ``parameter`` is what the next sweep should declare, ``declared`` what the latest sweep declares (or what was seen,
    where no file declared it). ``action`` is "keep", "shrink", "extend", or "move": shrunk at one end and extended at
    the other. ``sweeps`` and ``trials`` were used. ``share`` is the size of the range, of the declared one, on its
    natural axis. ``coverage`` is the share of sweeps whose best value lies inside the range that the *other* sweeps
    give, ``regret`` what would have been lost there, averaged over the sweeps: (best inside - best) / (median - best).
    Both are None where there is nothing to judge by. ``reason`` is one sentence, ``focus`` the soft form.
    """

    name: str
    action: Action
    parameter: Parameter
    declared: Parameter
    sweeps: int
    trials: int
    reason: str
    share: float = 1.0
    coverage: float | None = None
    regret: float | None = None
    focus: Focus | None = None

    @property
    def changed(self) -> bool:
        return self.action != "keep"
