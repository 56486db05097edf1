"""One experiment's folder: its sweep file, its store, its history, and every process that it started."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from sweeper.store import open_store
from sweeper.store.store import SqlStore
from tests.chaos import history
from tests.chaos.checker import Findings, Row, check
from tests.chaos.controller import TOKEN
from tests.chaos.history import INVOKE, OK, Record, Recorder

ROOT = Path(__file__).parents[2]
OBJECTIVE = Path(__file__).with_name("objective.py")
PATIENCE = 90.0  #: seconds that something may take on a slow machine

T = TypeVar("T")


class Skip(Exception):
    """The experiment cannot run here; says why."""


@dataclass
class Arena:
    """Made by :func:`arena`. ``random`` is seeded; ``url`` may be set to another database before the first run."""

    folder: Path
    seed: int
    random: random.Random = field(init=False)
    url: str = field(init=False)
    environment: dict[str, str] = field(default_factory=dict)
    controllers: list[int] = field(default_factory=list)
    found: frozenset[str] = field(default_factory=lambda: frozenset(path.name for path in Path("/dev/shm").iterdir()))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.url = str(self.folder / "runs.db")
        for name in ("history", "tmp"):
            (self.folder / name).mkdir()
        self.recorder = Recorder(self.folder / "history", "killer")

    def sweep(
        self,
        *,
        trials: int,
        faults: Mapping[int, str] = {},  # read only
        seconds: tuple[float, float] = (0.0, 0.02),
        workers: int = 2,
        **settings: Any,
    ) -> None:
        """Write the sweep file. ``faults`` by trial number; a trial takes between ``seconds``."""
        executor = {"workers": workers, **settings.pop("executor", {})}
        file = {
            "name": "chaos",
            "objective": f"{OBJECTIVE}:train",
            "method": "random",
            "metric": {"name": "loss", "goal": "minimize"},
            "parameters": {"x": {"min": 0.0, "max": 1.0}},
            "budget": {"trials": trials, "failures": 1000},
            "executor": executor,
            "seed": self.seed,
            "retry": {"oom": 0},
            **settings,
        }
        (self.folder / "sweep.yaml").write_text(yaml.safe_dump(file))
        self.environment["CHAOS_FAULTS"] = json.dumps(faults)
        self.environment["CHAOS_SECONDS"] = json.dumps(seconds)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command ``sweeper`` with this store; ``arguments`` default to running the file, or resuming it."""
        words = arguments or ("run", str(self.folder / "sweep.yaml"), "--resume")
        command = [sys.executable, "-m", "tests.chaos.controller", *words, "--store", self.url]
        process = self.popen(command, **environment)
        self.controllers.append(process.pid)
        return process

    def popen(self, command: list[str], **environment: str) -> subprocess.Popen[str]:
        """Start a process that is known to be this arena's, and so are all that it starts."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, **self.variables(), **self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def variables(self) -> dict[str, str]:
        return {
            "CHAOS_ARENA": str(self.folder),
            "CHAOS_HISTORY": str(self.folder / "history"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def finish(self, process: subprocess.Popen[str], seconds: float = PATIENCE) -> tuple[int, str]:
        """Wait for a process and return its exit code and what it printed."""
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"process {process.pid} did not end within {seconds:g} s") from None
        return process.returncode, said

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        return self.finish(self.start(*arguments, **environment))

    def kill(self, process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
        """Kill a controller and note it; returns when it is gone."""
        self.recorder.note("kill", OK, facts=process.pid)
        process.send_signal(number)
        if number == signal.SIGKILL:
            process.wait()
            assert process.stdout is not None
            process.stdout.close()

    # -- what can be seen ---------------------------------------------------------------------------------------------

    def processes(self) -> dict[int, str]:
        """Return the living processes of this arena with their command lines, this one not counted."""
        marker = f"CHAOS_ARENA={self.folder}".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    if marker in (entry / "environ").read_bytes().split(b"\0"):
                        found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
                except OSError:
                    continue
        return found

    def leftovers(self) -> list[str]:
        """Return files for temporary use that are still there: folders, semaphores, shared memory."""
        workers = [record.facts for record in self.history() if (record.op, record.phase) == ("execute", INVOKE)]
        mine = {str(pid) for pid in (*self.controllers, *workers)}
        shared = [path.name for path in Path("/dev/shm").iterdir() if mine & {*path.name.replace("_", "-").split("-")}]
        shared = [name for name in shared if name not in self.found]  # numbers of processes come again
        return [*(path.name for path in (self.folder / "tmp").iterdir()), *shared]

    def history(self, pattern: str = "*.jsonl") -> list[Record]:
        return history.read(self.folder / "history", pattern)

    def count(self, op: str, phase: str = OK) -> int:
        return sum((record.op, record.phase) == (op, phase) for record in self.history())

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        store = open_store(self.url, read_only=True)
        try:
            yield store
        finally:
            store.close()

    def rows(self, name: str | None = None) -> list[Row]:
        """Return the trials of the latest sweep (of that name) as they are stored; none while there is no sweep."""
        with self.store() as store:
            sweeps = store.sweeps(name=name, limit=1)
            trials = store.trials(sweeps[0].id) if sweeps else []
            return [
                Row(
                    trial.number,
                    trial.run_id,
                    str(trial.state),
                    trial.attempts,
                    trial.metrics.get(TOKEN),
                    tuple(attempt["attempt"] for attempt in store.attempts(trial.run_id)),
                )
                for trial in trials
            ]

    def look(self) -> None:
        """Note what a reader sees now."""
        at = time.monotonic()
        with self.store() as store:
            sweeps = store.sweeps(limit=1)
            trials = store.trials(sweeps[0].id) if sweeps else []
        seen = [[trial.run_id, str(trial.state), trial.metrics.get(TOKEN)] for trial in trials]
        self.recorder.append(Record(f"killer {os.getpid()}", "read", OK, at=at, facts=seen))

    def check(self, total: int | None = None) -> Findings:
        """Compare the history with the store; nothing may be wrong."""
        findings = check(self.history(), self.rows(), total)
        assert not findings.bad, json.dumps(findings.bad, indent=1)[:4000]
        self.agrees()
        return findings

    def agrees(self) -> None:
        """The sweep's own row says what its trials say."""
        with self.store() as store:
            (sweep,) = store.sweeps(limit=1)
            states = [str(trial.state) for trial in store.trials(sweep.id)]
            counts = {str(state): count for state, count in sweep.counts.items() if count}
        assert counts == {state: states.count(state) for state in {*states}}, counts

    # -- the end ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def arena(seed: int, parent: Path | None = None) -> Iterator[Arena]:
    """An arena that leaves nothing behind. Its path is short: a Unix socket has to fit."""
    made = Arena(Path(tempfile.mkdtemp(prefix="chaos-", dir=parent or "/tmp")), seed)
    try:
        yield made
    finally:
        made.close()


def wait_until(condition: Callable[[], T], seconds: float = PATIENCE, pause: float = 0.01) -> T:
    """Wait until ``condition()`` is true and return what it returned."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(pause)
    return found
