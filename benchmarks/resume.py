"""What it takes to go on with 100,000 trials: seconds until the first new one is dispatched, and memory.

    python benchmarks/resume.py [--trials 100000] [--methods random tpe] [--whole] [--write]

A real sweep of 2 trials is grown to --trials by raw rows; then ``sweeper resume`` runs as a command of its own and adds
20 trials on 2 workers. Seconds count from the start of that process to the creation of the first new trial; memory is
the largest resident set of the process. ``--whole`` also runs all the trials, no-ops of 2 workers, in one controller.

Beside it Optuna: a process that loads a study with as many trials from its SQLite storage, filled by raw rows too, and
asks for one trial with TPE.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from large_store import make_id
from results import ROOT, Headline, machine, record
from scale import optuna_store

NEW = 20
SPACE = {
    "a": {"min": 0.0, "max": 1.0}, "b": {"min": 0.0, "max": 1.0}, "c": {"min": 0.0, "max": 1.0},
    "d": {"min": 1, "max": 100}, "e": {"values": ["p", "q", "r"]},
}  # fmt: skip
OBJECTIVE = "def train(**params):\n    return params['a']\n"
PEER_TITLE = "Optuna: load the study, ask once with TPE"
PEER = """
import optuna, sys
optuna.logging.set_verbosity(optuna.logging.ERROR)
sampler = optuna.samplers.TPESampler(seed=1)
study = optuna.load_study(study_name="s1", storage=f"sqlite:///{sys.argv[1]}", sampler=sampler)
trial = study.ask()
[trial.suggest_float(f"x{place}", 0, 1) for place in range(5)]
"""


class Cost(NamedTuple):
    seconds: float
    megabytes: float


def run(command: list[str], folder: Path) -> tuple[float, Cost]:
    """Run a command; return when it began (epoch), how long it took and its largest resident set."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with (folder / "output").open("w") as output:
        begun = time.time()
        child = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command} failed:\n{(folder / 'output').read_text()[-3000:]}")
    return begun, Cost(time.time() - begun, used.ru_maxrss / 1024)


def sweeper(folder: Path, *arguments: str) -> tuple[float, Cost]:
    return run([sys.executable, "-m", "sweeper", *arguments, "--quiet"], folder)


def prepare(folder: Path, method: str, trials: int) -> None:
    (folder / "train.py").write_text(OBJECTIVE)
    config = {
        "name": "long", "objective": "train.py:train", "method": method, "seed": 1,
        "metric": {"name": "loss", "goal": "minimize"}, "parameters": SPACE,
        "budget": {"trials": trials}, "executor": {"workers": 2},
    }  # fmt: skip
    (folder / "sweep.json").write_text(json.dumps(config))


def grow(folder: Path, trials: int) -> None:
    """Add raw trials to the sweep of the store, so that it has ``trials``."""
    connection = sqlite3.connect(folder / "sweeper.db", isolation_level=None)
    sweep_id, experiment = connection.execute("SELECT id, experiment_id FROM sweeper_sweeps").fetchone()
    rng, begun = random.Random(1), time.time() - 1e6
    connection.execute("BEGIN")
    for number in range(2, trials):
        run_id = make_id(begun + number, rng)
        params = {**{name: rng.random() for name in "abc"}, "d": rng.randint(1, 100), "e": rng.choice("pqr")}
        started, loss = begun + number, rng.random()
        connection.execute(
            "INSERT INTO sweeper_runs (id, kind, name, parent_id, number, experiment_id, state, created, started,"
            " ended, user_id, deleted, seed, attempts, worker, applied, params, goal_values, metrics)"
            " VALUES (?, 'trial', ?, ?, ?, ?, 'complete', ?, ?, ?, '', 0, 7, 1, 'slot 1', 2, ?, ?, ?)",
            (run_id, f"long-{number}", sweep_id, number, experiment, started, started, started + 0.5,
             json.dumps(params), json.dumps([loss]), json.dumps({"loss": loss})),
        )  # fmt: skip
    connection.execute(f"UPDATE sweeper_status SET complete = {trials}, trials = {trials}")
    connection.execute("COMMIT")
    connection.close()


def resume(method: str, trials: int, folder: Path) -> Cost:
    prepare(folder, method, 2)
    sweeper(folder, "run", "sweep.json")
    grow(folder, trials)
    begun, cost = sweeper(folder, "resume", "last", "--trials", str(trials + NEW))
    connection = sqlite3.connect(folder / "sweeper.db")
    first, count = connection.execute(
        "SELECT min(created), count(*) FROM sweeper_runs WHERE number >= ? AND state = 'complete'", (trials,)
    ).fetchone()
    connection.close()
    assert count == NEW, count
    return Cost(first - begun, cost.megabytes)


def whole(method: str, trials: int, folder: Path) -> Cost:
    prepare(folder, method, trials)
    return sweeper(folder, "run", "sweep.json")[1]


def optuna_ask(trials: int, folder: Path) -> Cost:
    store = optuna_store(1, trials)
    return run([sys.executable, "-c", PEER, str(store)], folder)[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=100_000)
    parser.add_argument("--methods", nargs="+", default=["random", "tpe"])
    parser.add_argument("--whole", action="store_true", help="also run all trials in one controller, some minutes")
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    arms = {f"resume with {method}": (resume, method) for method in options.methods}
    if options.whole:
        arms["the whole sweep with random, 2 workers"] = (whole, "random")
    found: dict[str, tuple[int, Cost]] = {}
    for title, (arm, method) in arms.items():
        folder = Path(tempfile.mkdtemp(prefix="sweeper-resume-"))
        found[title] = options.trials, arm(method, options.trials, folder)
        shutil.rmtree(folder)
        print(title, *found[title][1], file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as place:
        found[PEER_TITLE] = options.trials, optuna_ask(options.trials, Path(place))
    lines = ["| | trials | seconds | largest resident set |", "|---|---:|---:|---:|"]
    for title, (count, cost) in found.items():
        lines.append(f"| {title} | {count:,} | {cost.seconds:.1f} | {cost.megabytes:.0f} MB |")
    text = "\n".join(lines)
    print(f"{machine()}\n\n{text}")
    if options.write:
        _, peer = found.pop(PEER_TITLE)
        slowest = max(cost.seconds for title, (_, cost) in found.items() if title.startswith("resume"))
        largest = max(cost.megabytes for _, cost in found.values())
        size, beside = f"{options.trials:,} trials", "Optuna, load and ask once:"
        headlines = [
            Headline(f"resume of {size}: until the first new one", f"{slowest:.1f} s", "under 10 s", slowest < 10,
                     f"{beside} {peer.seconds:.1f} s"),
            Headline(f"memory of the controller at {size}", f"{largest:.0f} MB", "under 300 MB", largest < 300,
                     f"{beside} {peer.megabytes:.0f} MB"),
        ]  # fmt: skip
        record("resume", "Going on with a long sweep", headlines, text)


if __name__ == "__main__":
    main()
