"""Runs: begin, log, end, delete, find. Whatever is answered is committed."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Mapping

from sweeper.errors import NotFound, UsageError
from sweeper.events import Event, ParamsLogged, PointsLogged, RunStarted, RunUpdated, TagsDeleted, TagsSet
from sweeper.records import Point, Run, RunState, new_id
from sweeper.server.context import Context
from sweeper.server.protocol import shapes
from sweeper.server.protocol.answers import Answer
from sweeper.server.protocol.errors import MISSING, Refused
from sweeper.server.protocol.experiments import number_of
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.limits import check_batch
from sweeper.server.protocol.names import random_name
from sweeper.server.protocol.shortened import param_value, tag_value
from sweeper.server.routing import Route, get, post
from sweeper.store import tracking
from sweeper.store.sql import Session

STATES = {
    "RUNNING": RunState.RUNNING, "SCHEDULED": RunState.QUEUED, "FINISHED": RunState.COMPLETE,
    "FAILED": RunState.FAILED, "KILLED": RunState.CANCELLED,
    "1": RunState.RUNNING, "2": RunState.QUEUED, "3": RunState.COMPLETE, "4": RunState.FAILED, "5": RunState.CANCELLED,
}  # fmt: skip
_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,35}")


def run_id_of(ask: Fields) -> str:
    """Return the id of a run; old clients call it ``run_uuid``."""
    run_id = ask.text("run_id") or ask.text("run_uuid") or ask.text("run_id", required=True)
    if not _ID.fullmatch(run_id):
        raise Refused(f"Run with id={run_id[:80]} not found", MISSING)
    return run_id


def create(ctx: Context, ask: Fields) -> Answer:
    experiment = number_of(ask) if ask.text("experiment_id") else 0
    tags = {key: tag_value(value) for key, value in ask.tags().items()}
    name, tagged = ask.text("run_name"), tags.pop(shapes.NAME, "")
    if name and tagged and name != tagged:
        raise Refused(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{name}', mlflow.runName='{tagged}')."
        )
    started = ask.whole("start_time")
    run = Run(
        new_id(),
        name or tagged or random_name(random.SystemRandom()),
        experiment_id=str(experiment),
        started=time.time() if started is None else started / 1000,
        user=ask.text("user_id") or tags.get(shapes.USER, ""),
        tags=tags,
    )
    known = ctx.store.read(lambda session: tracking.experiment(session, experiment))
    if known.deleted:
        raise Refused(f"The experiment {experiment} must be in the 'active' state. Current state is deleted.")
    ctx.store.write(RunStarted(run)).result()
    return {"run": _whole(ctx, run.id)}


def get_one(ctx: Context, ask: Fields) -> Answer:
    return {"run": _whole(ctx, run_id_of(ask))}


def update(ctx: Context, ask: Fields) -> Answer:
    run_id, ended = run_id_of(ask), ask.whole("end_time")
    state = STATES.get(ask.text("status"))
    name = ask.text("run_name") or None
    seconds = None if ended is None else ended / 1000
    _write(ctx, run_id, RunUpdated(run_id, time.time(), state, seconds, name))
    found = ctx.store.run(run_id)
    return {"run_info": shapes.run_info(found, ctx.store.artifacts)}


def delete(ctx: Context, ask: Fields) -> Answer:
    run_id = run_id_of(ask)
    ctx.store.change(lambda session: tracking.mark_run(session, run_id, True))
    return {}


def restore(ctx: Context, ask: Fields) -> Answer:
    run_id = run_id_of(ask)
    ctx.store.change(lambda session: tracking.mark_run(session, run_id, False))
    return {}


def log_metric(ctx: Context, ask: Fields) -> Answer:
    run_id, point = run_id_of(ask), _point(ask)
    _write(ctx, run_id, PointsLogged(run_id, (point,)))
    _on_models(ctx, [(ask.text("model_id"), point)])
    return {}


def log_parameter(ctx: Context, ask: Fields) -> Answer:
    run_id, key = run_id_of(ask), ask.text("key", required=True)
    _write(ctx, run_id, ParamsLogged(run_id, {key: param_value(ask.text("value"))}))
    return {}


def set_tag(ctx: Context, ask: Fields) -> Answer:
    run_id, key = run_id_of(ask), ask.text("key", required=True)
    _write(ctx, run_id, TagsSet(run_id, {key: tag_value(ask.text("value"))}))
    return {}


def delete_tag(ctx: Context, ask: Fields) -> Answer:
    run_id, key = run_id_of(ask), ask.text("key", required=True)
    if key not in shapes.tags(active_run(ctx, run_id)):
        raise Refused(f"No tag with name: {key} in run with id {run_id}", MISSING)
    _write(ctx, run_id, TagsDeleted(run_id, (key,)))
    return {}


def log_batch(ctx: Context, ask: Fields) -> Answer:
    """One transaction: a batch that is refused leaves nothing behind."""
    run_id = run_id_of(ask)
    metrics, params, tags = ask.items("metrics"), ask.items("params"), ask.items("tags")
    check_batch(len(metrics), len(params), len(tags))
    events: list[Event] = []
    if params:
        events.append(ParamsLogged(run_id, _params(params)))
    points = [(item.text("model_id"), _point(item)) for item in metrics]
    if points:
        events.append(PointsLogged(run_id, tuple(point for _, point in points)))
    if tags:
        given = {item.text("key", required=True): item.text("value") for item in tags}
        events.append(TagsSet(run_id, {key: tag_value(value) for key, value in given.items()}))
    if events:
        _write(ctx, run_id, *events)
    else:
        _run(ctx, run_id)
    _on_models(ctx, points)
    return {}


def log_model(ctx: Context, ask: Fields) -> Answer:
    """The way of MLflow 2: what was logged is added to a tag of the run."""
    run_id, text = run_id_of(ask), ask.text("model_json", required=True)
    tag = "mlflow.log-model.history"
    try:
        made, history = json.loads(text), json.loads(_run(ctx, run_id).tags.get(tag, "[]"))
    except ValueError:
        raise Refused(f"Malformed model info. \n {text[:200]} \n is not a valid JSON.") from None
    _write(ctx, run_id, TagsSet(run_id, {tag: tag_value(json.dumps([*history, made]))}))
    return {}


def _whole(ctx: Context, run_id: str) -> Answer:
    return shapes.run(_tracked(ctx, run_id), ctx.store.artifacts)


def active_run(ctx: Context, run_id: str) -> Run:
    """Return a run that can be logged to. Raises Refused for one that is deleted."""
    found = _run(ctx, run_id)
    if found.deleted:
        raise Refused(f"The run {run_id} must be in the 'active' state. Current state is deleted.")
    return found


def _run(ctx: Context, run_id: str) -> Run:
    return _tracked(ctx, run_id).run


def _tracked(ctx: Context, run_id: str) -> tracking.Tracked:
    """Return a run. A trial may ask for its own before what begins it is committed: then it is waited for."""
    for wait in (False, True):
        if wait:
            ctx.store.change(lambda session: None)
        if found := ctx.store.read(lambda session: tracking.tracked(session, [run_id])):
            return found[0]
    raise Refused(f"Run with id={run_id} not found", MISSING)


def _params(items: list[Fields]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        key = item.text("key", required=True)
        if key in found:
            raise Refused(f"Duplicate parameter keys have been submitted: {key}")
        found[key] = param_value(item.text("value"))
    return found


def _point(ask: Fields) -> Point:
    key, value = ask.text("key", required=True), ask.number("value")
    stamp = ask.whole("timestamp")
    if value is None or stamp is None:
        raise Refused(f"Missing value for required parameter '{ask.at('value' if value is None else 'timestamp')}'.")
    if stamp < 0:
        raise Refused(f"Invalid value {stamp} for parameter '{ask.at('timestamp')}' supplied: it is below 0.")
    return Point(key, value, ask.whole("step", 0) or 0, stamp / 1000)


def _on_models(ctx: Context, points: list[tuple[str, Point]]) -> None:
    """Values that say of which model they are stand with the model, too."""
    of_models = [(model, point) for model, point in points if model]
    if not of_models:
        return

    def job(session: Session) -> None:
        for model, point in of_models:
            tracking.logged_model(session, model)
            value = tracking.Value(point.key, point.value, point.step, point.time)
            tracking.add_to_model(session, model, values=[value])

    ctx.store.change(job)


def _write(ctx: Context, run_id: str, *events: Event) -> None:
    try:
        ctx.store.write(*events).result()
    except NotFound:
        raise Refused(f"Run with id={run_id} not found", MISSING) from None
    except UsageError:
        for event in events:
            if isinstance(event, ParamsLogged):
                _explain_params(ctx, run_id, event.params)
        raise


def _explain_params(ctx: Context, run_id: str, params: Mapping[str, str]) -> None:
    """Raise in MLflow's words for a param that would change: its client looks for them."""
    known = _run(ctx, run_id).params
    for key, value in params.items():
        if known.get(key, value) != value:
            raise Refused(
                f"Changing param values is not allowed. Param with key='{key}' was already logged with "
                f"value='{known[key]}' for run ID='{run_id}'. Attempted logging new value '{value}'."
            )


ROUTES: tuple[Route, ...] = (
    post("runs/create", create),
    get("runs/get", get_one),
    post("runs/update", update),
    post("runs/delete", delete),
    post("runs/restore", restore),
    post("runs/log-metric", log_metric),
    post("runs/log-parameter", log_parameter),
    post("runs/set-tag", set_tag),
    post("runs/delete-tag", delete_tag),
    post("runs/log-batch", log_batch),
    post("runs/log-model", log_model),
)
