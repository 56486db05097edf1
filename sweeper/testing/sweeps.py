"""Short ways to put sweeps, trials and runs into a store: what tests of stores and of their readers begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    PointsLogged,
    RunStarted,
    SweepCreated,
    TrialCreated,
)
from sweeper.interfaces import Store
from sweeper.records import (
    Failure,
    FailureClass,
    Fence,
    Goal,
    Holder,
    Point,
    Run,
    RunState,
    SweepRecord,
    SweepState,
    new_id,
)

START = 1_700_000_000.0  #: when the clock of these helpers begins

HOLDER = Holder("here", 4711, 12.5, "boot", "namespace")


def sweep_record(name: str = "digits", **changes: Any) -> SweepRecord:
    """Return a sweep that can be written: one goal, ``accuracy``, to be maximised."""
    record = SweepRecord(
        id=new_id(),
        name=name,
        state=SweepState.RUNNING,
        method="random",
        goals=(Goal("accuracy", "maximize"),),
        space={"depth": {"min": 1, "max": 9}},
        config={"name": name},
        created=START,
    )
    return replace(record, **changes)


def add_sweep(store: Store, name: str = "digits", **changes: Any) -> SweepRecord:
    """Write a sweep and return it."""
    record = sweep_record(name, **changes)
    store.write(SweepCreated(record, {}, {})).result()
    return record


def add_run(store: Store, parent: str | None = None, name: str = "prepare", **changes: Any) -> str:
    """Start a run outside sweeps or below another run; return its id."""
    run = replace(Run(new_id(), name, parent_id=parent, started=START), **changes)
    store.write(RunStarted(run)).result()
    return run.id


def started(sweep_id: str, run_id: str, number: int, params: Mapping[str, Any]) -> tuple[Event, ...]:
    """Return the events of a trial that runs."""
    at = START + number
    return (
        TrialCreated(sweep_id, run_id, number, dict(params), number, at),
        AttemptStarted(sweep_id, run_id, 1, "slot 0", at + 0.1),
    )


def completed(sweep_id: str, run_id: str, number: int, value: float, metric: str = "accuracy") -> tuple[Event, ...]:
    """Return the events of a trial that ends with a value."""
    at = START + number + 0.5
    return (
        PointsLogged(run_id, (Point(metric, value, 0, at),), 1),
        AttemptEnded(sweep_id, run_id, 1, at, RunState.COMPLETE, at - 0.3, (value,), {metric: value}, output="done\n"),
    )


def add_trial(
    store: Store,
    sweep: SweepRecord,
    number: int,
    params: Mapping[str, Any] | None = None,
    value: float | None = None,
    fence: Fence | None = None,
) -> str:
    """Write a trial that is complete with ``value``, or without one still running; return its run id."""
    run_id = new_id()
    events = started(sweep.id, run_id, number, params or {"depth": number})
    if value is not None:
        events += completed(sweep.id, run_id, number, value, sweep.goals[0].name)
    store.write(*events, fence=fence).result()
    return run_id


def failed(sweep_id: str, run_id: str, attempt: int = 1, *, ends: bool = True) -> AttemptEnded:
    """Return the end of an attempt by an exception; without ``ends`` the trial waits for another attempt."""
    failure = Failure(FailureClass.EXCEPTION, "ValueError: no", "Traceback ...\nValueError: no")
    state = RunState.FAILED if ends else None
    return AttemptEnded(sweep_id, run_id, attempt, START + 90 + attempt, state, failure=failure, output="last words\n")
