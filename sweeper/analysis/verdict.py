"""Is the difference between two bests more than noise? Answered from folds or repeats, or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.noise import Noise
from sweeper.analysis.numbers import number
from sweeper.records import Goal

LEVEL = 0.95
FEWEST_FOLDS = 3


class Finish(NamedTuple):
    """The best of a sweep: its value, all values that its parameters got, those of its folds, and the sweep's noise."""

    value: float
    repeats: tuple[float, ...]
    folds: Mapping[str, float]
    noise: Noise | None


class Verdict(NamedTuple):
    """``better`` and ``worse`` are labels; ``difference`` is positive, by how much.

    ``bound`` is the difference that noise alone stays below in 95 of 100 cases, None where it cannot be known;
    ``source`` is "paired folds", "repeats", "folds" or "". ``text`` says it all.
    """

    better: str
    worse: str
    difference: float
    bound: float | None
    source: str
    text: str

    @property
    def within_noise(self) -> bool | None:
        """None where it cannot be known."""
        return None if self.bound is None else self.difference <= self.bound


def measured(sd: float, freedom: int) -> Noise:
    """Return the noise of repeats that were made for this."""
    return Noise(sd, freedom, "repeats", f"{number(sd)}, from these repeats")


def judge(finishes: Sequence[tuple[str, Finish | None]], goal: Goal | None) -> tuple[Verdict, ...]:
    """Compare the best sweep with each of the others that have a value, the best of those first."""
    if goal is None:
        return ()
    known = [(label, finish) for label, finish in finishes if finish is not None]
    known.sort(key=lambda one: goal.sign * one[1].value)
    return tuple(_verdict(known[0], other, goal) for other in known[1:])


def _verdict(one: tuple[str, Finish], other: tuple[str, Finish], goal: Goal) -> Verdict:
    (better, first), (worse, second) = one, other
    difference = goal.sign * (second.value - first.value)
    if difference == 0:
        return Verdict(better, worse, 0.0, None, "", f"{better} and {worse} are equally good")
    found = _by_paired_folds(first, second, goal) or _by_noise(first, second, goal)
    ahead = f"{better} is better than {worse} by {number(difference)}"
    if found is None:
        reason = "no parameters were evaluated twice and no folds are nested below the best trials"
        return Verdict(better, worse, difference, None, "", f"{ahead}; whether that is noise cannot be known: {reason}")
    difference, bound, source, text = found
    if bound == 0 and source == "repeats":
        said = f"{ahead}, and that is no noise: repeats of the same parameters did not differ at all"
    elif difference <= bound:
        said = f"{ahead}, which is within noise: {text} differ by up to {number(bound)} in 95 of 100 cases"
    else:
        said = f"{ahead}, more than noise explains: {text} differ by up to {number(bound)} in 95 of 100 cases"
    return Verdict(better, worse, difference, bound, source, said)


_Found = tuple[float, float, str, str]


def _by_paired_folds(first: Finish, second: Finish, goal: Goal) -> _Found | None:
    """The corrected resampled t-test of Nadeau and Bengio (2003) over folds of the same names."""
    names = [name for name in first.folds if name in second.folds]
    if len(names) < FEWEST_FOLDS:
        return None
    gaps = goal.sign * np.array([second.folds[name] - first.folds[name] for name in names])
    k = len(names)
    bound = _quantile(k - 1) * float(gaps.std(ddof=1)) * math.sqrt(1 / k + 1 / (k - 1))
    return float(gaps.mean()), bound, "paired folds", f"over {k} folds two equal ones"


def _by_noise(first: Finish, second: Finish, goal: Goal) -> _Found | None:
    known = list(dict.fromkeys(finish.noise for finish in (first, second) if finish.noise is not None))
    best = [one for one in known if one.source == "repeats"] or known
    if not best:
        return None
    freedom = sum(one.freedom for one in best)
    variance = sum(one.freedom * one.sd**2 for one in best) / freedom
    counts = [len(finish.repeats) if best[0].source == "repeats" else 1 for finish in (first, second)]
    bound = _quantile(freedom) * math.sqrt(variance * sum(1 / n for n in counts))
    difference = goal.sign * (float(np.mean(second.repeats)) - float(np.mean(first.repeats)))
    return difference, bound, best[0].source, f"two equal ones (noise {best[0].text})"


def _quantile(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, freedom))
