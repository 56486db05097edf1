"""What a tracked trial costs: a no-op objective with 5 floats and 2 categories, 2 workers, everything tracked.

    make bench                                  (or: python benchmarks/overhead.py [--repeats 3] [--write])

Every arm runs in every repeat, one after another in processes of their own, so that all see the same machine; the table
gives medians. Rates count from the first trial's start to the last trial's end, start-up apart, for every arm.

* ours: random sampler, joblib executor, SQLite at synchronous=FULL, params, metric, times and output of each trial
* bare loky: round trips through one single-worker executor per slot, nothing tracked: the ceiling
* Optuna on SQLite: study.optimize with n_jobs=2, random sampler, RDB storage
* Optuna with MLflow, Hyperopt with MLflow: each trial a nested run with its params and metric, in MLflow's SQLite
  store, as their tutorials do it (Hyperopt has no local parallelism)
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from results import Headline, machine, record

FLOATS = [f"x{number}" for number in range(5)]
CATEGORIES = {"a": ["p", "q", "r"], "b": ["u", "v", "w"]}
WORKERS = 2
ARMS = {"ours": 4000, "loky": 8000, "optuna": 150, "optuna_mlflow": 60, "hyperopt_mlflow": 60}
LABELS = {
    "ours": "sweeper, everything tracked, durable",
    "loky": "bare loky round trips, nothing tracked",
    "optuna": "Optuna on SQLite, not nested",
    "optuna_mlflow": "Optuna with nested MLflow runs",
    "hyperopt_mlflow": "Hyperopt with nested MLflow runs",
}


def noop(x0, x1, x2, x3, x4, a, b):  # type: ignore[no-untyped-def]
    return x0


def ours(trials: int) -> float:
    import sweeper

    space = {name: sweeper.Float(0.0, 1.0) for name in FLOATS}
    space |= {name: sweeper.Categorical(values) for name, values in CATEGORIES.items()}
    objective = sweeper.objective(noop, metric="loss", space=space, method="random", seed=1)
    result = objective.sweep(trials=trials, workers=WORKERS, report=False, progress=False)
    records = result.trials
    assert [record.state for record in records] == ["complete"] * trials
    return trials / (max(r.ended for r in records) - min(r.started for r in records))


def loky(trials: int) -> float:
    import queue

    from joblib.externals.loky.process_executor import ProcessPoolExecutor

    pools = [ProcessPoolExecutor(max_workers=1) for _ in range(WORKERS)]
    for pool in pools:
        pool.submit(abs, 1).result()
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    begun = time.perf_counter()
    for slot in [*range(WORKERS)] * 2:
        pools[slot].submit(abs, 1).add_done_callback(lambda _, slot=slot: done.put(slot))
    for left in range(trials, 0, -1):
        slot = done.get()
        if left > 2 * WORKERS:
            pools[slot].submit(abs, 1).add_done_callback(lambda _, slot=slot: done.put(slot))
    rate = trials / (time.perf_counter() - begun)
    for pool in pools:
        pool.shutdown()
    return rate


def _suggest(trial):  # type: ignore[no-untyped-def]
    params = {name: trial.suggest_float(name, 0.0, 1.0) for name in FLOATS}
    return params | {name: trial.suggest_categorical(name, values) for name, values in CATEGORIES.items()}


def optuna(trials: int) -> float:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage="sqlite:///optuna.db", sampler=optuna.samplers.RandomSampler(seed=1))
    begun = time.perf_counter()
    study.optimize(lambda trial: noop(**_suggest(trial)), n_trials=trials, n_jobs=WORKERS)
    return trials / (time.perf_counter() - begun)


def optuna_mlflow(trials: int) -> float:
    import mlflow
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("bench")
    with mlflow.start_run() as parent:

        def objective(trial):  # type: ignore[no-untyped-def]
            params = _suggest(trial)
            with mlflow.start_run(nested=True, parent_run_id=parent.info.run_id):
                mlflow.log_params(params)
                loss = noop(**params)
                mlflow.log_metric("loss", loss)
            return loss

        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
        begun = time.perf_counter()
        study.optimize(objective, n_trials=trials, n_jobs=WORKERS)
        return trials / (time.perf_counter() - begun)


def hyperopt_mlflow(trials: int) -> float:
    import mlflow
    import numpy as np
    from hyperopt import fmin, hp, rand

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("bench")
    space = {name: hp.uniform(name, 0.0, 1.0) for name in FLOATS}
    space |= {name: hp.choice(name, values) for name, values in CATEGORIES.items()}

    def objective(params):  # type: ignore[no-untyped-def]
        with mlflow.start_run(nested=True):
            mlflow.log_params(params)
            loss = noop(**params)
            mlflow.log_metric("loss", loss)
        return loss

    with mlflow.start_run():
        begun = time.perf_counter()
        fmin(objective, space, rand.suggest, trials, rstate=np.random.default_rng(1), show_progressbar=False)
        return trials / (time.perf_counter() - begun)


def measure(arm: str, trials: int) -> float:
    """Run one arm in a process and a folder of its own; return trials per second."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), "--arm", arm, "--trials", str(trials)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise SystemExit(f"{arm} failed:\n{done.stderr[-3000:]}")
        return float(json.loads(done.stdout.splitlines()[-1])["rate"])


def table(rates: dict[str, list[float]]) -> str:
    median = {arm: statistics.median(values) for arm, values in rates.items()}
    lines = [
        f"{len(rates['ours'])} repeats, medians",
        "",
        "| arm | trials/s | lowest .. highest | sweeper is |",
        "|---|---:|---|---|",
    ]
    for arm, values in rates.items():
        ratio = median["ours"] / median[arm]
        said = "" if arm == "ours" else f"{ratio:.0%} of it" if arm == "loky" else f"{ratio:.0f} times faster"
        lines.append(f"| {LABELS[arm]} | {median[arm]:.1f} | {min(values):.1f} .. {max(values):.1f} | {said} |")
    return "\n".join(lines)


def headlines(rates: dict[str, list[float]]) -> list[Headline]:
    median = {arm: statistics.median(values) for arm, values in rates.items()}
    ours = median["ours"]
    targets = {
        "hyperopt_mlflow": ("20 times Hyperopt with nested MLflow runs", 20.0),
        "optuna_mlflow": ("10 times Optuna with nested MLflow runs", 10.0),
        "loky": ("12 % of the bare loky rate", 0.12),
    }
    made = []
    for arm, (target, factor) in targets.items():
        ratio = ours / median[arm]
        beside = f"{median[arm]:,.0f} /s: " + (f"{ratio:.0%}" if arm == "loky" else f"{ratio:.0f} times")
        what = "no-op trial, 2 workers, everything tracked, durable"
        made.append(Headline(what, f"{ours:,.0f} /s", target, ratio >= factor, beside))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    parser.add_argument("--trials", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arm:
        print(json.dumps({"rate": globals()[given.arm](given.trials)}))
        return
    rates: dict[str, list[float]] = {arm: [] for arm in ARMS}
    for repeat in range(given.repeats):
        for arm, trials in ARMS.items():
            rates[arm].append(measure(arm, trials))
            print(f"repeat {repeat + 1}: {LABELS[arm]}: {rates[arm][-1]:.1f} trials/s", file=sys.stderr, flush=True)
    text = table(rates)
    print(f"{machine()}\n\n{text}")
    if given.write:
        record("overhead", "What a tracked trial costs", headlines(rates), text)


if __name__ == "__main__":
    main()
