"""Rules that look at the trial itself, or at the best one only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sweeper.errors import UsageError
from sweeper.pruners.curves import best_mean, best_of
from sweeper.pruners.options import above, at_least, check_names, is_number, whole
from sweeper.pruners.signed_rank import greater
from sweeper.records import Curve, Goal


class PatientPruner:
    """A trial stops after ``patience`` reports that did not better its best value by more than ``min_delta``."""

    def __init__(self, goal: Goal, /, *, patience: int = 10, min_delta: float = 0.0, **other: Any) -> None:
        check_names("patient", other, ["patience", "min_delta"])
        whole("patient", "patience", patience, 1)
        at_least("patient", "min_delta", min_delta, 0)
        self._patience, self._delta = patience, min_delta

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        if len(curve) <= self._patience:
            return False
        before, after = best_of(curve, len(curve) - self._patience), best_of(curve[len(curve) - self._patience :])
        return before == before and not after < before - self._delta


class ThresholdPruner:
    """A trial stops whose value leaves ``lower`` .. ``upper`` (in the metric's own sense), after ``warmup`` reports."""

    def __init__(
        self,
        goal: Goal,
        /,
        *,
        lower: float = -math.inf,
        upper: float = math.inf,
        warmup: int = 0,
        **other: Any,
    ) -> None:
        check_names("threshold", other, ["lower", "upper", "warmup"])
        whole("threshold", "warmup", warmup, 0)
        for name, value in (("lower", lower), ("upper", upper)):
            if not is_number(value):
                raise UsageError(f"early_terminate threshold: {name} must be a number, not {value!r}")
        if lower == -math.inf and upper == math.inf:
            raise UsageError("early_terminate threshold: give lower, upper or both")
        if not lower < upper:
            raise UsageError(f"early_terminate threshold: lower {lower!r} is not below upper {upper!r}")
        self._sign, self._lower, self._upper, self._warmup = goal.sign, lower, upper, warmup

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        value = self._sign * curve[-1][1]
        return len(curve) > self._warmup and (value < self._lower or value > self._upper)


class WilcoxonPruner:
    """For steps that are instances, e.g. folds or data sets: stops a trial significantly worse than the best one.

    The signed-rank test over the steps that both reported, at level ``p``, after ``startup`` of them.
    """

    def __init__(self, goal: Goal, /, *, p: float = 0.1, startup: int = 2, **other: Any) -> None:
        check_names("wilcoxon", other, ["p", "startup"])
        above("wilcoxon", "p", p, 0)
        whole("wilcoxon", "startup", startup, 1)
        self._p, self._startup = p, startup

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        rival = best_mean(rivals, len(curve))
        if rival is None:
            return False
        best = dict(rival)
        pairs = [(value, best[step]) for step, value in curve if step in best]
        differences = [mine - other for mine, other in pairs if mine == mine and other == other and mine != other]
        if len(differences) < self._startup or sum(differences) <= 0:
            return False
        return greater(differences) < self._p
