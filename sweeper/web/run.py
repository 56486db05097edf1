"""The page of one run: a trial, what it nests, or a run outside sweeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sweeper.controller.reuse import TAG as REUSED_FROM
from sweeper.errors import NotFound, SweeperError
from sweeper.interfaces import ArtifactStore
from sweeper.records import Params, Run, RunState, SweepRecord, TrialRecord
from sweeper.store import tracking
from sweeper.store.store import SqlStore
from sweeper.web import origin
from sweeper.web.files import listed, root_of
from sweeper.web.finding import find_run
from sweeper.web.front import quick_front
from sweeper.web.lineage import above, below, spread
from sweeper.web.places import placed, unplaced
from sweeper.web.ranks import best_numbers, rank_of
from sweeper.web.registered import registered_of

Data = dict[str, Any]
LEADERS = 5  #: best trials whose curves are drawn beside that of a trial


@dataclass(frozen=True, slots=True)
class Found:
    """A run and what it belongs to. ``owner`` is the run whose code and environment it has: its sweep's, or its own."""

    run: Run
    parents: list[Run]
    sweep: SweepRecord | None
    trial: TrialRecord | None

    @property
    def owner(self) -> Run:
        return next((run for run in self.parents if run.kind == "sweep"), self.parents[0] if self.parents else self.run)


def run_page(store: SqlStore, files: ArtifactStore, ref: str) -> Data:
    """Return everything about a run but its histories, its log and its files. Raises NotFound, UsageError."""
    found = _found(store, ref)
    run, trial = found.run, found.trial
    tree = below(store, run)
    kept = origin.recorded(store, files, found.owner)
    own = {**found.owner.tags, **run.tags}
    return {
        "run": _run(store, found),
        "number": trial.number if trial else None,
        "sweep": _sweep(store, found),
        **_standing(store, found),
        "params": _params(found),
        "value": _value(trial),
        "metrics": {**(trial.metrics if trial else {}), **run.metrics},
        "curves": curves(store, run),
        "tags": dict(run.tags),
        "user": run.user or found.owner.tags.get("mlflow.user", ""),
        "worker": trial.worker if trial else "",
        "attempts": _attempts(store, run),
        "failure": _failure(trial),
        "lineage": [{"id": each.id, "name": each.name, "kind": each.kind} for each in found.parents],
        "tree": tree.nodes,
        "tree_total": tree.total,
        "tree_stats": spread(tree.nodes),
        "environment": origin.environment(own, kept),
        "packages": origin.packages(kept),
        "code": origin.code(store, files, found.owner, _best_owner(store, found)),
        "registered": registered_of(store, run.id),
        "commands": _commands(found),
        "artifacts": _has_files(store, files, run),
    }


def curves(store: SqlStore, run: Run) -> list[str]:
    """Return the names of the metrics that have more than one point."""
    rows = store.read(lambda session: session.rows_in("page_metric_names", [run.id]))
    return sorted(name for _, name, amount in rows if amount > 1)


def _found(store: SqlStore, ref: str) -> Found:
    run = find_run(store, ref)
    parents = above(store, run)
    owner = next((each.id for each in parents if each.kind == "sweep"), None)
    sweep = store.find_sweep(owner) if owner else None
    trial = store.find_trial(run.id) if run.kind == "trial" else None
    return Found(run, parents, sweep, trial)


def _run(store: SqlStore, found: Found) -> Data:
    run = found.run
    return {
        "id": run.id,
        "name": run.name,
        "kind": run.kind,
        "state": str(run.state),
        "started": run.started,
        "ended": run.ended,
        "seconds": None if run.started is None or run.ended is None else run.ended - run.started,
        "parent": run.parent_id,
        "experiment": found.sweep.experiment if found.sweep else _experiment(store, run),
        "experiment_id": run.experiment_id,
        "deleted": run.deleted,
        "seed": found.trial.seed if found.trial else None,
    }


