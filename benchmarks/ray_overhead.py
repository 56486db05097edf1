"""What a tracked trial costs on Ray: a no-op objective with 5 floats and 2 categories, 2 slots, everything tracked.

    python benchmarks/ray_overhead.py [--repeats 3] [--write]

Every arm runs in every repeat, one after another in processes of their own, each with a Ray of its own on this machine;
the table gives medians. Rates count from the first trial's start to the last trial's end, start-up apart.

* ours: random sampler, ray executor, SQLite at synchronous=FULL, params, metric, times and output of each trial
* bare Ray: a ``ray.wait`` loop over no-op tasks, 2 in flight, nothing tracked: the ceiling
* Ray Tune with its defaults, 2 at a time: with ``reuse_actors=True``, and with a fresh actor for each trial, which is
  its default
* a prune question: how long ``trial.report`` takes in 2 busy workers, ASHA answering, on Ray and on joblib
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
from typing import Any

from results import Headline, machine, record

FLOATS = [f"x{number}" for number in range(5)]
CATEGORIES = {"a": ["p", "q", "r"], "b": ["u", "v", "w"]}
SLOTS = 2
ARMS = {"ours": 1500, "tasks": 3000, "tune_reuse": 60, "tune_fresh": 10, "ask_ray": 1000, "ask_joblib": 1000}
RATES = [arm for arm in ARMS if not arm.startswith("ask")]
LABELS = {
    "ours": "sweeper on Ray, everything tracked, durable",
    "tasks": "bare Ray tasks, 2 in flight, nothing tracked",
    "tune_reuse": "Ray Tune, reuse_actors=True",
    "tune_fresh": "Ray Tune, a fresh actor for each trial (its default)",
    "ask_ray": "trial.report with an answer, on Ray",
    "ask_joblib": "trial.report with an answer, on joblib",
}


def noop(x0, x1, x2, x3, x4, a, b):  # type: ignore[no-untyped-def]
    return x0


def ours(trials: int) -> dict[str, float]:
    import sweeper

    space = {name: sweeper.Float(0.0, 1.0) for name in FLOATS}
    space |= {name: sweeper.Categorical(values) for name, values in CATEGORIES.items()}
    objective = sweeper.objective(noop, metric="loss", space=space, method="random", seed=1)
    executor = {"kind": "ray", "workers": SLOTS}
    records = objective.sweep(trials=trials, executor=executor, report=False, progress=False).trials
    assert [record.state for record in records] == ["complete"] * trials
    return {"rate": trials / (max(r.ended for r in records) - min(r.started for r in records))}


def tasks(trials: int) -> dict[str, float]:
    ray = _ray()
    task = ray.remote(lambda number: number)
    ray.get([task.remote(1) for _ in range(4 * SLOTS)])
    begun = time.perf_counter()
    running = [task.remote(1) for _ in range(SLOTS)]
    for left in range(trials, 0, -1):
        _, running = ray.wait(running, num_returns=1)
        if left > SLOTS:
            running.append(task.remote(1))
    return {"rate": trials / (time.perf_counter() - begun)}


def tune_reuse(trials: int, reuse: bool = True) -> dict[str, float]:
    _ray()
    os.environ["RAY_AIR_NEW_OUTPUT"] = "0"
    from ray import tune

    starts: list[float] = []

    class Clock(tune.Callback):
        def on_trial_start(self, iteration: int, trials: Any, trial: Any, **info: Any) -> None:
            starts.append(time.perf_counter())

    space: dict[str, Any] = {name: tune.uniform(0.0, 1.0) for name in FLOATS}
    space |= {name: tune.choice(values) for name, values in CATEGORIES.items()}
    settings = tune.TuneConfig(num_samples=trials, max_concurrent_trials=SLOTS, reuse_actors=reuse)
    run = tune.RunConfig(storage_path=str(Path.cwd()), callbacks=[Clock()], verbose=0)
    results = tune.Tuner(_tuned, param_space=space, tune_config=settings, run_config=run).fit()
    assert len(results) == trials
    return {"rate": trials / (time.perf_counter() - starts[0])}


def _tuned(config: dict[str, Any]) -> dict[str, float]:
    return {"loss": noop(**config)}


def tune_fresh(trials: int) -> dict[str, float]:
    return tune_reuse(trials, reuse=False)


def ask_ray(reports: int, kind: str = "ray") -> dict[str, float]:
    import sweeper

    def train(x, trial):  # type: ignore[no-untyped-def]
        import time

        took = []
        for step in range(reports):
            begun = time.perf_counter()
            trial.report(x, step)
            took.append(time.perf_counter() - begun)
        took.sort()
        return {"loss": x, "median": took[reports // 2], "p95": took[int(0.95 * reports)]}

    made = sweeper.objective(train, metric="loss", space={"x": sweeper.Float(0.0, 1.0)}, method="random", seed=1)
    executor = {"kind": kind, "workers": SLOTS}
    rule = {"type": "asha", "min_iter": 1}
    result = made.sweep(trials=2 * SLOTS, executor=executor, early_terminate=rule, report=False, progress=False)
    metrics = [record.metrics for record in result.trials]
    return {name: 1000 * statistics.mean(each[name] for each in metrics) for name in ("median", "p95")}


def ask_joblib(reports: int) -> dict[str, float]:
    return ask_ray(reports, "joblib")


def _ray() -> Any:
    import ray

    ray.init(num_cpus=SLOTS, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    return ray


def measure(arm: str, count: int) -> dict[str, float]:
    """Run one arm in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), "--arm", arm, "--count", str(count)]
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
            "PYTHONWARNINGS": "ignore",
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise SystemExit(f"{arm} failed:\n{done.stderr[-3000:]}")
        measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return measured


