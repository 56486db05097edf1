"""Sweeps copied to an existing MLflow server: a sweep as a parent run, its trials below it, what they nest below them.

Each copy carries the tag ``sweeper.run_id``. Whoever goes on asks the server which copies there are, so nothing is made
twice, whenever the one before was ended; points that come again are one point there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sweeper.exchange.mlflow_client import MlflowClient
from sweeper.interfaces import Store
from sweeper.records import Run, RunState, SweepRecord, SweepState, TrialRecord

RUN, SWEEP, STATE = "sweeper.run_id", "sweeper.sweep_id", "sweeper.state"
PARENT = "mlflow.parentRunId"
STATUS = {
    RunState.QUEUED: "SCHEDULED", RunState.RUNNING: "RUNNING", RunState.COMPLETE: "FINISHED",
    RunState.PRUNED: "KILLED", RunState.FAILED: "FAILED", RunState.CANCELLED: "KILLED",
}  # fmt: skip
SWEEP_STATUS = {
    SweepState.RUNNING: "RUNNING", SweepState.PAUSED: "RUNNING", SweepState.INTERRUPTED: "SCHEDULED",
    SweepState.STOPPED: "FINISHED", SweepState.FINISHED: "FINISHED", SweepState.CANCELLED: "KILLED",
    SweepState.FAILED: "FAILED",
}  # fmt: skip
TOGETHER = 100  #: trials that are read at once
LONGEST_PARAM, LONGEST_TAG = 6000, 5000  #: characters that every MLflow server keeps


@dataclass
class Copy:
    """A run at the other end: its id there, and the state it had here when it was copied."""

    id: str
    state: str = ""
    points: int = 0


@dataclass
class Mirror:
    """Copies one sweep, as often as it is asked to. ``notice`` is told what the other end does not take."""

    client: MlflowClient
    store: Store
    sweep_id: str
    notice: Callable[[str], None] = lambda _: None
    _copies: dict[str, Copy] | None = None
    _experiment: str = ""
    _refused: set[str] = field(default_factory=set)

    def copy(self) -> int:
        """Bring the other end to what is stored here now; return how many trials were sent. Raises ServerAway."""
        sweep = self.store.find_sweep(self.sweep_id)
        copies = self._known(sweep)
        parent = self._parent(sweep, copies)
        sent = 0
        waiting = self._open(sweep, copies)
        for start in range(0, len(waiting), TOGETHER):
            sent += self._send(sweep, parent, waiting[start : start + TOGETHER], copies)
        self._end(sweep, parent)
        return sent

    def _known(self, sweep: SweepRecord) -> dict[str, Copy]:
        """Return the copies there are, by the ids here: asked once, then remembered."""
        if self._copies is None:
            self._experiment = self.client.experiment(sweep.experiment or "Default")
            self._copies = {}
            for run in self.client.search(self._experiment, f"tags.`{SWEEP}` = '{sweep.id}'"):
                tags = {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}
                ended = run["info"]["status"] not in ("RUNNING", "SCHEDULED")
                self._copies[tags[RUN]] = Copy(run["info"]["run_id"], tags.get(STATE, "") if ended else "")
        return self._copies

    def _parent(self, sweep: SweepRecord, copies: dict[str, Copy]) -> Copy:
        if sweep.id not in copies:
            run = self.store.run(sweep.id)
            copies[sweep.id] = self._create(sweep, run, None)
            self.client.log(copies[sweep.id].id, _params(run.params), {}, ())
        return copies[sweep.id]

    def _open(self, sweep: SweepRecord, copies: dict[str, Copy]) -> list[TrialRecord]:
        """Return the trials that are not copied as they are."""
        started = (RunState.RUNNING, RunState.COMPLETE, RunState.PRUNED, RunState.FAILED, RunState.CANCELLED)
        found = self.store.trials(sweep.id, states=started)
        return [trial for trial in found if (copy := copies.get(trial.run_id)) is None or copy.state != trial.state]

    def _send(
        self, sweep: SweepRecord, parent: Copy, trials: Sequence[TrialRecord], copies: dict[str, Copy]
    ) -> int:
        points = self.store.points([trial.run_id for trial in trials])
        for trial in trials:
            run = self.store.run(trial.run_id)
            copy = copies.get(run.id) or self._create(sweep, run, parent.id)
            copies[run.id] = copy
            self._log(run, copy, points.get(run.id, []), {STATE: str(trial.state)} if trial.state.ended else {})
            self._below(sweep, run, copy, copies)
            if trial.state.ended:
                self.client.end(copy.id, STATUS[trial.state], trial.ended)
                copy.state = str(trial.state)
        return len(trials)

    def _below(self, sweep: SweepRecord, run: Run, copy: Copy, copies: dict[str, Copy]) -> None:
        children = self.store.children(run.id)
        points = self.store.points([child.id for child in children]) if children else {}
        for child in children:
            made = copies.get(child.id) or self._create(sweep, child, copy.id)
            copies[child.id] = made
            self._log(child, made, points.get(child.id, []), {})
            self._below(sweep, child, made, copies)
            if child.state.ended:
                self.client.end(made.id, STATUS[RunState(child.state)], child.ended)

    def _create(self, sweep: SweepRecord, run: Run, parent: str | None) -> Copy:
        tags = {RUN: run.id, SWEEP: sweep.id, **({PARENT: parent} if parent else {})}
        made = self.client.create(self._experiment, run.name, run.started or sweep.created, tags, run.user)
        return Copy(made)

    def _log(self, run: Run, copy: Copy, points: Sequence[Any], last: dict[str, str]) -> None:
        new = [(point.key, point.value, point.step, point.time) for point in points[copy.points :]]
        known = copy.points > 0
        self.client.log(copy.id, {} if known else _params(run.params), {**_tags(run.tags), **last}, new)
        copy.points = len(points)

    def _end(self, sweep: SweepRecord, parent: Copy) -> None:
        if parent.state != sweep.state:
            tags = {STATE: str(sweep.state), **_tags(sweep.tags)}
            self.client.log(parent.id, {}, tags, _best(sweep))
            self.client.end(parent.id, SWEEP_STATUS[sweep.state], sweep.ended)
            parent.state = str(sweep.state)


def _best(sweep: SweepRecord) -> list[tuple[str, float, int, float]]:
    if sweep.best is None:
        return []
    return [(f"best.{sweep.goals[0].name}", sweep.best.value, sweep.best.number, sweep.ended or sweep.created)]


def _params(params: Mapping[str, str]) -> dict[str, str]:
    return {key: value[:LONGEST_PARAM] for key, value in params.items()}


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    ours = {key: value for key, value in tags.items() if key not in (PARENT, "mlflow.runName")}
    return {key: value if len(value) <= LONGEST_TAG else value[:LONGEST_TAG] for key, value in ours.items()}
