"""How long commands take on a store of 1,000 sweeps and 1,000,000 trials, each in a process of its own.

    python benchmarks/scale.py [--sweeps 1000] [--trials 1000] [--repeats 5] [--write]

The store is made once, by raw rows (``large_store.py``, about a minute), and kept in the folder for temporary files.
Seconds are medians of whole commands, the start of the interpreter included; processor seconds beside them say more on
a busy machine. Calls from Python are timed without the import.

Beside it Optuna's RDB storage on SQLite with as many studies and a tenth of the trials of each, made by raw rows too:
the import of Optuna is left out of its times, the interpreter too.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from large_store import NAMES, kept
from results import ROOT, Headline, machine, record

TARGET = 0.5
IMPORT = "import time; begun = time.perf_counter(); import sweeper; print(time.perf_counter() - begun)"
COMMANDS = [
    "--help", "ls", "ls --json", "ls --limit 0", "show last", "show NAME", "show NAME:17", "show TAIL", "trials last",
    "trials last --json", "trials last --where 'accuracy > 0.9' --sort seconds --limit 10", "best last",
    "best NAME --json", "failures last",
]  # fmt: skip
CALLS = {
    "find_trial(TAIL)": "store.find_trial(tail)",
    'runs(limit=100)': "store.runs(limit=100)",
    'runs("metrics.accuracy > 0.9", limit=100)': "store.runs('metrics.accuracy > 0.9', limit=100)",
    "runs(\"metrics.accuracy > 0.9 and params.kind = 'gini'\", limit=100)":
        "store.runs(\"metrics.accuracy > 0.9 and params.kind = 'gini'\", limit=100)",
    "runs(\"state = 'failed'\", limit=100)": "store.runs(\"state = 'failed'\", limit=100)",
    'runs(kinds=["sweep"], limit=100)': "store.runs(kinds=['sweep'], limit=100)",
    "runs of one sweep, the 100 best by a metric":
        "store.runs(f\"parent_id = '{sweep.id}'\", order_by=['metrics.accuracy DESC'], limit=100)",
    'runs("metrics.accuracy > 0.999999", limit=100): found in a few of all':
        "store.runs('metrics.accuracy > 0.999999', limit=100)",
}  # fmt: skip
CALLER = """
import json, sys, time
from sweeper.store import open_store
store = open_store(sys.argv[1], read_only=True)
sweep, tail = store.find_sweep(sys.argv[2]), sys.argv[3]
store.runs("metrics.accuracy > 2", kinds=["run"], limit=0)  # imports what a search needs
begun = time.perf_counter()
CALL
print(time.perf_counter() - begun)
"""
PEER_CALLS = {
    "all studies": "optuna.get_all_study_summaries(storage=storage)",
    "best trial of a study": "optuna.load_study(study_name='s7', storage=storage).best_trial",
    "trials of a study": "optuna.load_study(study_name='s7', storage=storage).trials",
}
PEER = """
import sys, time
import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = optuna.storages.RDBStorage(f"sqlite:///{sys.argv[1]}")
begun = time.perf_counter()
CALL
print(time.perf_counter() - begun)
"""
FLOAT = '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}'


def command(words: list[str], store: Path) -> tuple[float, float]:
    """Run one command; return its wall-clock and processor seconds."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SWEEPER_STORE": f"sqlite:///{store}"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "sweeper", *words], env=environment, capture_output=True, text=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or not done.stdout:
        raise SystemExit(f"sweeper {' '.join(words)} failed:\n{done.stderr[-3000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def call(script: str, code: str, *arguments: str) -> float:
    """Time one call in a process of its own."""
    words = [sys.executable, "-c", script.replace("CALL", code), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{code} failed:\n{done.stderr[-3000:]}")
    return float(done.stdout.split()[-1])


def optuna_store(studies: int, trials: int) -> Path:
    """Return a storage of Optuna with as many studies of so many trials, kept in the folder for temporary files."""
    import optuna

    path = Path(tempfile.gettempdir(), f"sweeper-bench-optuna-{studies}x{trials}.db")
    if path.exists():
        return path
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    optuna.storages.RDBStorage(f"sqlite:///{new}").engine.dispose()
    rng, when = random.Random(1), "2026-01-01 00:00:00.000000"
    connection = sqlite3.connect(new)
    for study in range(1, studies + 1):
        connection.execute("INSERT INTO studies VALUES (?, ?)", (study, f"s{study}"))
        connection.execute("INSERT INTO study_directions VALUES (?, 'MAXIMIZE', ?, 0)", (study, study))
        for number in range(trials):
            key = (study - 1) * trials + number + 1
            row = (key, number, study, "COMPLETE", when, when)
            connection.execute("INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute("INSERT INTO trial_values VALUES (?, ?, 0, ?, 'FINITE')", (key, key, rng.random()))
            params = [(5 * key + place, key, f"x{place}", rng.random(), FLOAT) for place in range(5)]
            connection.executemany("INSERT INTO trial_params VALUES (?, ?, ?, ?, ?)", params)
    connection.commit()
    connection.close()
    new.rename(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sweeps", type=int, default=1000)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    store = kept(options.sweeps, options.trials)
    peer = optuna_store(options.sweeps, max(options.trials // 10, 1))
    name = NAMES[0]
    tail = sqlite3.connect(store).execute("SELECT id FROM sweeper_runs WHERE number = 5 LIMIT 1").fetchone()[0][-8:]
    walls: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    calls: dict[str, list[float]] = {}
    peers = {text: call(PEER, code, str(peer)) for text, code in PEER_CALLS.items()}  # once: it takes long
    for _ in range(options.repeats):
        calls.setdefault("import sweeper", []).append(call(IMPORT, ""))
        for text in COMMANDS:
            words = [word.strip("'") for word in text.replace("'accuracy > 0.9'", "accuracy>0.9").split()]
            words = [word.replace("NAME", name).replace("TAIL", tail) for word in words]
            wall, processor = command(words, store)
            walls.setdefault(text, []).append(wall)
            spent.setdefault(text, []).append(processor)
        for text, code in CALLS.items():
            calls.setdefault(text, []).append(call(CALLER, code, str(store), name, tail))
    middle = statistics.median
    size = f"{options.sweeps:,} sweeps, {options.sweeps * options.trials:,} trials"
    lines = [f"{size}, {store.stat().st_size / 1e9:.1f} GB; {options.repeats} repeats, medians", ""]
    lines += ["| `sweeper` | seconds | slowest | processor seconds |", "|---|---:|---:|---:|"]
    for text, found in walls.items():
        lines.append(f"| `{text}` | {middle(found):.2f} | {max(found):.2f} | {middle(spent[text]):.2f} |")
    lines += ["", "| from Python | seconds |", "|---|---:|"]
    lines += [f"| `{text}` | {middle(found):.3f} |" for text, found in calls.items()]
    few = f"{options.sweeps:,} studies of {max(options.trials // 10, 1):,} trials"
    lines += ["", f"| Optuna, {few}, once | seconds |", "|---|---:|"]
    lines += [f"| {text} | {seconds:.2f} |" for text, seconds in peers.items()]
    print(machine(), *lines, sep="\n")
    if options.write:
        named = [text for text in walls if text.split()[0] in ("ls", "show", "trials", "best")]
        slowest = max(named, key=lambda text: middle(walls[text]))
        seconds = middle(walls[slowest])
        what = f"slowest of ls, show, trials, best on {size} (`{slowest}`)"
        beside = f"Optuna, a tenth of the trials: all studies {peers['all studies']:.1f} s"
        light = middle(calls["import sweeper"])
        headlines = [
            Headline(what, f"{seconds:.2f} s", f"under {TARGET} s each", seconds < TARGET, beside),
            Headline("import sweeper", f"{light:.3f} s", "under 0.1 s", light < 0.1),
        ]
        record("scale", "Commands on a large store", headlines, "\n".join(lines))


if __name__ == "__main__":
    main()