def _experiment(store: SqlStore, run: Run) -> str | None:
    try:
        return store.read(lambda session: tracking.experiment(session, int(run.experiment_id))).name
    except NotFound:
        return None


def _sweep(store: SqlStore, found: Found) -> Data | None:
    """The sweep of a run. ``leaders``: the numbers of its best trials, the best first, without this one."""
    sweep, own = found.sweep, found.trial.number if found.trial else -1
    if sweep is None:
        return None
    leaders = [number for number in best_numbers(store, sweep, LEADERS + 1) if number != own][:LEADERS]
    goals = [{"name": goal.name, "goal": goal.direction} for goal in sweep.goals]
    best = {"number": sweep.best.number, "run_id": sweep.best.run_id, "value": sweep.best.value} if sweep.best else None
    return {
        "id": sweep.id,
        "name": sweep.name,
        "state": str(sweep.state),
        "goals": goals,
        "best": best,
        "leaders": leaders,
    }


def _standing(store: SqlStore, found: Found) -> Data:
    place, front = None, None
    if found.trial is not None and found.sweep is not None:
        place = rank_of(store, found.sweep, found.trial)
        front = _on_front(store, found.sweep, found.trial)
    return {
        "front": front,
        "rank": place.rank if place else None,
        "of": place.of if place else None,
        "prev": place.before if place else None,
        "next": place.after if place else None,
    }


def _on_front(store: SqlStore, sweep: SweepRecord, trial: TrialRecord) -> bool | None:
    """Whether no other trial beats one in every goal; None with one goal, and where that takes long to find."""
    front = quick_front(store, sweep) if len(sweep.goals) > 1 else None
    return None if front is None else trial.number in {each.number for each in front}


def _params(found: Found) -> list[Data]:
    if found.trial is None or found.sweep is None:
        return [unplaced(name, value) for name, value in found.run.params.items()]
    best: Params | None = None
    if found.sweep.best is not None and found.sweep.best.run_id != found.run.id:
        best = found.sweep.best.params
    return placed(found.sweep, found.trial.params, best)


def _value(trial: TrialRecord | None) -> Any:
    if trial is None or not trial.values:
        return None
    return trial.values[0] if len(trial.values) == 1 else list(trial.values)


def _attempts(store: SqlStore, run: Run) -> list[Data]:
    if run.kind != "trial":
        return []
    names = ("attempt", "state", "started", "ended", "worker", "failure", "exit_code", "signal", "peak_memory")
    return [{name: each[name] for name in names} for each in store.attempts(run.id)]


def _failure(trial: TrialRecord | None) -> Data | None:
    failure = trial.failure if trial else None
    if failure is None:
        return None
    return {
        "kind": str(failure.kind),
        "message": failure.message,
        "traceback": failure.traceback,
        "exit_code": failure.exit_code,
        "signal": failure.signal,
    }


def _best_owner(store: SqlStore, found: Found) -> Run | None:
    """The run whose code the best trial has: its own sweep's, or that from which its result was taken."""
    if found.sweep is None or found.sweep.best is None or found.sweep.best.run_id == found.run.id:
        return None
    source = store.run(found.sweep.best.run_id).tags.get(REUSED_FROM, "").partition(":")[0]
    try:
        return store.run(source or found.sweep.id)
    except NotFound:
        return None


def _commands(found: Found) -> list[Data]:
    ref = found.run.id[-8:]
    if found.trial is None:
        return [{"label": "Register its model", "command": f"sweeper register {ref} --model NAME"}]
    made = [
        {"label": "Show it", "command": f"sweeper show {ref}"},
        {"label": "Run it again", "command": f"sweeper rerun {ref}"},
    ]
    if found.trial.state is RunState.COMPLETE:
        made.append({"label": "Register its model", "command": f"sweeper register {ref} --model NAME"})
    return made


def _has_files(store: SqlStore, files: ArtifactStore, run: Run) -> bool:
    try:
        return bool(listed(files, root_of(store, files, run)))
    except SweeperError:
        return False
