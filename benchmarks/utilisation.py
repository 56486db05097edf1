"""How much of the slots' time is spent in objectives: trials that sleep 0.05 to 2 s, on 8 slots.

    python benchmarks/utilisation.py [--trials 240] [--repeats 3] [--write]

Every arm runs the same sleeps in every repeat, one arm after another in processes of their own. The share is the time
inside objectives of all slots, divided by slots x time, from the start of the eighth trial to that of the last one:
before, workers still start, and later the slots run dry, in every arm alike.

* ours: random sampler, joblib executor, SQLite at synchronous=FULL, everything tracked
* loky direct: one pool of 8 processes, everything submitted at once, nothing tracked: the ceiling
* Optuna, n_jobs=8: threads, in-memory storage
* joblib in batches: Parallel(n_jobs=8) over 8 trials at a time, as sweepers do that wait for a batch
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from results import Headline, machine, record

SLOTS = 8
SHORTEST, LONGEST = 0.05, 2.0
ARMS = {
    "ours": "sweeper, everything tracked, durable",
    "loky": "loky direct, nothing tracked (the ceiling)",
    "optuna": "Optuna, n_jobs=8 threads, in memory",
    "batches": "joblib Parallel, 8 trials a batch",
}
Span = tuple[float, float]


def sleeps(trials: int) -> list[float]:
    source = random.Random(11)
    return [source.uniform(SHORTEST, LONGEST) for _ in range(trials)]


def sleep(seconds: float) -> Span:
    started = time.time()
    time.sleep(seconds)
    return started, time.time()


def ours(trials: int) -> list[Span]:
    import sweeper

    durations = sleeps(trials)

    @sweeper.objective(metric="loss", space={"x": sweeper.Float(0.0, 1.0)}, method="random", seed=1)
    def train(x, trial):  # type: ignore[no-untyped-def]
        time.sleep(durations[trial.number])
        return x

    result = train.sweep(trials=trials, workers=SLOTS, report=False, progress=False)
    return [(trial.started or 0.0, trial.ended or 0.0) for trial in result.trials]


def loky(trials: int) -> list[Span]:
    from joblib.externals.loky import get_reusable_executor

    pool = get_reusable_executor(max_workers=SLOTS)
    list(pool.map(sleep, [0.5] * SLOTS))  # all processes are there
    return [future.result() for future in [pool.submit(sleep, seconds) for seconds in sleeps(trials)]]


def optuna(trials: int) -> list[Span]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    durations, spans = sleeps(trials), []

    def objective(trial):  # type: ignore[no-untyped-def]
        x = trial.suggest_float("x", 0.0, 1.0)
        spans.append(sleep(durations[trial.number]))
        return x

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(objective, n_trials=trials, n_jobs=SLOTS)
    return spans


def batches(trials: int) -> list[Span]:
    from joblib import Parallel, delayed

    durations, spans = sleeps(trials), []
    with Parallel(n_jobs=SLOTS, batch_size=1, pre_dispatch="all") as pool:
        pool(delayed(sleep)(0.5) for _ in range(SLOTS))
        for first in range(0, trials, SLOTS):
            spans += pool(delayed(sleep)(seconds) for seconds in durations[first : first + SLOTS])
    return spans


def share(spans: list[Span]) -> float:
    """Return the time inside objectives over slots x time, from when each slot has a trial to the last start."""
    starts = sorted(started for started, _ in spans)
    begin, end = starts[SLOTS - 1], starts[-1]
    inside = sum(max(min(ended, end) - max(started, begin), 0.0) for started, ended in spans)
    return inside / (SLOTS * (end - begin))


def run(arm: str, trials: int) -> dict[str, float]:
    """Measure an arm in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
        command = [sys.executable, __file__, "--arm", arm, "--trials", str(trials)]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=240)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arm:
        spans = globals()[given.arm](given.trials)
        took = max(ended for _, ended in spans) - min(started for started, _ in spans)
        print(json.dumps({"share": share(spans), "took": took}))
        return

    print(f"{given.trials} trials of {SHORTEST:g} to {LONGEST:g} s on {SLOTS} slots, {machine()}")
    measured: dict[str, list[dict[str, float]]] = {arm: [] for arm in ARMS}
    for repeat in range(given.repeats):
        for arm in ARMS:
            measured[arm].append(run(arm, given.trials))
            print(f"  repeat {repeat + 1}  {ARMS[arm]:45} {measured[arm][-1]['share']:.1%}", flush=True)
    median = {
        arm: {key: statistics.median(one[key] for one in found) for key in ("share", "took")}
        for arm, found in measured.items()
    }
    rows = ["| arm | slot time in objectives | worst repeat | all trials took |", "|---|---:|---:|---:|"]
    for arm, label in ARMS.items():
        worst = min(one["share"] for one in measured[arm])
        rows.append(f"| {label} | {median[arm]['share']:.1%} | {worst:.1%} | {median[arm]['took']:.1f} s |")
    print("\n".join(rows))
    if given.write:
        beside = ", ".join(f"{ARMS[arm].partition(',')[0]} {median[arm]['share']:.1%}" for arm in list(ARMS)[1:])
        reached = median["ours"]["share"]
        told = [
            Headline("slot time in objectives, 8 slots", f"{reached:.1%}", "at least 97 %", reached >= 0.97, beside)
        ]
        note = (
            f"{given.trials} trials that sleep {SHORTEST:g} to {LONGEST:g} s, the same in every arm; medians of "
            f"{given.repeats} repeats. The share counts from the start of the eighth trial to that of the last one."
        )
        record("utilisation", "Slots kept busy", told, "\n".join([*rows, "", note]))


if __name__ == "__main__":
    main()
