"""What a batch has to look at before its events can be applied: one set of ids for each query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    ControlWanted,
    Event,
    ParamsLogged,
    PointsLogged,
    RunEnded,
    RunStarted,
    RunUpdated,
    StreamApplied,
    SweepChanged,
    SweepCreated,
    SweepProgress,
    SweepRevised,
    TagsDeleted,
    TagsSet,
    TrialCreated,
    TrialEnded,
)

PARENT = "mlflow.parentRunId"  #: a tag of MLflow that is a column here, as is the next
NAME = "mlflow.runName"


class Touched:
    """Ids of sweeps and runs; of runs whose params or latest metrics count; of runs that end with all below."""

    __slots__ = ("below", "metrics", "params", "runs", "sweeps")

    def __init__(self) -> None:
        self.sweeps: set[str] = set()
        self.runs: set[str] = set()
        self.params: set[str] = set()
        self.metrics: set[str] = set()
        self.below: set[str] = set()


def touched_by(events: Iterable[Event]) -> Touched:
    """Return what events touch; those of unknown kinds touch nothing."""
    touched = Touched()
    for event in events:
        if (look := _LOOKS.get(type(event))) is not None:
            look(touched, event)
    return touched


def _trial(touched: Touched, event: Any) -> None:
    touched.sweeps.add(event.sweep_id)
    touched.runs.add(event.run_id)


def _trial_end(touched: Touched, event: Any) -> None:
    touched.sweeps.add(event.sweep_id)
    touched.runs.add(event.run_id)
    touched.below.add(event.run_id)


def _points(touched: Touched, event: Any) -> None:
    touched.runs.add(event.run_id)
    touched.metrics.add(event.run_id)


def _params(touched: Touched, event: Any) -> None:
    touched.runs.add(event.run_id)
    touched.params.add(event.run_id)


def _run(touched: Touched, event: Any) -> None:
    touched.runs.add(event.run_id)


def _tags(touched: Touched, event: TagsSet) -> None:
    touched.runs.add(event.run_id)
    if parent := event.tags.get(PARENT):
        touched.runs.add(parent)


def _run_end(touched: Touched, event: Any) -> None:
    touched.runs.add(event.run_id)
    touched.below.add(event.run_id)


def _new_run(touched: Touched, event: RunStarted) -> None:
    touched.runs.add(event.run.id)
    if parent := event.run.parent_id or event.run.tags.get(PARENT):
        touched.runs.add(parent)


def _sweep(touched: Touched, event: Any) -> None:
    touched.sweeps.add(event.sweep_id)


def _sweep_and_run(touched: Touched, event: SweepChanged) -> None:
    touched.sweeps.add(event.sweep_id)
    touched.runs.add(event.sweep_id)


def _new_sweep(touched: Touched, event: SweepCreated) -> None:
    touched.sweeps.add(event.sweep.id)


_LOOKS: dict[type, Callable[[Touched, Any], None]] = {
    TrialCreated: _trial,
    AttemptStarted: _trial,
    StreamApplied: _trial,
    AttemptEnded: _trial_end,
    TrialEnded: _trial_end,
    PointsLogged: _points,
    ParamsLogged: _params,
    TagsSet: _tags,
    TagsDeleted: _run,
    RunEnded: _run_end,
    RunUpdated: _run,
    RunStarted: _new_run,
    SweepProgress: _sweep,
    ControlWanted: _sweep,
    SweepChanged: _sweep_and_run,
    SweepRevised: _sweep_and_run,
    SweepCreated: _new_sweep,
}
