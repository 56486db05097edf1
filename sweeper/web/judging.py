"""Importance in the background: in a process of its own, one at a time, and never twice for the same."""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord
from sweeper.web.kept import stand

MOST = 200  #: answers that are kept
NEW = 0.1  #: the share of trials that must be new before a running sweep is judged again
SECONDS = 600.0  #: after which a computation is given up
PROGRAM = "sweeper.web.judging_process"

Data = dict[str, Any]
log = logging.getLogger("sweeper.web")
_lock = threading.Lock()
_all: weakref.WeakKeyDictionary[Any, Judging] = weakref.WeakKeyDictionary()


def judging_of(store: Store) -> Judging:
    """Return what judges the sweeps of a store: the same object for the same store."""
    with _lock:
        if (found := _all.get(store)) is None:
            found = _all[store] = Judging(store.url)
        return found


class _Answer(NamedTuple):
    stand: Hashable
    judged: int  #: trials with a value there were
    data: Data


class _Job(NamedTuple):
    key: tuple[str, int]
    stand: Hashable
    judged: int
    extra: Mapping[str, Any]


class Judging:
    """Keeps answers and computes those that are asked for. Any thread may ask; none waits."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[str, int], _Answer] = OrderedDict()
        self._pending: set[tuple[str, int]] = set()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def ask(self, sweep: SweepRecord, goal: int, **extra: Any) -> tuple[Data | None, bool]:
        """Return the last answer, and whether it is of the sweep as it stands; if not, a new one is on its way.

        ``extra`` is put into the answer that is made now. Of a running sweep an answer stays true while few trials
        are new.
        """
        key, judged = (sweep.id, goal), _judged(sweep)
        with self._lock:
            known = self._answers.get(key)
            if known is not None and (known.stand == stand(sweep) or _still_true(known, sweep, judged)):
                self._answers.move_to_end(key)
                return known.data, True
            if key not in self._pending:
                self._pending.add(key)
                self._jobs.put(_Job(key, stand(sweep), judged, extra))
                self._start()
        return known and known.data, False

    @property
    def waiting(self) -> frozenset[tuple[str, int]]:
        """Sweeps and goals that are computed now, or wait for their turn."""
        with self._lock:
            return frozenset(self._pending)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="sweeper-importance", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            data = {**computed(self._url, *job.key), **job.extra}
            with self._lock:
                self._answers[job.key] = _Answer(job.stand, job.judged, data)
                self._answers.move_to_end(job.key)
                while len(self._answers) > MOST:
                    self._answers.popitem(last=False)
                self._pending.discard(job.key)


def computed(url: str, sweep_id: str, goal: int) -> Data:
    """Judge a sweep in a process of its own, which ends when this one does. What goes wrong is said in the answer."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    program = [sys.executable, "-P", "-m", PROGRAM]
    try:
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
            ) as process,
        ):
            output = _output(process, {"url": url, "sweep": sweep_id, "goal": goal})
            if process.wait() != 0:
                errors.seek(0)
                told = errors.read().decode(errors="replace").strip().splitlines()[-1:]
                raise ValueError(told[0] if told else f"its process ended with code {process.returncode}")
        found: Data = json.loads(output)
    except (OSError, ValueError) as error:
        log.warning("importance of sweep %s was not computed: %s", sweep_id, error)
        return {"params": [], "reason": "Importance could not be computed; the server's log says why."}
    return found


def _output(process: subprocess.Popen[bytes], job: Data) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(job).encode() + b"\n")
    process.stdin.flush()  # and stays open: its end tells the process that this one is gone
    timer = threading.Timer(SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    try:
        return process.stdout.read()
    finally:
        timer.cancel()


def _judged(sweep: SweepRecord) -> int:
    return sweep.counts.get(RunState.COMPLETE, 0) + sweep.counts.get(RunState.PRUNED, 0)


def _still_true(known: _Answer, sweep: SweepRecord, judged: int) -> bool:
    return not sweep.state.ended and judged - known.judged <= NEW * known.judged
