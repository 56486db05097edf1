"""Runs of MLflow as sweeps: a parent run and its children, or all flat runs of an experiment, with a metric as goal.

So ranges, importance, comparisons and warm starts look at them as at any past sweep. Params become values again where
their text is a number, true or false. Such a sweep has no declared space: what was tried is all that is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    PointsLogged,
    SweepChanged,
    SweepCreated,
    SweepProgress,
    TagsSet,
    TrialCreated,
)
from sweeper.exchange.found import NAME, PARENT, STATES, TOGETHER, Found
from sweeper.records import Failure, FailureClass, Goal, RunState, SweepRecord, SweepState

METHOD = "imported"  #: of sweeps that were run elsewhere
FEWEST = 2  #: runs with the metric that make a sweep


def sweeps_of(
    runs: Sequence[Found], goal: Goal, experiment: str, experiment_id: str
) -> Iterator[tuple[SweepRecord, list[Found]]]:
    """Yield the sweeps among the runs of an experiment, each with its trials in the order they began."""
    ids = {run.id for run in runs}
    children: dict[str, list[Found]] = {}
    flat = []
    for run in runs:
        above = run.tags.get(PARENT, "")
        if above in ids:
            children.setdefault(above, []).append(run)
        else:
            flat.append(run)
    for parent in flat:
        trials = _measured(children.get(parent.id, ()), goal)
        if len(trials) >= FEWEST:
            yield _record(parent.id, parent.name, trials, goal, experiment, experiment_id, parent.tags), trials
    alone = _measured([run for run in flat if run.id not in children], goal)
    if len(alone) >= FEWEST:
        made = hashlib.sha256(f"{experiment}:{min(run.id for run in alone)}".encode()).hexdigest()[:32]
        yield _record(made, experiment, alone, goal, experiment, experiment_id, {}), alone


def events_of(sweep: SweepRecord, trials: Sequence[Found]) -> Iterator[tuple[Event, ...]]:
    """Yield what writes a sweep and its trials; writing it again changes nothing."""
    yield (SweepCreated(sweep, {"sweeper.kind": METHOD}, {}),)
    for number, run in enumerate(trials):
        started = run.started or 0.0
        tags = {key: value for key, value in run.tags.items() if key not in (PARENT, NAME)}
        begun = TrialCreated(sweep.id, run.id, number, values_of(run.params), 0, started)
        yield begun, AttemptStarted(sweep.id, run.id, 1, "", started), TagsSet(run.id, tags)
        for start in range(0, len(run.points), TOGETHER):
            yield (PointsLogged(run.id, tuple(run.points[start : start + TOGETHER]), 1),)
        yield (_ended(sweep, run),)
    now = sweep.ended or sweep.created
    yield SweepProgress(sweep.id, {}, None, now - sweep.created), SweepChanged(sweep.id, now, SweepState.FINISHED)


def values_of(params: Mapping[str, str]) -> dict[str, Any]:
    """Return params as values: numbers, true, false and null where the text is one, else the text."""
    return {name: _value(text) for name, text in params.items()}


def _value(text: str) -> Any:
    words = {"True": True, "False": False, "None": None}
    if text in words:
        return words[text]
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, int | float | bool) and abs(found) < 1e300 else text


def _measured(runs: Sequence[Found], goal: Goal) -> list[Found]:
    known = [run for run in runs if any(point.key == goal.name for point in run.points) or run.status == "FAILED"]
    if not any(run.status != "FAILED" for run in known):
        return []
    return sorted(known, key=lambda run: (run.started or 0.0, run.id))


def _record(
    sweep_id: str,
    name: str,
    trials: Sequence[Found],
    goal: Goal,
    experiment: str,
    experiment_id: str,
    tags: Mapping[str, str],
) -> SweepRecord:
    began = min(run.started or 0.0 for run in trials)
    return SweepRecord(
        id=sweep_id,
        name=name,
        state=SweepState.FINISHED,
        method=METHOD,
        goals=(goal,),
        space={},
        config={
            "name": name,
            "method": METHOD,
            "experiment": experiment,
            "metric": {"name": goal.name, "goal": goal.direction},
        },
        trials=len(trials),
        experiment_id=experiment_id,
        experiment=experiment,
        created=began,
        started=began,
        ended=max(run.ended or run.started or 0.0 for run in trials),
        tags={key: value for key, value in tags.items() if not key.startswith("mlflow.")},
    )


def _ended(sweep: SweepRecord, run: Found) -> AttemptEnded:
    state = STATES.get(run.status, RunState.CANCELLED)
    latest = {point.key: point for point in sorted(run.points, key=lambda point: (point.step, point.time))}
    goal = latest.get(sweep.goals[0].name)
    if state is RunState.COMPLETE and goal is None:
        state = RunState.FAILED
    if not state.ended:
        state = RunState.CANCELLED
    failure = None
    if state is RunState.FAILED:
        failure = Failure(FailureClass.EXCEPTION, "it failed where it was run; MLflow keeps no reason")
    return AttemptEnded(
        sweep.id,
        run.id,
        1,
        run.ended or run.started or 0.0,
        state,
        started=run.started,
        values=(goal.value,) if goal is not None and state is RunState.COMPLETE else None,
        metrics={key: point.value for key, point in latest.items()},
        failure=failure,
    )
