"""The JSON shapes of a sweep and of a trial: what ``--json`` prints. A key may be added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sweeper.records import BestTrial, Goal, RunState, SweepRecord, TrialRecord

if TYPE_CHECKING:
    from sweeper.analysis.regions import Region


def sweep_shape(sweep: SweepRecord, front: Sequence[TrialRecord] = ()) -> dict[str, Any]:
    """The ``show`` object. ``front``: the Pareto-optimal trials, for a sweep with several goals."""
    best: Any = best_shape(sweep.best)
    if len(sweep.goals) > 1:
        best = [front_shape(trial) for trial in front]
    return {
        "id": sweep.id,
        "name": sweep.name,
        "state": str(sweep.state),
        "method": sweep.method,
        "metrics": [{"name": goal.name, "goal": goal.direction} for goal in sweep.goals],
        "counts": {str(state): sweep.counts.get(state, 0) for state in RunState},
        "budget": {**(sweep.config.get("budget") or {}), "trials": sweep.trials},
        "best": best,
        "experiment": sweep.experiment,
        "seed": sweep.seed,
        "created": sweep.created,
        "started": sweep.started,
        "ended": sweep.ended,
        "reason": sweep.reason,
        "tags": dict(sweep.tags),
    }


def best_shape(best: BestTrial | None) -> dict[str, Any] | None:
    if best is None:
        return None
    return {"number": best.number, "run_id": best.run_id, "value": best.value, "params": dict(best.params)}


def front_shape(trial: TrialRecord) -> dict[str, Any]:
    """A Pareto-optimal trial; ``value`` is a list with one number per goal."""
    values = list(trial.values or ())
    return {"number": trial.number, "run_id": trial.run_id, "value": values, "params": dict(trial.params)}


def trial_shape(trial: TrialRecord, goals: Sequence[Goal]) -> dict[str, Any]:
    """One line of ``trials --json``."""
    value: Any = list(trial.values) if trial.values else None
    if value and len(goals) == 1:
        value = value[0]
    failure = trial.failure
    return {
        "number": trial.number,
        "run_id": trial.run_id,
        "state": str(trial.state),
        "params": dict(trial.params),
        "value": value,
        "metrics": dict(trial.metrics),
        "attempts": trial.attempts,
        "failure": {"class": str(failure.kind), "message": failure.message} if failure else None,
        "started": trial.started,
        "ended": trial.ended,
    }


def region_shape(region: Region | None) -> dict[str, Any] | None:
    """Where in the space a cause of failures strikes, and how surely."""
    if region is None:
        return None
    conditions = [
        {"parameter": condition.name, "is": condition.sign, "value": condition.value} for condition in region.conditions
    ]
    counts = {"failed": region.failed, "total": region.total}
    others = {"others_failed": region.others_failed, "others": region.others}
    return {"conditions": conditions, **counts, **others, "p": region.p}
