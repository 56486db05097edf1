"""Successive halving without waiting, and the bands of W&B's ``hyperband``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.errors import UsageError
from sweeper.pruners.curves import quantile, run_length, value_at, values_at
from sweeper.pruners.options import above, check_names, whole
from sweeper.records import Curve, Goal

FIRST_RUNG = 0.1  #: of the run: there the order of trials is nearly that of the end
MOST, MOST_BANDS = 1e9, 40  #: no band beyond that many reports, nor more bands
LEAST_RUNG = 2  #: never the first report, which says next to nothing


class AshaPruner:
    """Asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter Tuning", 2020).

    Rungs lie at ``min_iter * eta**k`` reports, below ``max_iter``, the reports of a whole run, if that is given. At a
    rung a trial goes on when it is among the best 1/``eta`` of the values reported there so far; one may always go on.
    Without ``min_iter`` the first rung is at a tenth of a whole run; without ``max_iter``, too, nothing stops before a
    trial has run to its end and shown how long that is.
    """

    def __init__(
        self, goal: Goal, /, *, min_iter: int | None = None, eta: float = 3, max_iter: int | None = None, **other: Any
    ) -> None:
        check_names("asha", other, ["min_iter", "eta", "max_iter"])
        for name, value in (("min_iter", min_iter), ("max_iter", max_iter)):
            if value is not None:
                whole("asha", name, value, 1)
        above("asha", "eta", eta, 1)
        self._first, self._eta, self._last = min_iter, eta, max_iter

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        count = len(curve)
        mine = value_at(curve, count)
        last = self._last or run_length(rivals)
        first = self._first or (last and max(LEAST_RUNG, round(FIRST_RUNG * last)))
        at_end = count == last or (self._last is not None and count >= self._last)
        if not first or at_end or mine != mine or not _is_rung(count, first, self._eta):
            return False
        values = values_at(rivals, count)
        keep = max(1, int((len(values) + 1) / self._eta))
        return len(values) >= keep and mine > values[keep - 1]


class HyperbandPruner:
    """W&B's ``early_terminate: {type: hyperband}``: one bracket of bands, looked at when a trial has passed one.

    Bands lie at ``min_iter * eta**k`` reports, or with ``max_iter`` and ``s`` at ``max_iter / eta**i`` for i = 1..s
    (those win when both are given). A trial stops whose value at its last band is above the best 1/``eta`` of all
    values there.
    ``strict`` False looks only while the trial is exactly at a band.
    """

    def __init__(
        self,
        goal: Goal,
        /,
        *,
        min_iter: int | None = None,
        max_iter: int | None = None,
        s: int | None = None,
        eta: float = 3,
        strict: bool = True,
        **other: Any,
    ) -> None:
        check_names("hyperband", other, ["min_iter", "max_iter", "s", "eta", "strict"])
        above("hyperband", "eta", eta, 1)
        for name, value in (("min_iter", min_iter), ("max_iter", max_iter), ("s", s)):
            if value is not None:
                whole("hyperband", name, value, 1)
        if max_iter is not None and s is not None:
            self._bands = sorted({max(1, int(max_iter / eta**i)) for i in range(1, s + 1)})
        elif min_iter is not None:
            self._bands = _rungs(min_iter, eta)
        else:
            raise UsageError("early_terminate hyperband: give min_iter, or max_iter and s")
        self._eta, self._strict = eta, strict

    def __call__(self, curve: Curve, rivals: Mapping[int, Curve]) -> bool:
        count = len(curve)
        passed = [band for band in self._bands if band <= count]
        if not passed or (not self._strict and passed[-1] != count):
            return False
        mine = value_at(curve, passed[-1])
        values = values_at(rivals, passed[-1])
        return bool(values) and mine == mine and mine > quantile([*values, mine], 1 / self._eta)


def _rungs(first: int, eta: float) -> list[int]:
    rungs: list[int] = []
    rung = float(first)
    while rung < MOST and len(rungs) < MOST_BANDS:
        rungs.append(int(rung))
        rung *= eta
    return rungs


def _is_rung(count: int, first: int, eta: float) -> bool:
    rung: float = first
    while int(rung) < count:
        rung *= eta
    return int(rung) == count
