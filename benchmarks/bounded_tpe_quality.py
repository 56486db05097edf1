"""Does a bounded history cost the TPE sampler quality? Windows of several sizes beside the whole history.

Every arm runs the same functions with the same seeds; up to the size of its window an arm is identical to the one
with the whole history, which proposes what Optuna's TPESampler proposes (``tests/samplers/test_tpe.py``). Regret is
the distance from the known minimum. The ratio is regret with the window / regret with the whole history: the geometric
mean over seeds and functions, with a 95 % bootstrap interval over (function, seed). 1 means equally good; a loss would
be an interval above 1. ``--optuna`` adds Optuna itself.

    python benchmarks/bounded_tpe_quality.py                 # about 4 minutes on 2 cores
    python benchmarks/bounded_tpe_quality.py --trials 2500 --windows 500 1500 --write
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise, product

import numpy as np
from results import record

from sweeper.records import Goal, Outcome, Params, RunState
from sweeper.space import Categorical, Float, Int, SearchSpace

WHOLE = 1_000_000_000  #: a window that nothing outgrows
OPTUNA = 0  #: stands for Optuna's own sampler
FLOOR = 1e-4  #: regrets below it count as it: nobody tunes hyperparameters more finely


def branin(p: Params) -> float:
    x, y = p["x"], p["y"]
    bowl = (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2
    return bowl + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 - 0.39788735772973816


A6 = np.array([
    [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
])
P6 = 1e-4 * np.array([
    [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381],
])


def hartmann6(p: Params) -> float:
    x = np.array([p[f"x{i}"] for i in range(6)])
    return float(-np.array([1, 1.2, 3, 3.2]) @ np.exp(-(A6 * (x - P6) ** 2).sum(axis=1))) + 3.322368011391339


def rosenbrock_kind(p: Params) -> float:
    """Rosenbrock in 5 dimensions; a category shifts the valley and lifts it."""
    shift, lift = {"a": (0.0, 0.0), "b": (0.3, 0.5), "c": (-0.5, 1.0)}[p["kind"]]
    x = [p[f"x{i}"] - shift for i in range(5)]
    return sum(10 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x)) + lift


def branches(p: Params) -> float:
    """Two kinds of model with parameters of their own, and two they share."""
    shared = 2 * (p["size"] - 0.3) ** 2 + 0.1 * (math.log10(p["rate"]) + 2) ** 2
    if p["model"] == "forest":
        return shared + 0.2 + 0.3 * abs(math.log2(p["depth"] / 8)) + 2 * (p["share"] - 0.7) ** 2
    return shared + 0.2 * (math.log10(p["penalty"]) + 1) ** 2 + 0.02 * abs(p["degree"] - 3) + (p["coef"] - 0.2) ** 2


SPACES: dict[str, tuple[Callable[[Params], float], SearchSpace]] = {
    "Branin": (branin, SearchSpace({"x": Float(-5, 10), "y": Float(0, 15)})),
    "Hartmann 6": (hartmann6, SearchSpace({f"x{i}": Float(0, 1) for i in range(6)})),
    "Rosenbrock 5 + category": (
        rosenbrock_kind,
        SearchSpace({**{f"x{i}": Float(-2, 2) for i in range(5)}, "kind": Categorical(["a", "b", "c"])}),
    ),
    "two branches": (
        branches,
        SearchSpace({
            "size": Float(0, 1), "rate": Float(1e-5, 1, log=True), "model": Categorical(["forest", "kernel"]),
            "depth": Int(1, 64, log=True, when={"model": "forest"}), "share": Float(0.1, 1, when={"model": "forest"}),
            "penalty": Float(1e-4, 1e3, log=True, when={"model": "kernel"}),
            "degree": Int(1, 6, when={"model": "kernel"}), "coef": Float(0, 1, when={"model": "kernel"}),
        }),
    ),
}


def ours(name: str, seed: int, trials: int, window: int) -> list[float]:
    from sweeper.samplers.tpe import TpeSampler

    objective, space = SPACES[name]
    sampler = TpeSampler(space, (Goal("regret"),), seed, window=window)
    values = []
    for number in range(trials):
        params = sampler.ask(number)
        values.append(objective(params))
        sampler.tell(number, params, Outcome(RunState.COMPLETE, (values[-1],)))
    return values


def plain_optuna(name: str, seed: int, trials: int) -> list[float]:
    import warnings

    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    objective, space = SPACES[name]
    group = {"multivariate": True, "group": True} if space.has_conditions else {}
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, **group))

    def evaluate(trial: optuna.Trial) -> float:
        params: Params = {}
        for key, parameter in space.parameters.items():
            if not space.active(key, params):
                continue
            if isinstance(parameter, Categorical):
                params[key] = trial.suggest_categorical(key, list(parameter.values))
            elif isinstance(parameter, Int):
                params[key] = trial.suggest_int(key, parameter.low, parameter.high, log=parameter.log)
            elif isinstance(parameter, Float):
                params[key] = trial.suggest_float(key, parameter.low, parameter.high, log=parameter.log)
        return objective(params)

    study.optimize(evaluate, n_trials=trials)
    return [trial.values[0] for trial in study.get_trials(deepcopy=False)]


def run(task: tuple[str, int, int, int]) -> list[float]:
    """Return the best regret after each trial."""
    name, seed, trials, window = task
    values = plain_optuna(name, seed, trials) if window == OPTUNA else ours(name, seed, trials, window)
    return np.maximum(np.minimum.accumulate(values), FLOOR).tolist()


def interval(logs: np.ndarray, draws: int = 2000) -> str:
    """The geometric mean and its 95 % bootstrap interval; ``logs`` has a row per function, a column per seed."""
    rng = np.random.default_rng(0)
    flat = logs.ravel()
    means = rng.choice(flat, (draws, flat.size)).mean(axis=1)
    low, high = np.exp(np.quantile(means, [0.025, 0.975]))
    return f"{math.exp(flat.mean()):5.2f} [{low:.2f}, {high:.2f}]"


def table(results: dict[tuple[str, int, int, int], list[float]], trials: int, seeds: int, arms: list[int]) -> list[str]:
    """Return the lines: a row per function and number of trials, and one for all functions."""
    titles = {WHOLE: "whole history", OPTUNA: "Optuna", **{arm: f"window {arm:,}" for arm in arms if 0 < arm < WHOLE}}
    lines = [f"{'median regret':26}{'trials':>7}" + "".join(f"{titles[arm]:>15}" for arm in arms)
             + "".join(f"{titles[arm] + ' / whole':>24}" for arm in arms[1:])]
    pooled: dict[tuple[int, int], list[np.ndarray]] = {}
    marks = [trials // 4, trials // 2, trials]
    for name, mark in product(SPACES, marks):
        regret = {
            arm: np.array([results[name, seed, trials, arm][mark - 1] for seed in range(seeds)]) for arm in arms
        }
        row = f"{name:26}{mark:>7,}" + "".join(f"{np.median(regret[arm]):>15.3g}" for arm in arms)
        for arm in arms[1:]:
            pooled.setdefault((mark, arm), []).append(np.log(regret[arm] / regret[WHOLE]))
            row += f"{interval(pooled[mark, arm][-1]):>24}"
        lines.append(row)
    for mark in marks:
        row = f"{'all functions':26}{mark:>7,}" + " " * 15 * len(arms)
        lines.append(row + "".join(f"{interval(np.array(pooled[mark, arm])):>24}" for arm in arms[1:]))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--windows", type=int, nargs="+", default=[250, 500])
    parser.add_argument("--optuna", action="store_true", help="also run Optuna's own sampler (slow)")
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    started = time.time()
    arms = [WHOLE, *options.windows, *([OPTUNA] if options.optuna else [])]
    tasks = list(product(SPACES, range(options.seeds), [options.trials], arms))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(tasks, pool.map(run, tasks), strict=True))
    text = "\n".join([
        f"TPE with a bounded history: {options.seeds} seeds, regrets below {FLOOR} count as {FLOOR}", "",
        *table(results, options.trials, options.seeds, arms), "",
        f"{time.time() - started:.0f} s on {os.cpu_count()} cores",
    ])
    print(text)
    if options.write:
        title = "What TPE loses by looking at a window of its history"
        record("bounded_tpe_quality", title, [], f"```text\n{text}\n```")


if __name__ == "__main__":
    main()
