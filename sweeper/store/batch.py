"""One transaction's worth of changes: what it touches is loaded once, changed in memory, written at the end.

So a trial that is created, started and ended within one batch is one INSERT, and a batch of a hundred trials
costs about ten statements.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sweeper.errors import NotFound, UsageError
from sweeper.records import Goal
from sweeper.store.sql import Session
from sweeper.store.touched import Touched

OPEN = ("queued", "running")
Mark = tuple[int, float, float, int]  #: step, time, finite number and kind of a point: the greatest is the latest


class RunRow:
    """A row of ``runs`` that the batch may change. Column order is that of the INSERT."""

    __slots__ = (
        "applied", "artifact_uri", "attempts", "changed", "created", "deleted", "ended", "experiment_id", "failure",
        "goal_values", "id", "kind", "metrics", "moved", "name", "new", "number", "params", "parent_id", "renamed",
        "seed", "started", "state", "user_id", "worker",
    )  # fmt: skip

    def __init__(
        self, run_id: str, kind: str, parent_id: str | None, number: int | None, experiment_id: int
    ) -> None:
        self.id, self.kind, self.parent_id, self.number = run_id, kind, parent_id, number
        self.experiment_id = experiment_id
        self.name = self.user_id = self.worker = ""
        self.state = "running"
        self.created = 0.0
        self.started: float | None = None
        self.ended: float | None = None
        self.artifact_uri: str | None = None
        self.deleted = self.attempts = self.applied = 0
        self.seed: int | None = None
        self.params: str | None = None
        self.goal_values: str | None = None
        self.metrics: str | None = None
        self.failure: str | None = None
        self.new = self.changed = self.moved = self.renamed = False

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> RunRow:
        run = cls(row[0], row[1], row[2], row[3], row[4])
        run.state, run.attempts, run.worker, run.applied, run.started, run.ended = row[5:11]
        run.goal_values, run.metrics, run.failure, run.params, run.deleted = row[11:16]
        return run

    @property
    def open(self) -> bool:
        return self.state in OPEN


class SweepRow:
    """How a sweep stands, with the little the writer has to know of what it is."""

    __slots__ = (
        "best", "best_so_far", "cancelled", "changed", "complete", "ended", "experiment_id", "failed", "fence",
        "goals", "holder", "id", "left", "name", "pruned", "queued", "reason", "running", "seconds", "started",
        "state", "trials",
    )  # fmt: skip

    def __init__(self, sweep_id: str, name: str, experiment_id: int, goals: tuple[Goal, ...]) -> None:
        self.id, self.name, self.experiment_id, self.goals = sweep_id, name, experiment_id, goals
        self.state, self.reason = "running", ""
        self.trials: int | None = None
        self.started: float | None = None
        self.ended: float | None = None
        self.queued = self.running = self.complete = self.pruned = self.failed = self.cancelled = 0
        self.best: str | None = None
        self.fence = 0
        self.holder: str | None = None
        self.seconds = 0.0
        self.left: float | None = None
        self.changed = False
        self.best_so_far: tuple[int, float] | None = None

    def load(self, row: Sequence[Any]) -> None:
        (_, self.state, self.reason, self.trials, self.started, self.ended, self.queued, self.running,
         self.complete, self.pruned, self.failed, self.cancelled, self.best, self.seconds, self.fence,
         self.holder, self.left) = row  # fmt: skip
        if self.best is not None:
            number, _, value = json.loads(self.best)[:3]
            self.best_so_far = (number, value)

    def counted(self, before: str | None, after: str) -> None:
        """A trial went from one state to another."""
        if before is not None:
            setattr(self, before, getattr(self, before) - 1)
        setattr(self, after, getattr(self, after) + 1)
        self.changed = True


class Batch:
    """What a transaction has looked at and is about to write.

    ``facts`` keeps what never changes about sweeps (name, experiment, goals) from one batch to the next.
    """

    def __init__(self, session: Session, artifact_root: str, facts: dict[str, tuple[Any, ...]]) -> None:
        self.session = session
        self.artifact_root = artifact_root
        self.facts = facts
        self.runs: dict[str, RunRow] = {}
        self.sweeps: dict[str, SweepRow] = {}
        self.children: dict[str, list[RunRow]] = {}
        self.params: dict[str, dict[str, str]] = {}
        self.latest: dict[tuple[str, str], Mark] = {}
        self.tags: dict[tuple[str, str], str | None] = {}
        self.new_metrics: dict[tuple[str, str], Mark] = {}
        self.new_runs: list[RunRow] = []
        self.new_params: list[Any] = []
        self.new_points: list[Any] = []
        self.new_attempts: list[Any] = []
        self.new_control: dict[str, tuple[str, str, float]] = {}
        self.new_sweeps: list[Any] = []
        self.new_status: list[Any] = []
        self.revised: dict[str, tuple[str, str, str]] = {}
        self.remeasured: set[tuple[str, str]] = set()

    def load(self, touched: Touched) -> None:
        """Look at all that the events will touch, with a few queries."""
        self.load_sweeps(touched.sweeps)
        for row in self.session.rows_in("load_runs", [*touched.runs]):
            self.runs[row[0]] = RunRow.from_row(row)
        if touched.below:
            self._load_children([*(touched.below & self.runs.keys())])
        if touched.params:
            self.params = {run_id: {} for run_id in touched.params}
            for run_id, key, value in self.session.rows_in("load_params", [*(touched.params & self.runs.keys())]):
                self.params[run_id][key] = value
        if touched.metrics:
            for run_id, key, *mark in self.session.rows_in("load_metrics", [*(touched.metrics & self.runs.keys())]):
                self.latest[run_id, key] = tuple(mark)

    def load_sweeps(self, ids: Iterable[str]) -> None:
        """Look at sweeps, and lock them where the database locks rows."""
        wanted = [sweep_id for sweep_id in ids if sweep_id not in self.sweeps]
        unknown = [sweep_id for sweep_id in wanted if sweep_id not in self.facts]
        for sweep_id, name, experiment_id, goals in self.session.rows_in("load_sweeps", unknown):
            self.facts[sweep_id] = (name, experiment_id, tuple(Goal(*goal) for goal in json.loads(goals)))
        for row in self.session.rows_in("load_status", wanted):
            sweep = SweepRow(row[0], *self.facts[row[0]])
            sweep.load(row)
            self.sweeps[sweep.id] = sweep

    def _load_children(self, parents: list[str]) -> None:
        seen: set[str] = set()
        while parents := [run_id for run_id in parents if run_id not in seen]:
            seen.update(parents)
            below = [RunRow.from_row(row) for row in self.session.rows_in("load_children", parents)]
            for run in below:
                known = self.runs.setdefault(run.id, run)
                self.children.setdefault(known.parent_id or "", []).append(known)
            parents = [run.id for run in below]

    def run(self, run_id: str) -> RunRow:
        """Return a run that exists."""
        try:
            return self.runs[run_id]
        except KeyError:
            raise NotFound("run", run_id, hint="It has to be started before anything is logged to it.") from None

    def there(self, run_id: str) -> RunRow:
        """Return a run that exists and is not deleted: only to such a one anything is logged."""
        run = self.run(run_id)
        if run.deleted:
            raise UsageError(f"The run {run_id} must be in the 'active' state. Current state is deleted.")
        return run

    def move(self, run: RunRow, parent_id: str) -> bool:
        """Put a run below another one; False when there is no such run, or when it lies below this one itself."""
        above: str | None = parent_id
        while above and above != run.id:
            if above in self.runs:
                above = self.runs[above].parent_id
            elif found := self.session.rows_in("runs_by_id", [above]):
                above = found[0][4]
            else:
                return False
        if above == run.id:
            return False
        run.parent_id, run.moved = parent_id, True
        self.children.setdefault(parent_id, []).append(run)
        return True

    def sweep(self, sweep_id: str) -> SweepRow:
        """Return a sweep that exists."""
        try:
            return self.sweeps[sweep_id]
        except KeyError:
            raise NotFound("sweep", sweep_id) from None

    def add(self, run: RunRow) -> None:
        """A run that did not exist."""
        run.new = True
        self.runs[run.id] = run
        self.new_runs.append(run)
        if run.parent_id:
            self.children.setdefault(run.parent_id, []).append(run)

    def add_param(self, run_id: str, key: str, text: str, number: float | None) -> None:
        """A parameter that the run did not have."""
        self.new_params += (run_id, key, text, number)
        if run_id in self.params:
            self.params[run_id][key] = text

    def write(self) -> None:
        """Send every change, table by table."""
        session = self.session
        rows: list[Any] = []
        for run in self.new_runs:
            rows += (
                run.id, run.kind, run.name, run.parent_id, run.number, run.experiment_id, run.state, run.created,
                run.started, run.ended, run.user_id, run.artifact_uri, run.deleted, run.seed, run.attempts,
                run.worker, run.applied, run.params, run.goal_values, run.metrics, run.failure,
            )  # fmt: skip
        session.insert("insert_run", rows)
        session.insert("insert_sweep", self.new_sweeps)
        session.insert("insert_status", self.new_status)
        session.insert("insert_param", self.new_params)
        changed = [run for run in self.runs.values() if run.changed and not run.new]
        session.run_many(
            "update_run",
            [
                (run.state, run.started, run.ended, run.attempts, run.worker, run.applied, run.goal_values,
                 run.metrics, run.failure, run.id)
                for run in changed
            ],
        )  # fmt: skip
        for run in self.runs.values():
            if run.renamed and not run.new:
                session.run("rename_run", run.name, run.id)
            if run.moved and not run.new:
                session.run("move_run", run.parent_id, run.id)
        session.insert("insert_attempt", self.new_attempts)
        self.write_points()
        for sweep_id, wish in self.new_control.items():
            session.run("upsert_control", sweep_id, *wish)
        for sweep_id, revision in self.revised.items():
            session.run("revise_sweep", *revision, sweep_id)
        self._write_tags()
        self._write_status()

    def write_points(self) -> None:
        """Send the points and latest values gathered so far."""
        self.session.insert("insert_point", self.new_points)
        self.new_points = []
        for run_id, key in self.remeasured:
            self.new_metrics.pop((run_id, key), None)
            for latest in self.session.rows("latest_point", run_id, key):
                self.latest[run_id, key] = self.new_metrics[run_id, key] = tuple(latest)
        self.remeasured.clear()
        rows: list[Any] = []
        for at, latest in self.new_metrics.items():
            rows += at
            rows += latest
        self.session.insert("upsert_metric", rows)
        self.new_metrics = {}

    def _write_tags(self) -> None:
        if not self.tags:
            return
        gone = [at for at, value in self.tags.items() if value is None]
        if gone:
            self.session.run_many("delete_tag", gone)
        rows: list[Any] = []
        for at, value in self.tags.items():
            if value is not None:
                rows += (*at, value)
        self.session.insert("upsert_tag", rows)

    def _write_status(self) -> None:
        for sweep in self.sweeps.values():
            if sweep.changed:
                self.session.run(
                    "update_status", sweep.state, sweep.reason, sweep.trials, sweep.started, sweep.ended,
                    sweep.queued, sweep.running, sweep.complete, sweep.pruned, sweep.failed, sweep.cancelled,
                    sweep.best, sweep.seconds, sweep.id,
                )  # fmt: skip
