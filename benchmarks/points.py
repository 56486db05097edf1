"""How fast reported points get into the store: trials with 1,000 reports each, 2 workers, everything durable.

    python benchmarks/points.py [--repeats 3] [--trials 100] [--write]

Every arm runs in every repeat, one after another in processes and folders of their own; the table gives medians.

* ours: ``trial.report(value, step)`` from worker processes over the channel into SQLite at synchronous=FULL. Seconds
  count from the first trial's start to the sweep's end, when all is committed; the points are counted in the store
* the same with early stopping: each report also waits for the answer whether to go on (median rule, stops nobody)
* MLflow: ``log_metric`` a point at a time into its SQLite store, and ``log_batch`` of 1,000 points, the fastest way
* Optuna: ``trial.report`` on its SQLite storage
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

from results import ROOT, Headline, machine, record

POINTS = 1000
WORKERS = 2
LABELS = {
    "ours": "sweeper: trial.report, 2 workers",
    "judged": "the same, each report asks whether to stop",
    "mlflow": "MLflow: log_metric",
    "mlflow_batch": "MLflow: log_batch of 1,000",
    "optuna": "Optuna: trial.report",
}


def train(x, trial):  # type: ignore[no-untyped-def]
    for step in range(POINTS):
        trial.report(1.0 / (step + 1) + x, step=step)
    return x


def judged_train(x, trial):  # type: ignore[no-untyped-def]
    for step in range(POINTS):
        trial.report(1.0 / (step + 1) + x, step=step)
        trial.should_prune()
    return x


def ours(trials: int) -> float:
    return _sweep(trials, train)


def judged(trials: int) -> float:
    return _sweep(trials, judged_train, early_terminate={"type": "threshold", "upper": 1e9})


def _sweep(trials: int, function, **settings) -> float:  # type: ignore[no-untyped-def]
    import sweeper

    space = {"x": sweeper.Float(0.0, 1.0)}
    objective = sweeper.objective(function, metric="loss", space=space, method="random", seed=1, **settings)
    result = objective.sweep(trials=trials, workers=WORKERS, report=False, progress=False)
    assert {trial.state for trial in result.trials} == {"complete"}
    found = result.store.points([trial.run_id for trial in result.trials], ["loss"])
    count = sum(map(len, found.values()))
    assert count in (trials * POINTS, trials * (POINTS + 1)), count  # the returned value may be one more
    return count / (result.store.find_sweep(result.id).ended - min(trial.started for trial in result.trials))


def mlflow(trials: int) -> float:
    import mlflow

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    with mlflow.start_run():
        begun = time.perf_counter()
        for step in range(max(trials * 5, 50)):
            mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
        return max(trials * 5, 50) / (time.perf_counter() - begun)


def mlflow_batch(trials: int) -> float:
    import mlflow
    from mlflow.entities import Metric

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    client, batches = mlflow.MlflowClient(), max(trials // 5, 2)
    run = client.create_run("0")
    begun = time.perf_counter()
    for batch in range(batches):
        steps = range(batch * POINTS, (batch + 1) * POINTS)
        client.log_batch(run.info.run_id, [Metric("loss", 1.0 / (s + 1), 1_790_000_000_000 + s, s) for s in steps])
    return batches * POINTS / (time.perf_counter() - begun)


def optuna(trials: int) -> float:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage="sqlite:///optuna.db", sampler=optuna.samplers.RandomSampler(seed=1))
    trial, points = study.ask(), max(trials * 5, 50)
    begun = time.perf_counter()
    for step in range(points):
        trial.report(1.0 / (step + 1), step)
    return points / (time.perf_counter() - begun)


def measure(arm: str, trials: int) -> float:
    """Run one arm in a process and a folder of its own; return points per second."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), "--arm", arm, "--trials", str(trials)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
        if done.returncode:
            raise SystemExit(f"{arm} failed:\n{done.stderr[-3000:]}")
        return float(json.loads(done.stdout.splitlines()[-1])["rate"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    parser.add_argument("--arm", choices=LABELS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arm:
        print(json.dumps({"rate": globals()[given.arm](given.trials)}))
        return
    rates: dict[str, list[float]] = {arm: [] for arm in LABELS}
    for repeat in range(given.repeats):
        for arm in LABELS:
            rates[arm].append(measure(arm, given.trials))
            print(f"repeat {repeat + 1}: {LABELS[arm]}: {rates[arm][-1]:,.0f} points/s", file=sys.stderr, flush=True)
    median = {arm: statistics.median(values) for arm, values in rates.items()}
    lines = [f"{given.repeats} repeats, medians", "", "| arm | points/s | lowest .. highest |", "|---|---:|---|"]
    for arm, values in rates.items():
        lines.append(f"| {LABELS[arm]} | {median[arm]:,.0f} | {min(values):,.0f} .. {max(values):,.0f} |")
    text = "\n".join(lines)
    print(f"{machine()}\n\n{text}")
    if given.write:
        what = f"trials with {POINTS:,} reports each, end to end, durable"
        beside = f"MLflow log_metric {median['mlflow']:,.0f} /s, Optuna {median['optuna']:,.0f} /s"
        headline = Headline(what, f"{median['ours']:,.0f} /s", "20,000 /s", median["ours"] >= 20_000, beside)
        record("points", "Reported points into the store", [headline], text)


if __name__ == "__main__":
    main()
