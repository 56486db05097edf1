"""A large store, made once and kept: sweeps with trials, params, metrics, points and attempts, as raw rows.

    python benchmarks/large_store.py FILE [--sweeps 1000] [--trials 1000]

Every sweep has 5 parameters and 2 metrics a trial; 3 % of the trials fail, and one sweep in 50 has two goals. The rows
go straight into the tables, some hundred thousand a second; the best trial of each sweep is what a controller would
have written.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sweeper.store import open_store, tables

START = 1_750_000_000.0
KINDS = ("gini", "entropy", "log_loss")
SPACE = {
    "rate": {"min": 1e-5, "max": 0.1, "distribution": "log_uniform_values"},
    "depth": {"min": 2, "max": 32},
    "kind": {"values": list(KINDS)},
    "share": {"min": 0.0, "max": 1.0},
    "size": {"min": 20, "max": 400},
}
GOALS = [["accuracy", "maximize", None]]
TWO_GOALS = [*GOALS, ["seconds", "minimize", None]]
NAMES = ("digits", "forest", "boosting", "mlp", "svm")
Rows = dict[str, list[tuple[Any, ...]]]


def kept(sweeps: int, trials: int) -> Path:
    """Return the file of a store of that size in the folder for temporary files, making it when it is not there."""
    path = Path(tempfile.gettempdir(), f"sweeper-bench-{sweeps}x{trials}", "runs.db")
    done = path.with_name("done")
    if not done.exists():
        path.parent.mkdir(exist_ok=True)
        for old in path.parent.glob("runs.db*"):
            old.unlink()
        make(path, sweeps, trials)
        done.touch()
    open_store(path).close()  # brings a file of an older schema up to date
    return path


def make(path: Path, sweeps: int, trials: int) -> None:
    """Write a new store of ``sweeps`` times ``trials`` trials."""
    open_store(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    for number, rows in enumerate(_sweeps(sweeps, trials)):
        connection.execute("BEGIN")
        for name, found in rows.items():
            columns = tables.metadata.tables[f"sweeper_{name}"].c.keys()
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO sweeper_{name} ({', '.join(columns)}) VALUES ({marks})", found)
        connection.execute("COMMIT")
        if number % 100 == 99:
            print(f"{number + 1} of {sweeps} sweeps", file=sys.stderr, flush=True)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _sweeps(sweeps: int, trials: int) -> Iterator[Rows]:
    """Yield the rows of one sweep after another, two hours apart."""
    rng = random.Random(1)
    for number in range(sweeps):
        begun = START + 7200.0 * number
        goals = TWO_GOALS if number % 50 == 0 else GOALS
        sweep_id, name = make_id(begun, rng), NAMES[number % len(NAMES)]
        rows: Rows = {name: [] for name in ("runs", "params", "metrics", "points", "attempts")}
        counts, best = {"complete": 0, "failed": 0}, None
        for trial in range(trials):
            state, found = _trial(rows, rng, sweep_id, name, trial, begun + trial, len(goals))
            counts[state] += 1
            if state == "complete" and (best is None or found[2] > best[2]):
                best = found
        ended = begun + trials + 1.0
        run = (sweep_id, "sweep", name, None, None, 0, "finished", begun, begun, ended, "me", f"/a/{sweep_id}", 0, None)
        rows["runs"].append((*run, 0, "", 0, None, None, None, None))
        config = {"name": name, "method": "tpe", "parameters": SPACE}
        rows["sweeps"] = [(
            sweep_id, name, begun, 0, "tpe", json.dumps(goals), json.dumps(SPACE), json.dumps(config), "", 1,
            f"/a/{sweep_id}",
        )]  # fmt: skip
        rows["status"] = [(
            sweep_id, "finished", "its trials are used up", trials, begun, ended, 0, 0, counts["complete"], 0,
            counts["failed"], 0, json.dumps(best) if len(goals) == 1 else None, ended - begun, 1, None, None,
        )]  # fmt: skip
        rows["tags"] = [(sweep_id, "mlflow.user", "me"), (sweep_id, "dataset", name)]
        yield rows


def _trial(
    rows: Rows, rng: random.Random, sweep_id: str, name: str, number: int, begun: float, goals: int
) -> tuple[str, list[Any]]:
    run_id = make_id(begun, rng)
    params = {
        "rate": 10 ** rng.uniform(-5, -1), "depth": rng.randint(2, 32), "kind": rng.choice(KINDS),
        "share": rng.random(), "size": rng.randint(20, 400),
    }  # fmt: skip
    values = {"accuracy": rng.random() ** 0.2, "seconds": rng.random()}
    failed = rng.random() < 0.03
    failure = json.dumps(["exception", "ValueError: no", "Traceback ...", None, None]) if failed else None
    ended = begun + values["seconds"]
    text = json.dumps(params, separators=(",", ":"))
    state = "failed" if failed else "complete"
    rows["runs"].append((
        run_id, "trial", f"{name}-{number}", sweep_id, number, 0, state, begun, begun, ended, "", None, 0, 7, 1,
        f"slot {number % 8}", 2, text, None if failed else json.dumps([*values.values()][:goals]),
        None if failed else json.dumps(values), failure,
    ))  # fmt: skip
    for key, value in params.items():
        rows["params"].append((run_id, key, str(value), None if isinstance(value, str) else float(value)))
    if not failed:
        rows["metrics"] += [(run_id, key, 0, ended, value, 0) for key, value in values.items()]
        rows["points"] += [(run_id, key, ended, 0, 0, value, 1) for key, value in values.items()]
    rows["attempts"].append((run_id, 1, f"slot {number % 8}", begun, ended, state, failure, "", 10**8, 2))
    return state, [number, run_id, values["accuracy"], params]


def make_id(when: float, rng: random.Random) -> str:
    """Return a UUIDv7 of that moment."""
    noise = rng.getrandbits(74)
    return f"{int(when * 1000):012x}7{noise >> 62:03x}{0x8000000000000000 | noise & (2**62 - 1):016x}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sweeps", type=int, default=1000)
    parser.add_argument("--trials", type=int, default=1000)
    options = parser.parse_args()
    begun = time.perf_counter()
    make(options.file, options.sweeps, options.trials)
    print(f"{options.sweeps * options.trials:,} trials in {time.perf_counter() - begun:.0f} s: {options.file}")


if __name__ == "__main__":
    main()
