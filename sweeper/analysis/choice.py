"""Which trial to take: the best one, a cheaper one that is as good within noise, or a compromise between goals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sweeper.analysis.dominance import front_of
from sweeper.analysis.gain import cost_metric_of
from sweeper.analysis.identity import REUSED
from sweeper.analysis.numbers import count, duration, number
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal, RunState, SweepRecord, TrialRecord

TIME = "seconds"  #: what is preferred where nobody says and no budget counts another cost
LARGE = 1e300


class Chosen(NamedTuple):
    """A trial and why that one. ``noise`` is the standard deviation it was chosen by, ``source`` where that is from.

    ``among`` are the numbers of the trials it was chosen from, the best first.
    """

    trial: TrialRecord
    reason: str
    among: tuple[int, ...]
    noise: float | None = None
    source: str = ""


def compromise(
    goals: Sequence[Goal], front: Sequence[TrialRecord], weights: Mapping[str, float] | None = None
) -> Chosen | None:
    """Choose from a Pareto front the trial nearest to the best of every goal: its knee. None for an empty front.

    Each goal is scaled by its spread on the front; ``weights`` say how much a goal counts (1 where not named).
    Raises NotFound for the weight of something that is no goal, UsageError for one that is negative.
    """
    names = [goal.name for goal in goals]
    for name, weight in (weights or {}).items():
        if name not in names:
            raise NotFound("goal", name, names)
        if not (math.isfinite(weight) and weight >= 0):
            raise UsageError(f"the weight of {name} is {number(weight)}; it is a number from 0 on")
    if not any((weights or {}).get(name, 1.0) for name in names):
        raise UsageError("every weight is 0, so no goal counts; give one of them a larger weight")
    if not front:
        return None
    losses = [[goal.sign * value for goal, value in zip(goals, trial.values or (), strict=True)] for trial in front]
    given = [(weights or {}).get(name, 1.0) for name in names]
    place = nearest(losses, given)
    reason = "nearest to the best of every goal"
    if weights:
        reason += f", weighted {', '.join(f'{name}={number(w)}' for name, w in zip(names, given, strict=True))}"
    return Chosen(front[place], reason, tuple(trial.number for trial in front))


def nearest(losses: Sequence[Sequence[float]], weights: Sequence[float]) -> int:
    """Return the row of ``losses`` nearest to the smallest of each column, every column scaled by its spread."""
    columns = [[min(max(row[i], -LARGE), LARGE) for row in losses] for i in range(len(weights))]
    lows = [min(column) for column in columns]
    spreads = [max(column) / 2 - low / 2 for column, low in zip(columns, lows, strict=True)]

    def distance(row: int) -> float:
        parts = zip(columns, lows, spreads, weights, strict=True)
        return sum(w * ((column[row] / 2 - low / 2) / (spread or 1.0)) ** 2 for column, low, spread, w in parts)

    return min(range(len(losses)), key=distance)


def robust(store: Store, sweep: SweepRecord, prefer: str | None = None) -> Chosen | None:
    """Choose the cheapest of the trials that are within one standard deviation of noise of the best one.

    The noise is that of repeats, else of nested folds, else what a forest cannot predict, and the reason says which
    (the rule is the one-standard-error rule of Breiman et al., "Classification and regression trees", 1984).
    ``prefer`` names a metric or a parameter of which the smallest is taken; by default the budget's cost metric, else
    the time of the trial. None when no trial is complete. Raises NotFound for another name, and UsageError for several
    goals.
    """
    from sweeper.analysis.columns import from_records
    from sweeper.analysis.noise import noise, residual_noise

    if len(sweep.goals) > 1:
        raise UsageError("--robust is for one goal; for several ones the choice is a compromise, see --weights")
    trials = store.trials(sweep.id)
    complete = _complete(sweep.goals[0], trials)
    name = prefer or cost_metric_of(sweep.config) or TIME
    if not complete:
        return None
    prices = {trial.number: _price(trial, name) for trial in complete}
    if all(price is None for price in prices.values()):
        raise NotFound("metric or parameter", name, _names(complete))
    table = from_records(sweep, trials)
    found = noise(store, table) or residual_noise(table)
    best = complete[0]
    if found is None:
        return Chosen(best, "the best: too few trials to know the noise", (best.number,))
    goal = sweep.goals[0]
    limit = goal.sign * _value(best) + found.sd
    within = [trial for trial in complete if goal.sign * _value(trial) <= limit]
    chosen = min(within, key=lambda trial: (_or_inf(prices[trial.number]), goal.sign * _value(trial)))
    reason = _reason(chosen, best, within, name, prices)
    return Chosen(
        chosen, f"{reason}; noise {found.text}", tuple(trial.number for trial in within), found.sd, found.source
    )


def top(sweep: SweepRecord, trials: Sequence[TrialRecord], most: int) -> list[TrialRecord]:
    """Return the ``most`` best complete trials with different parameters, the best first."""
    found: dict[str, TrialRecord] = {}
    for trial in _complete(sweep.goals[0], trials):
        found.setdefault(repr(sorted(trial.params.items(), key=lambda item: item[0])), trial)
    return list(found.values())[:most]


def choose(
    store: Store,
    sweep: SweepRecord,
    *,
    robustly: bool = False,
    prefer: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> Chosen | None:
    """Choose a trial of a sweep: the best, a robust one, or for several goals a compromise. None without any."""
    if robustly or prefer is not None:
        return robust(store, sweep, prefer)
    trials = store.trials(sweep.id)
    if len(sweep.goals) > 1:
        return compromise(sweep.goals, front_of(sweep.goals, trials), weights)
    if weights:
        raise UsageError(f"weights are for several goals; this sweep has one, {sweep.goals[0].name}")
    complete = _complete(sweep.goals[0], trials)
    return Chosen(complete[0], "the best value", (complete[0].number,)) if complete else None


def _reason(
    chosen: TrialRecord, best: TrialRecord, within: Sequence[TrialRecord], name: str, prices: Mapping[int, float | None]
) -> str:
    if len(within) == 1:
        return "the best; no other trial is within noise of it"
    among = f"of {count(len(within), 'trial')} within noise of the best"
    if chosen is best:
        return f"the best, and the one with the smallest {name} {among}"
    paid = [duration(price) if name == TIME else number(price) for price in
            (prices[chosen.number], prices[best.number])]  # fmt: skip
    return f"the one with the smallest {name} {among}: {paid[0]}, the best (trial {best.number}) has {paid[1]}"


def _complete(goal: Goal, trials: Sequence[TrialRecord]) -> list[TrialRecord]:
    found = [trial for trial in trials if trial.state is RunState.COMPLETE and trial.values]
    found = [trial for trial in found if not math.isnan(_value(trial))]
    return sorted(found, key=lambda trial: (goal.sign * _value(trial), trial.number))


def _value(trial: TrialRecord) -> float:
    return trial.values[0] if trial.values else math.nan


def _price(trial: TrialRecord, name: str) -> float | None:
    if name in trial.metrics:
        return trial.metrics[name]
    if isinstance(value := trial.params.get(name), int | float):
        return float(value)
    if name == TIME and trial.worker != REUSED and trial.started is not None and trial.ended is not None:
        return trial.ended - trial.started
    return None


def _or_inf(price: float | None) -> float:
    return math.inf if price is None or math.isnan(price) else price


def _names(trials: Sequence[TrialRecord]) -> list[str]:
    numbers = [name for trial in trials for name, value in trial.params.items() if isinstance(value, int | float)]
    return list(dict.fromkeys([TIME, *(name for trial in trials for name in trial.metrics), *numbers]))
