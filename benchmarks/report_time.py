"""How long a report takes: 10,000 trials of 8 parameters, in a process of its own, imports included.

    python benchmarks/report_time.py [--trials 10000] [--parameters 8] [--runs 3] [--write]

Prints wall-clock and processor seconds of writing the whole folder (HTML, Markdown, CSV, PNG and SVG), and those of
its parts. The target is 10 s of wall-clock on a quiet machine; processor seconds say more on a busy one.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from results import Headline, record

ROOT = Path(__file__).resolve().parent.parent
START = 1_790_000_000.0

CHILD = """
import sys, time
clock = time.perf_counter()
from sweeper.store import open_store
from sweeper.report import write_report
store = open_store(sys.argv[1], read_only=True)
sweep = store.find_sweep("last")
write_report(store, sweep, sys.argv[2])
print(time.perf_counter() - clock, time.process_time())
store.close()
"""

PARTS = """
import sys, time
def lap(name, made=None, clock=[time.process_time()]):
    now = time.process_time()
    print(f"  {name:34s} {now - clock[0]:6.2f} s", flush=True)
    clock[0] = now
    return made
import numpy, matplotlib.figure, matplotlib.backends.backend_svg, jinja2
lap("import packages")
from pathlib import Path
from sweeper.store import open_store
from sweeper.analysis import table
from sweeper.analysis.importance import importance
from sweeper.report.drawings import sections
from sweeper.report.embedding import embedded
from sweeper.report.findings import gather
from sweeper.report.html import report_html
from sweeper.report.page import page
from sweeper.report.picture import png, svg
from sweeper.web.trials_csv import trials_csv
store = open_store(sys.argv[1], read_only=True)
sweep = store.find_sweep("last")
trials = lap("read trials into columns", table(store, sweep))
lap("importance", importance(trials))
found = lap("all findings (read, importance too)", gather(store, sweep))
parts = sections(found)
drawings = [drawing for part in parts.values() for drawing in part.drawings]
figures = lap(f"draw {len(drawings)} figures", {drawing.name: drawing.figure() for drawing in drawings})
lap("as SVG", [svg(figure) for figure in figures.values()])
shown = lap("as PNG", {name: png(figure) for name, figure in figures.items()})
held = lap("facts and trials for the page", embedded(store, found))
lap("page", report_html(page(found, Path(sys.argv[2])), held, None, shown["timeline"]))
lap("CSV", trials_csv(found.table))
store.close()
"""


def write_sweep(path: Path, trials: int, parameters: int) -> None:
    """Write a sweep as a controller would: half of its parameters matter, 3 % fail, 10 % are pruned."""
    from sweeper.events import AttemptEnded, AttemptStarted, PointsLogged, SweepCreated, TrialCreated
    from sweeper.records import Failure, FailureClass, Goal, Point, RunState, SweepRecord, SweepState, new_id
    from sweeper.space import SearchSpace
    from sweeper.store import open_store

    kinds = (
        {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"},
        {"min": 1, "max": 64},
        {"values": ["adam", "sgd", "lion"]},
        {"min": 0.0, "max": 1.0},
    )
    space = SearchSpace.from_dict({f"p{i}": kinds[i % len(kinds)] for i in range(parameters)})
    store = open_store(str(path))
    goal = Goal("loss")
    sweep = SweepRecord(
        id=new_id(), name="large", state=SweepState.FINISHED, method="random", goals=(goal,), space=space.to_dict(),
        config={"name": "large", "metric": {"name": "loss", "goal": "minimize"}, "parameters": space.to_dict()},
        trials=trials, created=START, started=START, seed=1, experiment_id=store.experiment("bench"),
    )  # fmt: skip
    store.write(SweepCreated(sweep, {"sweeper.python": sys.version.split()[0]}, {}))
    rng = random.Random(1)
    for number in range(trials):
        params = space.sample(rng)
        loss = (math.log10(params["p0"]) + 3) ** 2 + params.get("p1", 1) / 64 + rng.gauss(0, 0.2)
        begin, run_id = START + number // 8 * 4.0, new_id()
        end = begin + 1 + 3 * rng.random()
        store.write(TrialCreated(sweep.id, run_id, number, params, number, begin))
        store.write(AttemptStarted(sweep.id, run_id, 1, f"worker-{number % 8}", begin))
        points = tuple(Point("loss", loss + 2 * 0.7**step, step, begin) for step in range(5))
        store.write(PointsLogged(run_id, points, 1))
        chance = rng.random()
        if chance < 0.03:
            failure = Failure(FailureClass.EXCEPTION, f"ValueError: bad value {number}", "")
            store.write(AttemptEnded(sweep.id, run_id, 1, end, RunState.FAILED, begin, failure=failure))
        else:
            state = RunState.PRUNED if chance < 0.13 else RunState.COMPLETE
            store.write(
                AttemptEnded(sweep.id, run_id, 1, end, state, begin, (loss,), {"loss": loss, "seconds": end - begin})
            )
    store.flush()
    store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--parameters", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder:
        store, report = Path(folder, "runs.db"), Path(folder, "report")
        write_sweep(store, options.trials, options.parameters)
        lines = [f"{options.trials:,} trials, {options.parameters} parameters"]
        walls = []
        for run in range(options.runs):
            begin = time.perf_counter()
            child = [sys.executable, "-c", CHILD, str(store), str(report)]
            done = subprocess.run(child, env=environment, capture_output=True, text=True, check=True)
            wall, processor = map(float, done.stdout.split())
            whole = time.perf_counter() - begin
            walls.append(whole)
            lines.append(
                f"run {run + 1}: {wall:.2f} s wall-clock, {whole:.2f} with the interpreter; {processor:.2f} s processor"
            )
            print(lines[-1], flush=True)
        sizes = {path.name: path.stat().st_size / 1e6 for path in report.iterdir()}
        lines.append(
            f"{len(sizes)} files, {sum(sizes.values()):.1f} MB, of which the page {sizes['report.html']:.1f} MB"
        )
        parts = [sys.executable, "-c", PARTS, str(store), str(report)]
        done = subprocess.run(parts, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    lines += ["processor seconds of the parts:", done.stdout.rstrip()]
    print("\n".join(lines[-3:]))
    if options.write:
        took = median(walls)
        what = f"report of {options.trials:,} trials, whole process"
        headline = Headline(what, f"{took:.1f} s", "under 10 s", took < 10)
        record("report_time", "How long a report takes", [headline], "```text\n" + "\n".join(lines) + "\n```")


if __name__ == "__main__":
    main()
