"""What does an ask cost as the history grows? Our samplers beside Optuna's plain TPESampler, in the same run.

    python benchmarks/sampler_cost.py [--write]

Milliseconds of processor time per ask (median of --asks) after so many told trials, each with a random point and a
random loss; one trial is pending. Then the time to tell 100,000 trials, as a resume does, and the memory they take.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

from results import Headline, machine, record

from sweeper.plugins import load
from sweeper.records import Goal, Outcome, Params, RunState
from sweeper.space import Categorical, Constant, Float, Int, SearchSpace

SPACES = {
    "5 floats (1 log, 1 step), 2 categories": SearchSpace({
        "a": Float(1e-5, 1, log=True), "b": Float(0, 1), "c": Float(0, 1, step=0.05), "d": Float(-5, 5),
        "e": Float(0, 10), "f": Categorical(["x", "y", "z"]), "g": Categorical([1, 2, 3, 4]),
    }),
    "random forest: 3 ints, 2 floats, 2 categories": SearchSpace({
        "n_estimators": Int(20, 400), "max_depth": Int(2, 32, log=True), "min_samples_leaf": Int(1, 20),
        "max_features": Float(0.05, 1), "ccp_alpha": Float(1e-6, 1e-1, log=True),
        "criterion": Categorical(["gini", "entropy", "log_loss"]), "bootstrap": Categorical([True, False]),
        "seed": Constant(0),
    }),
}
SIZES = (100, 1_000, 10_000, 20_000)
OPTUNA = "Optuna's TPESampler"
OURS = ("random", "qmc", "cmaes", "nsga2", "tpe", "optuna-tpe", "hyperopt-anneal", "hyperopt-tpe")


def history(space: SearchSpace, count: int) -> list[tuple[Params, float]]:
    rng = Random(1)
    return [(space.sample(rng), rng.random()) for _ in range(count)]


def timed(call: Callable[[int], Any], asks: int) -> float:
    """Return the median processor time of a call in milliseconds, the first one not counted."""
    call(0)
    spent = []
    for number in range(1, asks + 1):
        start = time.process_time()
        call(number)
        spent.append(time.process_time() - start)
    return 1e3 * median(spent)


def our_ask(name: str, space: SearchSpace, told: list[tuple[Params, float]], asks: int) -> float:
    sampler = load("sampler", name)(space, (Goal("loss"),), 7)
    for number, (params, value) in enumerate(told):
        sampler.tell(number, params, Outcome(RunState.COMPLETE, (value,)))
    start, pending = len(told), Outcome(RunState.CANCELLED)

    def ask(number: int) -> None:
        sampler.tell(start + number - 1, sampler.ask(start + number), pending)

    return timed(ask, asks)


def optuna_ask(space: SearchSpace, told: list[tuple[Params, float]], asks: int) -> float:
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    distributions: dict[str, optuna.distributions.BaseDistribution] = {}
    for name, parameter in space.parameters.items():
        if isinstance(parameter, Categorical):
            distributions[name] = CategoricalDistribution(parameter.values)
        elif isinstance(parameter, Int):
            distributions[name] = IntDistribution(parameter.low, parameter.high, log=parameter.log)
        elif isinstance(parameter, Float):
            distributions[name] = FloatDistribution(
                parameter.low, parameter.high, log=parameter.log, step=parameter.step
            )
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=7))
    study.add_trials([
        optuna.trial.create_trial(
            params={name: params[name] for name in distributions}, distributions=distributions, value=value
        )
        for params, value in told
    ])
    previous = study.ask(distributions)

    def ask(number: int) -> None:
        nonlocal previous
        study.tell(previous, state=optuna.trial.TrialState.FAIL)
        previous = study.ask(distributions)

    return timed(ask, asks)


def resume(space: SearchSpace, count: int) -> str:
    """Return what it takes to tell ``count`` trials to a new TPE sampler and to ask it once."""
    told = history(space, count)
    outcomes = [Outcome(RunState.COMPLETE, (value,)) for _, value in told]
    load("sampler", "tpe")
    start = time.process_time()
    sampler = load("sampler", "tpe")(space, (Goal("loss"),), 7)
    for number, (params, _) in enumerate(told):
        sampler.tell(number, params, outcomes[number])
    sampler.ask(count)
    spent = time.process_time() - start
    del sampler
    tracemalloc.start()
    sampler = load("sampler", "tpe")(space, (Goal("loss"),), 7)
    for number, (params, _) in enumerate(told):
        sampler.tell(number, params, outcomes[number])
    sampler.ask(count)
    size = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    return f"resume of {count:,} trials with tpe: {spent:.1f} s, {size:.1f} MiB kept"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asks", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    print(machine())
    lines = ["ms of processor time per ask"]
    growth: dict[str, float] = {}
    for title, space in SPACES.items():
        told = history(space, max(SIZES))
        lines += ["", title, f"{'trials told':22}" + "".join(f"{size:>10,}" for size in SIZES) + f"{'20k / 1k':>10}"]
        for name in (*OURS, OPTUNA):
            costs = [
                our_ask(name, space, told[:size], options.asks) if name in OURS
                else optuna_ask(space, told[:size], options.asks)
                for size in SIZES
            ]
            row = f"{name:22}" + "".join(f"{cost:>10.3f}" for cost in costs)
            lines.append(row + f"{costs[-1] / costs[1]:>10.2f}")
            growth[name] = max(growth.get(name, 0.0), costs[-1] / costs[1])
            print(lines[-1], flush=True)
    lines += ["", resume(next(iter(SPACES.values())), 100_000)]
    text = "\n".join(lines)
    print(text)
    if options.write:
        headline = Headline(
            "TPE: an ask after 20,000 trials over one after 1,000, the worse of two spaces",
            f"{growth['tpe']:.2f}",
            "at most 2",
            growth["tpe"] <= 2,
            f"Optuna's TPESampler {growth[OPTUNA]:.1f}",
        )
        record("sampler_cost", "What a proposal costs as the history grows", [headline], f"```text\n{text}\n```")


if __name__ == "__main__":
    main()
