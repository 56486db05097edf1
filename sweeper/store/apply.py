"""What each event does to the rows. Applying one again changes nothing; a terminal state is written once."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from sweeper.errors import LeaseHeld, LeaseLost, UsageError
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
from sweeper.records import Failure, FailureClass, Fence, RunState, SweepRecord, SweepState
from sweeper.store import floats, model_apply
from sweeper.store.batch import Batch, RunRow, SweepRow
from sweeper.store.experiments import find_or_create
from sweeper.store.names import (
    check_key,
    check_name,
    check_text,
    metric_value,
    param_number,
    param_text,
    params_json,
    plain_metrics,
    step_value,
    tag_value,
    text_number,
    time_value,
    to_json,
    whole,
)
from sweeper.store.touched import NAME, PARENT

OWNED = frozenset(
    (
        TrialCreated, AttemptStarted, AttemptEnded, TrialEnded, StreamApplied,
        SweepChanged, SweepRevised, SweepProgress,
    )
)  # fmt: skip
CLIENT_STATUS = "sweeper.client_status"  #: tag of a trial: what a client inside it wanted to end it as
WISHES = ("pause", "resume", "stop", "cancel")


def apply(batch: Batch, event: Event) -> None:
    """Change the batch by one event. Raises UsageError for one that breaks a rule."""
    if (handler := _HANDLERS.get(type(event))) is not None:
        handler(batch, event)
    elif (of_models := model_apply.HANDLERS.get(type(event))) is not None:
        of_models(batch.session, event)
    else:
        raise UsageError(f"{type(event).__name__} is not an event")


def check_fence(batch: Batch, events: tuple[Event, ...], fence: Fence | None) -> None:
    """A sweep that a controller owns changes only under that controller's fence."""
    if fence is not None and batch.sweep(fence.sweep_id).fence != fence.token:
        raise LeaseLost(f"another controller took over sweep {fence.sweep_id}: nothing more is written for it")
    for event in events:
        if type(event) in OWNED and (fence is None or fence.sweep_id != _sweep_id(event)):
            sweep = batch.sweeps.get(_sweep_id(event))
            if sweep is not None and sweep.holder is not None and sweep.left is not None and sweep.left > 0:
                raise LeaseHeld(f"sweep {sweep.name!r} ({sweep.id}) is running: only its controller may change it")


def _sweep_id(event: Any) -> str:
    sweep_id: str = event.sweep_id
    return sweep_id


def _run_started(batch: Batch, event: RunStarted) -> None:
    run = event.run
    if run.id in batch.runs:
        return
    parent = batch.run(run.parent_id) if run.parent_id else None
    experiment = int(run.experiment_id) if run.experiment_id else parent.experiment_id if parent else 0
    row = RunRow(run.id, "run", run.parent_id, None, experiment)
    row.name = check_name(run.name, "run name")
    row.state = str(RunState(run.state))
    row.started = None if run.started is None else time_value("run", run.started)
    row.created = row.started or 0.0
    row.ended = None if run.ended is None else time_value("run", run.ended)
    row.user_id = check_name(run.user, "user")
    row.artifact_uri = run.artifact_uri or f"{batch.artifact_root}/{run.id}"
    batch.add(row)
    _set_tags(batch, row, run.tags)
    _log_params(batch, row, run.params)
    for key, value in run.metrics.items():
        _measure(batch, row, key, metric_value(key, value), 0, row.started or 0.0, 0)


def _run_ended(batch: Batch, event: RunEnded) -> None:
    run = batch.run(event.run_id)
    if run.kind != "run":
        raise UsageError(f"run {run.id} is a {run.kind}: only its controller ends it")
    if not event.state.ended:
        raise UsageError(f"run {run.id}: {str(event.state)!r} is not a state in which a run has ended")
    if run.open:
        _end(batch, run, str(event.state), time_value("run", event.time))


def _run_updated(batch: Batch, event: RunUpdated) -> None:
    run, time = batch.there(event.run_id), time_value("run", event.time)
    if run.kind != "run":
        if event.state is not None:
            batch.tags[run.id, CLIENT_STATUS] = str(event.state)
        return
    if event.name is not None:
        run.name, run.renamed = check_name(event.name, "run name"), True
    if event.ended is not None:
        run.ended, run.changed = time_value("run", event.ended), True
    if event.state is not None:
        run.state, run.changed = str(event.state), True
        if event.state.ended and run.ended is None:
            run.ended = time


