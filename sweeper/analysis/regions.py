"""Where in the search space trials fail: one or two conditions that nearly only failing trials meet, or nothing.

A small rule search. Every rule is tested against the trials that did not fail (one-sided exact test, Fisher 1935), and
its p-value is multiplied by the number of rules that were tried (Bonferroni), so that a search through many rules does
not find one by luck. Nothing is said without evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.columns import Bools, Floats, TrialTable, from_records
from sweeper.analysis.failures import FailureGroup
from sweeper.analysis.numbers import number, value_text
from sweeper.records import RunState, SweepRecord, TrialRecord

LEVEL = 0.01  #: a rule with a larger corrected p-value is not told
FEW = 6  #: different numbers that are also tried one by one
FEWEST = 3  #: failures that a rule must cover
SHARE = 0.5  #: of the trials that meet it fail, at least
THRESHOLDS = 24  #: of one numeric parameter that are combined with others, at most
MUCH = 0.01  #: two conditions are told instead of one when their p-value is so many times the other's
CAUSES = 5  #: most frequent causes of a sweep that are looked at: each costs time
EXAMINED = 300  #: pairs of conditions, the strongest by likelihood ratio, that get the exact test


Rows = NDArray[np.intp]


class Condition(NamedTuple):
    """``name sign value``, where ``sign`` is ``=``, ``<=``, ``<``, ``>=`` or ``>``."""

    name: str
    sign: str
    value: str

    @property
    def text(self) -> str:
        return f"{self.name}={self.value}" if self.sign == "=" else f"{self.name} {self.sign} {self.value}"


class Region(NamedTuple):
    """``failed`` of the ``total`` trials that meet all ``conditions`` failed, and ``others_failed`` of the ``others``.

    ``p`` is corrected for the number of rules tried.
    """

    conditions: tuple[Condition, ...]
    failed: int
    total: int
    others_failed: int
    others: int
    p: float

    @property
    def text(self) -> str:
        """The rule as a sentence part: ``batch=128 and lr > 0.03: 12 of 13, elsewhere 1 of 87``."""
        where = " and ".join(condition.text for condition in self.conditions)
        return f"{where}: {self.failed} of {self.total}, elsewhere {self.others_failed} of {self.others}"


def regions_of(
    sweep: SweepRecord, trials: Sequence[TrialRecord], causes: Sequence[FailureGroup]
) -> list[Region | None]:
    """Return where in the space each cause strikes among ``trials``; None for one with few, a rare one, or without
    evidence. ``causes`` are sorted, the most frequent first."""
    if not causes or causes[0].size < FEWEST or causes[0].size == len(trials):
        return [None] * len(causes)
    table = from_records(sweep, trials)
    found = [failing_region(table, cause.numbers) for cause in causes[:CAUSES]]
    return [*found, *[None] * (len(causes) - len(found))]


class _Rule(NamedTuple):
    condition: Condition
    meets: Bools


def failing_region(table: TrialTable, numbers: tuple[int, ...]) -> Region | None:
    """Return where the trials ``numbers`` failed, compared with the trials that did not fail; None without evidence.

    Trials that failed from another cause are left out.
    """
    failed = np.isin(table.number, numbers)
    lived = (table.state == RunState.COMPLETE) | (table.state == RunState.PRUNED)
    rows = np.flatnonzero(failed | lived)
    failed = failed[rows]
    if failed.sum() < FEWEST or failed.all():
        return None
    rules = _distinct(rule for name in table.searched for rule in _rules(table, name, rows, failed))
    if not rules:
        return None
    meets = np.array([rule.meets for rule in rules])
    possible = sum(_possible(table, name, rows) for name in table.searched)
    single = _best(meets, failed, [(i,) for i in range(len(rules))], possible)
    pairs = _pairs(meets, failed)
    double = _best(meets, failed, pairs, possible * (possible - 1) // 2) if pairs else None
    chosen = _simpler(single, double)
    if chosen is None:
        return None
    places, log_p = chosen
    inside = np.logical_and.reduce(meets[list(places)])
    return Region(
        tuple(rules[i].condition for i in places), int(failed[inside].sum()), int(inside.sum()),
        int(failed[~inside].sum()), int((~inside).sum()), math.exp(log_p),
    )  # fmt: skip


_Found = tuple[tuple[int, ...], float]  #: conditions by their place, and the logarithm of the corrected p-value


def _simpler(single: _Found | None, double: _Found | None) -> _Found | None:
    """Two conditions only where they say much more than one."""
    if single is None or double is None:
        return single or double
    return double if double[1] < single[1] + math.log(MUCH) else single


def _best(meets: Bools, failed: Bools, candidates: list[tuple[int, ...]], tried: int) -> _Found | None:
    """Return the candidate with the smallest corrected p-value of those that are evidence."""
    inside = np.array([np.logical_and.reduce(meets[list(places)]) for places in candidates])
    total, hit = inside.sum(axis=1), (inside & failed).sum(axis=1)
    fits = (hit >= FEWEST) & (hit >= SHARE * total) & (total < len(failed))
    if not fits.any():
        return None
    log_p = np.zeros(len(candidates))
    log_p[fits] = log_tails(hit[fits], total[fits], int(failed.sum()), len(failed))
    best = int(np.argmin(log_p))
    corrected = float(log_p[best]) + math.log(tried)
    return (candidates[best], corrected) if corrected <= math.log(LEVEL) else None


def log_tails(hit: Rows, total: Rows, failed: int, count: int) -> Floats:
    """Return the logarithms of the chances that of ``total`` trials, drawn from ``count`` of which ``failed`` did so,
    ``hit`` or more failed (hypergeometric). NumPy alone: importing SciPy's takes a second.
    """
    logs = np.r_[0.0, np.cumsum(np.log(np.arange(1, count + 1)))]  # of factorials

    def choose(n: int, k: Rows) -> Floats:
        return np.asarray(logs[n] - logs[k] - logs[n - k])

    tails = np.empty(len(hit))
    for i, (least, drawn) in enumerate(zip(hit.tolist(), total.tolist(), strict=True)):
        found = np.arange(max(least, drawn - (count - failed)), min(drawn, failed) + 1)
        terms = choose(failed, found) + choose(count - failed, drawn - found)
        tails[i] = np.logaddexp.reduce(terms) - (logs[count] - logs[drawn] - logs[count - drawn])
    return np.minimum(tails, 0.0)


def _pairs(meets: Bools, failed: Bools) -> list[tuple[int, ...]]:
    """The pairs whose counts are the least likely, were failing the same everywhere: by likelihood ratio."""
    weights = meets.astype(np.float32)
    total = weights @ weights.T
    hit = (weights * failed) @ weights.T
    fits = np.triu((hit >= FEWEST) & (hit >= SHARE * total), 1)
    first, second = np.nonzero(fits)
    if not len(first):
        return []
    hits, totals = (np.asarray(each[first, second], dtype=float) for each in (hit, total))
    strength = _likelihood_ratio(hits, totals, float(failed.sum()), float(len(failed)))
    kept = np.argsort(-strength, kind="stable")[:EXAMINED]
    return [(int(first[i]), int(second[i])) for i in kept]


def _likelihood_ratio(hit: Floats, total: Floats, failed: float, count: float) -> Floats:
    others, others_hit = count - total, failed - hit
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [
            observed * np.log(observed / expected)
            for observed, expected in (
                (hit, total * failed / count), (total - hit, total * (1 - failed / count)),
                (others_hit, others * failed / count), (others - others_hit, others * (1 - failed / count)),
            )
        ]  # fmt: skip
    return np.asarray(np.nansum(terms, axis=0))


def _distinct(rules: Iterator[_Rule]) -> list[_Rule]:
    """Of rules that the same trials meet the first; none that all or no trials meet."""
    found: dict[bytes, _Rule] = {}
    for rule in rules:
        if rule.meets.any() and not rule.meets.all():
            found.setdefault(np.packbits(rule.meets).tobytes(), rule)
    return list(found.values())


def _possible(table: TrialTable, name: str, rows: Rows) -> int:
    """How many conditions on one parameter there are."""
    if not table.parameters[name].is_numeric:
        return len({value_text(table.assigned[row].get(name)) for row in rows})
    values = table.params[name][rows]
    known = len(np.unique(values[~np.isnan(values)]))
    return 2 * max(known - 1, 0) + (known if known <= FEW else 0)


def _rules(table: TrialTable, name: str, rows: Rows, failed: Bools) -> Iterator[_Rule]:
    active = table.active[name][rows]
    if not table.parameters[name].is_numeric:
        texts = np.array([value_text(table.assigned[row].get(name)) for row in rows], dtype=object)
        for text in dict.fromkeys(texts[active]):
            yield _Rule(Condition(name, "=", text), active & (texts == text))
        return
    values = table.params[name][rows]
    known = np.unique(values[active & ~np.isnan(values)])
    if len(known) <= FEW:
        for value in known:
            yield _Rule(Condition(name, "=", number(_plain(value))), active & (values == value))
    for i in _gaps(values, known, failed):
        low, high = float(known[i]), float(known[i + 1])
        whole = low.is_integer() and high.is_integer()
        below = ("<=", number(int(low))) if whole else ("<", number(between(low, high)))
        above = (">=", number(int(high))) if whole else (">", number(between(low, high)))
        yield _Rule(Condition(name, *below), active & (values <= low))
        yield _Rule(Condition(name, *above), active & (values >= high))


def _gaps(values: Floats, known: Floats, failed: Bools) -> list[int]:
    """Places in ``known`` after which a threshold may lie: the best ones, and an even choice."""
    if len(known) < 2:
        return []
    at = np.searchsorted(known, values[~np.isnan(values)])
    total = np.bincount(at, minlength=len(known)).cumsum()[:-1].astype(float)
    hit = np.bincount(at, failed[~np.isnan(values)].astype(float), minlength=len(known)).cumsum()[:-1]
    strength = _likelihood_ratio(hit, total, float(failed.sum()), float(len(failed)))
    best = np.argsort(-strength, kind="stable")[: THRESHOLDS // 2]
    even = np.linspace(0, len(known) - 2, THRESHOLDS // 2).astype(int)
    return sorted({int(place) for place in (*best, *even)})


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)


def between(low: float, high: float) -> float:
    """Return the number with the fewest digits in ``(low, high)``; of those the one nearest to the middle."""
    middle = low / 2 + high / 2
    for digits in range(1, 17):
        rounded = float(f"{middle:.{digits - 1}e}")
        if low < rounded < high:
            return rounded
    return middle
