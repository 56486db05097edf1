"""A process that writes trials to a store, or reads it: ``python -m tests.chaos.writer URL write|read|log|runs N``.

``write`` prints what each acknowledgement took; ``log`` appends each acknowledged number to the file ``acks`` and
says what the store refused; ``read`` looks at everything until SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from sweeper.errors import StoreError
from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    PointsLogged,
    RunEnded,
    RunStarted,
    SweepCreated,
    TrialCreated,
)
from sweeper.interfaces import Store
from sweeper.processes import this_process
from sweeper.records import Fence, Goal, Point, Run, RunState, SweepRecord, SweepState, new_id
from sweeper.store import open_store


def begin(store: Store) -> Fence:
    """Create a sweep and take its lease."""
    sweep = SweepRecord(
        new_id(), "crowd", SweepState.RUNNING, "random", (Goal("loss"),), {}, {}, experiment_id=store.experiment("")
    )
    store.write(SweepCreated(sweep, {}, {})).result()
    return store.acquire(sweep.id, this_process(), 600.0)


def trial(sweep_id: str, number: int) -> list[Event]:
    """Return a whole trial: 8 parameters, 10 points."""
    run_id, now = new_id(), time.time()
    params = {f"p{i}": number + i / 8 for i in range(8)}
    points = tuple(Point("loss", number + i / 10, i, now) for i in range(10))
    return [
        TrialCreated(sweep_id, run_id, number, params, number, now),
        AttemptStarted(sweep_id, run_id, 1, "writer", now),
        PointsLogged(run_id, points, 1),
        AttemptEnded(
            sweep_id, run_id, 1, now + 0.1, RunState.COMPLETE, started=now, values=(float(number),),
            metrics={"loss": float(number)},
        ),
    ]  # fmt: skip


def write(url: str, trials: int) -> None:
    store = open_store(url)
    fence = begin(store)
    for number in range(trials):
        began = time.monotonic()
        store.write(*trial(fence.sweep_id, number), fence=fence).result()
        print(f"{time.monotonic() - began:.4f}")
    store.close()


def opened(url: str, tries: int = 100) -> Store:
    """Open a store whose disk may fail meanwhile: that is refused in words, and tried again."""
    for _ in range(tries):
        try:
            return open_store(url)
        except StoreError as error:
            print(f"not opened: {error}")
    raise SystemExit("it cannot be opened")


def log(url: str, trials: int) -> None:
    store = opened(url)
    fence = begin(store)
    acks = os.open(Path(url).with_name("acks"), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for number in range(trials):
        try:
            store.write(*trial(fence.sweep_id, number), fence=fence).result()
        except StoreError as error:
            print(f"refused {number}: {error}")
        else:
            os.write(acks, f"{number}\n".encode())
    store.close()
    print("alive")


def runs(url: str, count: int) -> None:
    """Write runs outside sweeps."""
    store = open_store(url)
    experiment = store.experiment("")
    for number in range(count):
        run = Run(new_id(), f"alone-{number}", experiment_id=experiment, started=time.time())
        store.write(RunStarted(run), PointsLogged(run.id, (Point("m", number, 0, time.time()),))).result()
        store.write(RunEnded(run.id, RunState.COMPLETE, time.time())).result()
    store.close()


def read(url: str) -> None:
    over, looks = threading.Event(), 0
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    while not os.path.exists(url) or not os.path.getsize(url):
        time.sleep(0.01)
    time.sleep(0.5)
    store = open_store(url, read_only=True)
    while not over.wait(0.01):
        for sweep in store.sweeps():
            seen = store.trials(sweep.id)
            assert [each.number for each in seen] == list(range(len(seen)))
            assert all(each.state is RunState.COMPLETE and len(each.params) == 8 for each in seen)
        looks += 1
    store.close()
    print(f"{looks} looks at all of it by a reader")


if __name__ == "__main__":
    url, what, trials = sys.argv[1], sys.argv[2], int(sys.argv[3])
    {"write": write, "log": log, "runs": runs}[what](url, trials) if what != "read" else read(url)