def _end(batch: Batch, run: RunRow, state: str, time: float) -> None:
    """End a run and every open run below it."""
    if run.open:
        run.state, run.ended, run.changed = state, time, True
    _end_below(batch, run.id, state, time)


def _end_below(batch: Batch, run_id: str, state: str, time: float) -> None:
    for child in batch.children.get(run_id, ()):
        if child.kind == "run":
            _end(batch, child, state, time)


def _params_logged(batch: Batch, event: ParamsLogged) -> None:
    _log_params(batch, batch.there(event.run_id), event.params)


def _log_params(batch: Batch, run: RunRow, params: Mapping[str, str]) -> None:
    known = batch.params.setdefault(run.id, {})
    for key, value in params.items():
        text = param_text(check_key(key, "param"), value)
        if key not in known:
            batch.add_param(run.id, key, text, text_number(text))
        elif known[key] != text:
            raise UsageError(
                f"param {key!r} of run {run.id} is already {known[key]!r} and cannot become {text!r}: "
                "a parameter keeps its first value"
            )


def _points_logged(batch: Batch, event: PointsLogged) -> None:
    run = batch.there(event.run_id)
    attempt = event.attempt or (run.attempts if run.kind == "trial" else 0)  # a client knows nothing of attempts
    points = event.points
    if attempt > 1 or (attempt and attempt < run.attempts):
        batch.write_points()
        points = _settle_attempts(batch, run, event, attempt)
    for point in points:
        step = point.step if type(point.step) is int else step_value(point.key, point.step)
        value = point.value if type(point.value) is float else metric_value(point.key, point.value)
        _measure(batch, run, point.key, value, step, point.time, attempt)


def _measure(batch: Batch, run: RunRow, key: str, value: float, step: int, time: float, attempt: int) -> None:
    check_key(key, "metric")
    if not -floats.LARGEST <= time <= floats.LARGEST or not -(2**63) <= step < 2**63:
        step, time = step_value(key, step), time_value(f"metric {key!r}", time)
    kind, number = floats.split(value)
    batch.new_points += (run.id, key, time, step, kind, number, attempt)
    at, mark = (run.id, key), (step, time, number, kind)
    latest = batch.latest.get(at)
    if latest is None or mark > latest:
        batch.latest[at] = batch.new_metrics[at] = mark


def _settle_attempts(batch: Batch, run: RunRow, event: PointsLogged, attempt: int) -> tuple[Any, ...]:
    """A later attempt's points replace the earlier ones from its first step on, whichever arrives first."""
    firsts: dict[str, int] = {}
    for point in event.points:
        firsts[point.key] = min(point.step, firsts.get(point.key, point.step))
    limits: dict[str, float] = {}
    for key, first in firsts.items():
        batch.session.run("delete_points", run.id, key, attempt, first)
        later = batch.session.rows("first_step_after", run.id, key, attempt)[0][0]
        limits[key] = math.inf if later is None else later
        batch.remeasured.add((run.id, key))
    return tuple(point for point in event.points if point.step < limits[point.key])


def _tags_set(batch: Batch, event: TagsSet) -> None:
    _set_tags(batch, batch.there(event.run_id), event.tags)


def _set_tags(batch: Batch, run: RunRow, tags: Mapping[str, str]) -> None:
    for key, value in tags.items():
        text = tag_value(check_key(key, "tag"), value)
        if run.kind == "run" and key == NAME:
            run.name, run.renamed = check_name(value, "run name"), True
        elif run.kind != "run" or key != PARENT or not batch.move(run, text):
            batch.tags[run.id, key] = text


def _tags_deleted(batch: Batch, event: TagsDeleted) -> None:
    batch.there(event.run_id)
    for key in event.keys:
        batch.tags[event.run_id, key] = None


