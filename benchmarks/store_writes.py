"""How fast trials and points get into a SQLite store, durably, and what that costs the writing process.

    python benchmarks/store_writes.py [--trials 6000] [--events 2000] [--busy] [--write]

Trials: each is two writes under a fence, ``TrialCreated + AttemptStarted`` and ``PointsLogged + AttemptEnded``, with
7 params and 1 metric; made as fast as possible without waiting. CPU is that of the whole process, making the events
included. Points: ``PointsLogged`` of 50 points each. ``--busy`` adds a thread that always wants the interpreter (its
own CPU is counted too, so look at the rates then).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from pathlib import Path

from results import Headline, record

from sweeper.events import AttemptEnded, AttemptStarted, PointsLogged, SweepCreated, TrialCreated
from sweeper.interfaces import Store
from sweeper.records import Fence, Goal, Holder, Point, RunState, SweepRecord, SweepState, new_id
from sweeper.store import open_store


def new_sweep(store: Store) -> Fence:
    """Create a sweep and take its lease."""
    sweep_id = new_id()
    goals = (Goal("accuracy", "maximize"),)
    sweep = SweepRecord(sweep_id, "bench", SweepState.RUNNING, "random", goals, {}, {}, created=time.time())
    store.write(SweepCreated(sweep, {}, {})).result()
    return store.acquire(sweep_id, Holder("here", 1, 0.0), 3600.0)


def write_trials(store: Store, fence: Fence, count: int, pace: float = 0.0) -> dict[str, float]:
    """Write ``count`` trials; with ``pace`` seconds between them, as a controller would."""
    sweep = fence.sweep_id
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        run, now = new_id(), time.time()
        params = {"a": 0.123456 + number, "b": 1e-4, "c": number, "d": "gini", "e": True, "f": 3.25, "g": 17}
        created = TrialCreated(sweep, run, number, params, number, now)
        store.write(created, AttemptStarted(sweep, run, 1, "slot 0", now), fence=fence)
        if pace:
            time.sleep(pace)
        value = number / count
        ended = AttemptEnded(sweep, run, 1, now, RunState.COMPLETE, now, (value,), {"accuracy": value}, applied=2)
        store.write(PointsLogged(run, (Point("accuracy", value, 0, now),), 1), ended, fence=fence)
    queued = time.perf_counter() - started
    store.flush()
    wall = time.perf_counter() - started
    spent = time.process_time() - cpu
    return {
        "trials": count,
        "trials_per_second": round(count / wall),
        "cpu_ms_per_trial": round(1000 * spent / count, 3),
        "queued_ms_per_trial": round(1000 * queued / count, 3),
    }


def write_points(store: Store, fence: Fence, events: int) -> dict[str, float]:
    """Write ``events`` times 50 points of one trial."""
    run, now = new_id(), time.time()
    store.write(TrialCreated(fence.sweep_id, run, 10**6, {}, 0, now), fence=fence).result()
    started, cpu = time.perf_counter(), time.process_time()
    for event in range(events):
        points = tuple(Point("loss", 1.0 / (1 + i), event * 50 + i, now + i) for i in range(50))
        store.write(PointsLogged(run, points, 1), fence=fence)
    store.flush()
    wall, spent, count = time.perf_counter() - started, time.process_time() - cpu, events * 50
    return {
        "points": count,
        "points_per_second": round(count / wall),
        "cpu_us_per_point": round(1e6 * spent / count, 2),
    }


def spin(stop: threading.Event) -> None:
    while not stop.is_set():
        sum(range(200))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=6000)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    stop = threading.Event()
    if options.busy:
        threading.Thread(target=spin, args=(stop,), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder, "bench.db")))
        fence = new_sweep(store)
        backlog = write_trials(store, fence, options.trials)
        points = write_points(store, fence, options.events)
        paced = new_sweep(store)
        steady = write_trials(store, paced, options.trials // 4, 0.0008)
        store.close()
    stop.set()
    facts = {"backlog": backlog, "points": points, "paced at about 1000/s": steady}
    text = "\n".join(json.dumps({name: found}) for name, found in facts.items())
    print(text)
    if options.write:
        headlines = [
            Headline("trials into SQLite from one process, durable", f"{backlog['trials_per_second']:,} /s"),
            Headline("points into SQLite from one process, durable", f"{points['points_per_second']:,} /s"),
        ]
        record("store_writes", "What the writer takes", headlines, f"```text\n{text}\n```")


if __name__ == "__main__":
    main()
