"""Several processes on one SQLite file: starting at once, writing at once, and dying in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep

COLD = """
import sys
from sweeper.store import open_store
sys.stdin.readline()
store = open_store(sys.argv[1])
print(store.experiment("shared"))
store.close()
"""

WRITE = """
import sys
from sweeper.events import AttemptEnded, AttemptStarted, PointsLogged, TrialCreated
from sweeper.records import Holder, Point, RunState, new_id
from sweeper.store import open_store
path, sweep, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_store(path)
fence = store.acquire(sweep, Holder("here", 1, 0.0), 3600.0)
for number in range(count):
    run = new_id()
    created = TrialCreated(sweep, run, number, {"a": number}, 0, 1.0)
    store.write(created, AttemptStarted(sweep, run, 1, "w", 1.0), fence=fence)
    ended = AttemptEnded(sweep, run, 1, 2.0, RunState.COMPLETE, values=(1.0,))
    done = store.write(PointsLogged(run, (Point("m", 1.0),), 1), ended, fence=fence)
    done.add_done_callback(lambda done, run=run: print(run, done.exception() or "ok", flush=True))
    if number % 10 == 0:
        done.result()
store.close()
"""

READ = """
import sys
from sweeper.store import open_store
store = open_store(sys.argv[1], read_only=True)
seen = 0
while seen < int(sys.argv[2]):
    seen = sum(sweep.counts["complete"] for sweep in store.sweeps())
    for sweep in store.sweeps():
        trials = store.trials(sweep.id)
        complete = sum(trial.state == "complete" for trial in trials)
        assert complete >= sweep.counts["complete"], (complete, sweep.counts)
        assert all(store.points([trial.run_id])[trial.run_id] for trial in trials[-3:] if trial.state == "complete")
print(seen)
"""


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_eight_processes_start_on_one_empty_store(path: Path) -> None:
    # given eight processes that wait for the word
    processes = [python(COLD, path) for _ in range(8)]
    # when all open the store at once
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate() for process in processes]
    # then all succeed, with one schema and one experiment
    assert [process.returncode for process in processes] == [0] * 8, answers
    assert {output.strip() for output, _ in answers} == {"1"}


def test_processes_write_and_read_at_once(path: Path) -> None:
    # given three sweeps in one file
    store = open_store(str(path))
    sweeps = [add_sweep(store, name).id for name in ("a", "b", "c")]
    # when each is written by its own process, and two others read all the time
    writers = [python(WRITE, path, sweep, 60) for sweep in sweeps]
    readers = [python(READ, path, 180) for _ in range(2)]
    answers = [process.communicate() for process in (*writers, *readers)]
    # then nothing failed and nothing is missing
    assert [process.returncode for process in (*writers, *readers)] == [0] * 5, answers
    assert all(line.endswith(" ok") for output, _ in answers[:3] for line in output.splitlines())
    assert [[trial.number for trial in store.trials(sweep)] for sweep in sweeps] == [[*range(60)]] * 3
    store.close()


def test_a_killed_process_loses_nothing_that_was_acknowledged(path: Path) -> None:
    for acknowledged in (1, 23, 60):
        # given a process that writes trials and says which are acknowledged
        store = open_store(str(path))
        sweep = add_sweep(store).id
        process = python(WRITE, path, sweep, 100_000)
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(acknowledged)]
        # when it is killed in the middle of its work
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.readlines()
        process.wait()
        # then each of them is in the store, whole
        runs = {line.split()[0] for line in said if line.endswith(" ok\n")}
        found = {trial.run_id: trial for trial in store.trials(sweep)}
        assert len(runs) >= acknowledged
        assert {found[run].state for run in runs} == {"complete"}
        points = store.points(sorted(runs))
        assert [len(points[run]) for run in runs] == [1] * len(runs)
        numbers = [trial.number for trial in store.trials(sweep)]
        assert numbers == [*range(len(numbers))]
        store.close()
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