def _sweep_created(batch: Batch, event: SweepCreated) -> None:
    sweep = event.sweep
    if sweep.id in batch.sweeps:
        return
    experiment = _experiment(batch, sweep)
    uri = sweep.artifact_uri or f"{batch.artifact_root}/{sweep.id}"
    goals = [[goal.name, goal.direction, goal.target] for goal in sweep.goals]
    batch.new_sweeps += (
        sweep.id, check_name(sweep.name, "sweep name"), time_value("sweep", sweep.created), experiment,
        check_name(sweep.method, "method"), to_json(goals, "metrics"), to_json(sweep.space, "parameters"),
        to_json(sweep.config, "config"), check_text(sweep.source, "the sweep file"), whole(sweep.seed, "seed"), uri,
    )  # fmt: skip
    batch.new_status += _new_status(sweep)
    batch.sweeps[sweep.id] = made = SweepRow(sweep.id, sweep.name, experiment, sweep.goals)
    batch.facts[sweep.id] = (sweep.name, experiment, sweep.goals)
    made.state, made.trials, made.started = str(sweep.state), sweep.trials, sweep.started
    made.ended, made.reason = sweep.ended, sweep.reason
    run = RunRow(sweep.id, "sweep", None, None, experiment)
    run.name, run.state, run.created, run.started = sweep.name, str(sweep.state), sweep.created, sweep.started
    run.ended, run.artifact_uri = sweep.ended, uri
    run.user_id = check_name(event.tags.get("mlflow.user", ""), "user")
    batch.add(run)
    _set_tags(batch, run, {**sweep.tags, **event.tags})
    _log_params(batch, run, event.params)


def _experiment(batch: Batch, sweep: SweepRecord) -> int:
    if sweep.experiment_id:
        return int(sweep.experiment_id)
    return find_or_create(batch.session, sweep.experiment, sweep.created)


def _new_status(sweep: SweepRecord) -> tuple[Any, ...]:
    return (
        sweep.id, str(sweep.state), check_text(sweep.reason, "reason"), sweep.trials, sweep.started, sweep.ended,
        0, 0, 0, 0, 0, 0, None, sweep.seconds, 0, None, None,
    )  # fmt: skip


def _sweep_changed(batch: Batch, event: SweepChanged) -> None:
    sweep = batch.sweep(event.sweep_id)
    time = time_value("sweep", event.time)
    if event.trials is not None:
        sweep.trials = event.trials
    if event.reason is not None:
        sweep.reason = check_text(event.reason, "reason")
    if event.state is not None:
        sweep.state = str(event.state)
        if sweep.started is None and event.state is SweepState.RUNNING:
            sweep.started = time
        sweep.ended = time if event.state.ended else None
        run = batch.run(sweep.id)
        run.state, run.started, run.ended, run.changed = sweep.state, sweep.started, sweep.ended, True
    sweep.changed = True


def _sweep_revised(batch: Batch, event: SweepRevised) -> None:
    sweep = batch.sweep(event.sweep_id)
    batch.revised[sweep.id] = (
        to_json(event.space, "parameters"), to_json(event.config, "config"), check_text(event.source, "the sweep file"),
    )  # fmt: skip
    key = f"sweeper.revision.{whole(event.revision, 'revision')}"
    batch.tags[sweep.id, key] = tag_value(key, event.note)


def _sweep_progress(batch: Batch, event: SweepProgress) -> None:
    """Counts and best follow from the trials themselves, in the transaction that changes them; time is told."""
    sweep = batch.sweep(event.sweep_id)
    if event.seconds > sweep.seconds:
        sweep.seconds, sweep.changed = time_value("seconds", event.seconds), True


def _trial_created(batch: Batch, event: TrialCreated) -> None:
    sweep = batch.sweep(event.sweep_id)
    known = batch.runs.get(event.run_id)
    if known is not None:
        if known.parent_id != event.sweep_id or known.number != event.number:
            raise UsageError(f"run {event.run_id} exists already and is not trial {event.number} of {sweep.name!r}")
        return
    number = whole(event.number, "trial number", 32)
    run = RunRow(event.run_id, "trial", event.sweep_id, number, sweep.experiment_id)
    run.name = f"{sweep.name}-{event.number}"
    run.state, run.seed, run.created = "queued", whole(event.seed, "seed"), time_value("trial", event.time)
    run.params = params_json(event.params, f"parameters of trial {number}")
    batch.add(run)
    sweep.counted(None, "queued")
    for key, value in event.params.items():
        batch.add_param(run.id, check_key(key, "param"), param_text(key, value), param_number(value))


def _attempt_started(batch: Batch, event: AttemptStarted) -> None:
    sweep, run = batch.sweep(event.sweep_id), batch.run(event.run_id)
    if not run.open or event.attempt <= run.attempts:
        return
    if run.state == "running":
        lost = _failure(Failure(FailureClass.LOST, "another attempt started before this one was seen to end"))
        batch.new_attempts += (run.id, run.attempts, run.worker, run.started, None, "failed", lost, "", None, 0)
    sweep.counted(run.state, "running")
    run.state, run.attempts, run.changed = "running", event.attempt, True
    run.worker = check_name(event.worker, "worker")
    run.started, run.applied = time_value("attempt", event.time), 0


