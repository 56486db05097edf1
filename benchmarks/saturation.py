"""Where one controller saturates: a real one, with its store and sampler, feeding slots whose trials only take time.

    python benchmarks/saturation.py [--seconds 6] [--write]

The executor is simulated: a call in a slot ends after the trial's length (half to one and a half times the mean) and
gives what a worker would give, so that the machine's cores are the controller's alone, as they are when the workers are
on other hosts. Everything else is real: the loop, the sampler, SQLite at synchronous=FULL.

* feeding: trials of no length; how many a second the loop passes through
* utilisation: the share of slot time spent in trials, from the moment all slots were busy to the last dispatch; a slot
  waits from the end of one trial to the start of the next. Below 97 % there are too many slots, or too short trials
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from results import ROOT, Headline, machine, record

from sweeper import plugins, wire
from sweeper.events import AttemptEnded, PointsLogged
from sweeper.records import Point, RunState
from sweeper.trial.frames import pack

FEEDING = [("random", slots) for slots in (10, 100, 500)] + [("tpe", 100)]
LENGTHS = {10: (0.02, 0.05, 0.1), 100: (0.1, 0.2, 0.5, 1.0), 500: (0.5, 1.0, 2.0, 5.0)}
ENOUGH = 0.97


class Simulated:
    """Slots whose calls only take time. ``length`` is the mean in seconds."""

    own_process = True
    log: list[tuple[int, float, float]] = []  #: (slot, began, ended)

    def __init__(self, slots: int, start: Callable[..., Any], start_args: Any, *, length: float) -> None:
        self.slots, self._length, self._random = slots, length, random.Random(1)
        self._sweep_id = start_args[0].sweep_id
        self._queued: list[list[tuple[Future[Any], Any]]] = [[] for _ in range(slots)]
        self._since: list[float | None] = [None] * slots
        self._due: list[tuple[float, int]] = []
        self._changed, self._closed = threading.Condition(), False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, slot: int, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self._changed:
            self._queued[slot].append((future, args[0]))
            if len(self._queued[slot]) == 1:
                self._begin(slot)
        return future

    def _begin(self, slot: int) -> None:
        now = time.monotonic()
        self._since[slot] = now
        heapq.heappush(self._due, (now + self._length * self._random.uniform(0.5, 1.5), slot))
        self._changed.notify()

    def _work(self) -> None:
        while not self._closed:
            with self._changed:
                wait = self._due[0][0] - time.monotonic() if self._due else 1.0
                if wait > 0:
                    self._changed.wait(wait)
                    continue
                due, slot = heapq.heappop(self._due)
                future, task = self._queued[slot].pop(0)
                began, self._since[slot] = self._since[slot] or due, None
                self.log.append((slot, began, due))
                if self._queued[slot]:
                    self._begin(slot)
            future.set_result(answer(self._sweep_id, task, time.time() - (due - began)))

    def usable(self, slot: int) -> bool:
        return True

    def running_since(self, slot: int) -> float | None:
        return self._since[slot]

    def pid(self, slot: int) -> int | None:
        return None

    def kill(self, slot: int, grace: float = 2.0) -> None:
        raise NotImplementedError

    def close(self, *, cancel: bool = False) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()


def answer(sweep_id: str, task: Any, started: float) -> bytes:
    """Return the last frame of a trial that reported nothing."""
    now, value = time.time(), task.params["x"]
    points = PointsLogged(task.run_id, (Point("loss", value, 0, now),), task.attempt)
    ended = AttemptEnded(
        sweep_id, task.run_id, task.attempt, now, RunState.COMPLETE, started, (value,), {"loss": value}, applied=2
    )
    return pack(task.run_id, task.attempt, task.serial, 0, [wire.encode(points), wire.encode(ended)])


def run(method: str, slots: int, length: float, trials: int) -> dict[str, float]:
    """Run one sweep in the current folder; return trials per second, processor seconds per trial, utilisation."""
    from sweeper.api.running import run_sweep
    from sweeper.config import parse_config
    from sweeper.store import open_store

    plugins.EXECUTORS["simulated"] = "__main__:Simulated"
    floats = {name: {"min": 0.0, "max": 1.0} for name in ("x", "y", "z")}
    config = parse_config({
        "name": "simulated", "method": method, "seed": 1, "metric": {"name": "loss", "goal": "minimize"},
        "parameters": {**floats, "size": {"min": 1, "max": 100}, "kind": {"values": ["p", "q", "r"]}},
        "budget": {"trials": trials},
        "executor": {"kind": "simulated", "workers": slots, "options": {"length": length}},
    })  # fmt: skip
    store, cpu = open_store("runs.db"), time.process_time()
    result = run_sweep(config, store=store, function=noop, report=False)
    cpu = time.process_time() - cpu
    assert result.sweep.counts["complete"] == trials, result.sweep.counts
    log = sorted(Simulated.log, key=lambda entry: entry[1])
    begun, last = log[0][1], max(ended for _, _, ended in log)
    return {
        "rate": trials / (last - begun),
        "cpu": 1000 * cpu / trials,
        "used": utilisation(log, slots) if length else 0.0,
    }


def noop(x: float, y: float, z: float, size: int, kind: str) -> float:
    return x


def utilisation(log: list[tuple[int, float, float]], slots: int) -> float:
    """Return the share of slot time in trials between the first start in the last slot and the last dispatch."""
    firsts: dict[int, float] = {}
    for slot, began, _ in log:
        firsts.setdefault(slot, began)
    begun, end = max(firsts.values()), log[-1][1]
    busy = sum(max(min(ended, end) - max(began, begun), 0.0) for _, began, ended in log)
    return busy / (len(firsts) * (end - begun)) if end > begun else 0.0


def measure(method: str, slots: int, length: float, trials: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        arm = json.dumps([method, slots, length, trials])
        command = [sys.executable, str(Path(__file__).resolve()), "--arm", arm]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
        if done.returncode:
            raise SystemExit(f"{arm} failed:\n{done.stderr[-3000:]}")
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        print(f"{method}, {slots} slots, {length:g} s: {found}", file=sys.stderr, flush=True)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="about so long per arm")
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    parser.add_argument("--arm", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arm:
        print(json.dumps(run(*json.loads(given.arm))))
        return
    lines = ["| feeding: trials of no length | trials/s | controller's processor time |", "|---|---:|---:|"]
    feeding = {}
    for method, slots in FEEDING:
        found = measure(method, slots, 0.0, int(given.seconds * (600 if method == "random" else 100)))
        feeding[method, slots] = found["rate"]
        lines.append(f"| {method}, {slots} slots | {found['rate']:,.0f} | {found['cpu']:.2f} ms a trial |")
    lines += ["", "| utilisation, random | trial of | wanted | fed | slots in use |", "|---|---:|---:|---:|---:|"]
    shortest: dict[int, float] = {}
    for slots, lengths in LENGTHS.items():
        for length in lengths:
            trials = int(slots * max(given.seconds / length, 3))
            found = measure("random", slots, length, trials)
            if found["used"] >= ENOUGH:
                shortest[slots] = min(shortest.get(slots, length), length)
            lines.append(
                f"| {slots} slots | {length:g} s | {slots / length:,.0f} /s | {found['rate']:,.0f} /s "
                f"| {found['used']:.1%} |"
            )
    text = "\n".join(lines)
    print(f"{machine()}\n\n{text}")
    if given.write:
        headlines = [
            Headline("trials one controller passes through, 100 slots, random", f"{feeding['random', 100]:,.0f} /s"),
            Headline("the same with TPE", f"{feeding['tpe', 100]:,.0f} /s"),
        ]
        for slots, length in shortest.items():
            headlines.append(Headline(f"{slots} slots are 97 % in use with trials of", f"{length:g} s"))
        record("saturation", "Where one controller saturates", headlines, text)


if __name__ == "__main__":
    main()
