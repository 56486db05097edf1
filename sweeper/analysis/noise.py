"""How much the value of a trial would differ were it run again: from repeats, or from nested folds.

Repeats are complete trials with the same parameters, reruns of a sweep included. Folds are runs nested below a trial
that log the goal's metric. As training sets of folds overlap, the variance of their mean is not s^2/k but
s^2 (1/k + 1/(k-1)) (Nadeau and Bengio, "Inference for the generalization error", Machine Learning 2003).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sweeper.analysis.best import top_rows
from sweeper.analysis.columns import TrialTable, table
from sweeper.analysis.estimators import resamples
from sweeper.analysis.forest import grow, locate
from sweeper.analysis.identity import REUSED, key_of
from sweeper.analysis.numbers import count, number
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

RERUN_OF = "sweeper.rerun.sweep"  #: tag of a sweep that runs trials of another one again
FEWEST = 2  #: degrees of freedom below which a spread is no estimate
LOOKED_AT = 20  #: best trials whose folds are read


class Noise(NamedTuple):
    """The standard deviation of one evaluation, with its degrees of freedom, and what it was estimated from.

    ``source`` is "repeats", "folds" or "residuals".
    """

    sd: float
    freedom: int
    source: str
    text: str


def noise(store: Store, trials: TrialTable, goal: int = 0) -> Noise | None:
    """Estimate the noise of one goal of a sweep: by repeats, else by folds; None where there are neither."""
    groups = repeats([trials, *rerun_tables(store, trials.sweep)], trials.goals[goal].name)
    found = pooled([values for values in groups.values() if len(values) > 1])
    if found is not None:
        sd, freedom = found
        return Noise(sd, freedom, "repeats", f"{number(sd)}, from {count(freedom, 'repeat')} of the same parameters")
    folds = [list(fold_values(store, trials.run_id[row], trials.goals[goal].name).values())
             for row in top_rows(trials, LOOKED_AT, goal)]  # fmt: skip
    folds = [values for values in folds if len(values) > 1]
    found = pooled(folds)
    if found is None:
        return None
    spread, freedom = found
    k = float(np.median([len(values) for values in folds]))
    sd = spread * math.sqrt(1 / k + 1 / (k - 1))
    return Noise(sd, freedom, "folds", f"{number(sd)}, from the folds of {count(len(folds), 'trial')}")


def residual_noise(trials: TrialTable, goal: int = 0) -> Noise | None:
    """Estimate the noise from what a forest cannot predict out of bag among the better half: at most this much.

    None for fewer than ten trials with a finite value.
    """
    rows = np.flatnonzero(trials.complete & np.isfinite(trials.losses(goal)))
    names = [name for name in trials.searched if trials.active[name][rows].all()]
    if len(rows) < 10 or not names:
        return None
    losses = trials.losses(goal)[rows]
    inputs = np.nan_to_num(np.stack([trials.positions(name)[rows] for name in names], axis=1), nan=0.5)
    rng = np.random.default_rng(trials.sweep.seed)
    drawn = resamples(len(rows), rng)
    forest = grow(inputs, losses, drawn, rng)
    total, seen = np.zeros(len(rows)), np.zeros(len(rows))
    for tree, used in enumerate(drawn):
        out = np.setdiff1d(np.arange(len(rows)), used)
        total[out] += forest.value[locate(forest, inputs[out], tree)]
        seen[out] += 1
    better = (losses <= np.median(losses)) & (seen > 0)
    if not better.any():
        return None
    sd = float(1.4826 * np.median(np.abs(losses - total / np.maximum(seen, 1))[better]))
    return Noise(sd, int(better.sum()), "residuals", f"at most {number(sd)}, from what a forest cannot predict")


def rerun_tables(store: Store, sweep: SweepRecord) -> list[TrialTable]:
    """Read the sweeps that ran trials of this one again."""
    runs = store.runs(f"tags.`{RERUN_OF}` = '{sweep.id}'", kinds=["sweep"])
    return [table(store, store.find_sweep(run.id)) for run in runs]


def repeats(tables: Sequence[TrialTable], metric: str) -> dict[str, list[float]]:
    """Return the finite values of a goal by parameters, over sweeps that have that goal; none that was taken over."""
    groups: dict[str, list[float]] = {}
    for each in tables:
        places = [goal.name for goal in each.goals]
        if metric not in places:
            continue
        values = each.values[:, places.index(metric)]
        ran = np.array([worker != REUSED for worker in each.workers], dtype=bool)
        for row in np.flatnonzero(each.complete & np.isfinite(values) & ran):
            groups.setdefault(key_of(each.assigned[row]), []).append(float(values[row]))
    return groups


def fold_values(store: Store, run_id: str, metric: str) -> dict[str, float]:
    """Return the metric of the runs right below a trial, by their names."""
    found = {run.name: float(run.metrics[metric]) for run in store.children(run_id) if metric in run.metrics}
    return {name: value for name, value in found.items() if math.isfinite(value)}


def pooled(groups: Sequence[Sequence[float]]) -> tuple[float, int] | None:
    """Return the standard deviation within groups and its degrees of freedom; None for fewer than ``FEWEST``."""
    freedom = sum(len(values) - 1 for values in groups)
    if freedom < FEWEST:
        return None
    shifted = [np.array(values) - values[0] for values in groups if len(values)]  # equal values have no spread at all
    squares = sum(float(np.sum((values - values.mean()) ** 2)) for values in shifted)
    return math.sqrt(squares / freedom), freedom