def _stream_applied(batch: Batch, event: StreamApplied) -> None:
    batch.sweep(event.sweep_id)
    run = batch.run(event.run_id)
    if run.open and event.attempt == run.attempts and event.applied > run.applied:
        run.applied, run.changed = event.applied, True


def _attempt_ended(batch: Batch, event: AttemptEnded) -> None:
    sweep, run = batch.sweep(event.sweep_id), batch.run(event.run_id)
    time = time_value("attempt", event.time)
    failure = None if event.failure is None else _failure(event.failure)
    state = "failed" if event.state is None else str(event.state)
    current = run.open and event.attempt >= run.attempts and (run.state, run.attempts) != ("queued", event.attempt)
    started = event.started if event.started is not None else run.started if current else None
    batch.new_attempts += (
        run.id, event.attempt, run.worker if current else "", started, time, state, failure,
        check_text(event.output, "output"), event.peak_memory, whole(event.applied, "applied"),
    )  # fmt: skip
    if not current:
        return
    if event.state is not None and not event.state.ended:
        raise UsageError(f"trial {run.number} of {sweep.name!r}: {state!r} is not a state in which a trial has ended")
    after = "queued" if event.state is None else state
    sweep.counted(run.state, after)
    run.state, run.attempts, run.changed = after, event.attempt, True
    run.started = started
    if event.state is not None:
        run.ended, run.failure = time, failure
        run.goal_values = None if event.values is None else to_json([float(v) for v in event.values], "values")
        run.metrics = plain_metrics(event.metrics)
        if after == "complete":
            _better(sweep, run, event)
    _end_below(batch, run.id, "failed" if event.state is None else state, time)


def _trial_ended(batch: Batch, event: TrialEnded) -> None:
    sweep, run = batch.sweep(event.sweep_id), batch.run(event.run_id)
    if not run.open:
        return
    if not event.state.ended or event.state is RunState.COMPLETE:
        raise UsageError(f"trial {run.number} of {sweep.name!r} cannot end as {event.state.value!r} without a result")
    sweep.counted(run.state, event.state.value)
    run.state, run.ended, run.changed = event.state.value, time_value("trial", event.time), True
    run.failure = None if event.failure is None else _failure(event.failure)
    _end_below(batch, run.id, run.state, event.time)


def _better(sweep: SweepRow, run: RunRow, event: AttemptEnded) -> None:
    """Keep the best trial of a sweep with one goal; of equal ones the lower number."""
    if len(sweep.goals) != 1 or not event.values or math.isnan(event.values[0]) or run.number is None:
        return
    value = float(event.values[0])
    if sweep.best_so_far is not None:
        number, best = sweep.best_so_far
        if sweep.goals[0].better(best, value) or (best == value and number <= run.number):
            return
    sweep.best_so_far = (run.number, value)
    sweep.best = f"[{run.number},{json.dumps(run.id)},{json.dumps(value)},{run.params}]"


def _failure(failure: Failure) -> str:
    for text in (failure.message, failure.traceback):
        check_text(text, "failure")
    return to_json(
        [str(failure.kind), failure.message, failure.traceback, failure.exit_code, failure.signal], "failure"
    )


def _control_wanted(batch: Batch, event: ControlWanted) -> None:
    batch.sweep(event.sweep_id)
    if event.wanted not in WISHES:
        raise UsageError(f"a sweep cannot be asked to {event.wanted!r}; choose from: {', '.join(WISHES)}")
    by = check_name(event.by, "who wants it")
    batch.new_control[event.sweep_id] = (event.wanted, by, time_value("control", event.time))


_HANDLERS: dict[type, Callable[[Batch, Any], None]] = {
    RunStarted: _run_started,
    RunEnded: _run_ended,
    RunUpdated: _run_updated,
    ParamsLogged: _params_logged,
    PointsLogged: _points_logged,
    TagsSet: _tags_set,
    TagsDeleted: _tags_deleted,
    SweepCreated: _sweep_created,
    SweepChanged: _sweep_changed,
    SweepRevised: _sweep_revised,
    SweepProgress: _sweep_progress,
    TrialCreated: _trial_created,
    AttemptStarted: _attempt_started,
    AttemptEnded: _attempt_ended,
    TrialEnded: _trial_ended,
    StreamApplied: _stream_applied,
    ControlWanted: _control_wanted,
}