def medians(found: dict[str, list[dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        arm: {name: statistics.median(each[name] for each in values) for name in values[0]}
        for arm, values in found.items()
    }


def table(found: dict[str, list[dict[str, float]]]) -> str:
    middle = medians(found)
    lines = [
        f"{len(found['ours'])} repeats, medians",
        "",
        "| arm | trials/s | lowest .. highest | sweeper is |",
        "|---|---:|---|---|",
    ]
    for arm in RATES:
        values, ratio = [each["rate"] for each in found[arm]], middle["ours"]["rate"] / middle[arm]["rate"]
        said = "" if arm == "ours" else f"{ratio:.0%} of it" if arm == "tasks" else f"{ratio:.0f} times faster"
        lines.append(f"| {LABELS[arm]} | {middle[arm]['rate']:.2f} | {min(values):.2f} .. {max(values):.2f} | {said} |")
    lines += ["", "| prune question, 2 busy workers | median | 95th percentile |", "|---|---:|---:|"]
    for arm in ("ask_ray", "ask_joblib"):
        lines.append(f"| {LABELS[arm]} | {middle[arm]['median']:.2f} ms | {middle[arm]['p95']:.2f} ms |")
    return "\n".join(lines)


def headlines(found: dict[str, list[dict[str, float]]]) -> list[Headline]:
    middle = medians(found)
    ours, bare, answer = middle["ours"]["rate"], middle["tasks"]["rate"], middle["ask_ray"]["median"]
    what = "no-op trial on Ray, 2 slots, everything tracked, durable"
    made = [
        Headline(
            what, f"{ours:,.0f} /s", "12 % of bare Ray tasks", ours >= 0.12 * bare, f"{bare:,.0f} /s: {ours / bare:.0%}"
        )
    ]
    for arm in ("tune_reuse", "tune_fresh"):
        ratio = ours / middle[arm]["rate"]
        beside = f"{middle[arm]['rate']:.2g} /s: {ratio:.0f} times"
        made.append(Headline(what, f"{ours:,.0f} /s", f"20 times {LABELS[arm]}", ratio >= 20, beside))
    beside = f"joblib {middle['ask_joblib']['median']:.2f} ms"
    made.append(Headline("prune question on Ray, median", f"{answer:.2f} ms", "under 3 ms", answer < 3, beside))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arm:
        print(json.dumps(globals()[given.arm](given.count)))
        return
    found: dict[str, list[dict[str, float]]] = {arm: [] for arm in ARMS}
    for repeat in range(given.repeats):
        for arm, count in ARMS.items():
            found[arm].append(measure(arm, count))
            print(f"repeat {repeat + 1}: {LABELS[arm]}: {found[arm][-1]}", file=sys.stderr, flush=True)
    text = table(found)
    print(f"{machine()}\n\n{text}")
    if given.write:
        record("ray_overhead", "What a tracked trial costs on Ray", headlines(found), text)


if __name__ == "__main__":
    main()
