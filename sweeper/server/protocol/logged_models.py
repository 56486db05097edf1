"""Models that runs log (MLflow 3): an id, files below it, params, values and tags of their own."""

from __future__ import annotations

import random
import re
import secrets
import time

from sweeper.server.context import Context
from sweeper.server.protocol import shapes
from sweeper.server.protocol.answers import Answer, message
from sweeper.server.protocol.errors import MISSING, Refused
from sweeper.server.protocol.experiments import number_of
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.limits import page
from sweeper.server.protocol.listing import ListedAs, select_and_order
from sweeper.server.protocol.names import random_name
from sweeper.server.protocol.paging import offset, token
from sweeper.server.protocol.shortened import param_value, tag_value
from sweeper.server.routing import Route, get, post
from sweeper.server.security.tokens import Role
from sweeper.store import tracking
from sweeper.store.tracking import LoggedModel

STATES = {"1": tracking.PENDING, "2": tracking.READY, "3": "LOGGED_MODEL_UPLOAD_FAILED"}
MOST, PAGE = 10_000, 50
_ID = re.compile(r"m-[0-9a-f]{32}")
_FORBIDDEN = re.compile(r"[/:.%\"']")

SEARCHED = ListedAs(
    "a logged model",
    texts={
        "name": lambda m: m.name,
        "model_id": lambda m: m.id,
        "model_type": lambda m: m.model_type,
        "source_run_id": lambda m: m.run_id,
        "status": lambda m: m.state.removeprefix("LOGGED_MODEL_"),
        "experiment_id": lambda m: str(m.experiment_id),
    },
    numbers={
        "creation_timestamp": lambda m: round(m.created * 1000),
        "last_updated_timestamp": lambda m: round(m.updated * 1000),
    },
    tags=lambda m: m.tags,
    params=lambda m: m.params,
    metrics=lambda m: {value.key: value.value for value in m.values},
    also={
        "creation_time": "creation_timestamp",
        "creation_timestamp_ms": "creation_timestamp",
        "last_updated_timestamp_ms": "last_updated_timestamp",
        "last_updated_time": "last_updated_timestamp",
    },
)


def create(ctx: Context, ask: Fields) -> Answer:
    name = ask.text("name") or random_name(random.SystemRandom())
    if _FORBIDDEN.search(name):
        raise Refused(
            f"Invalid model name ({name[:80]!r}) provided. Model name must be a non-empty string and cannot contain "
            "the following characters: ('/', ':', '.', '%', '\"', \"'\")"
        )
    now = time.time()
    model = LoggedModel(
        f"m-{secrets.token_hex(16)}",
        number_of(ask),
        name,
        ask.text("model_type"),
        ask.text("source_run_id") or None,
        created=now,
        updated=now,
        params=_params(ask),
        tags={key: tag_value(value) for key, value in ask.tags().items()},
    )
    ctx.store.change(lambda session: tracking.create_logged_model(session, model))
    return {"model": shapes.logged_model(_model(ctx, model.id))}


def log_params(ctx: Context, ask: Fields) -> Answer:
    model, params = _model(ctx, _id(ask)), _params(ask)
    ctx.store.change(lambda session: tracking.add_to_model(session, model.id, params=params))
    return {}


def finalize(ctx: Context, ask: Fields) -> Answer:
    model_id = _id(ask)
    asked = ask.text("status", required=True)
    state = STATES.get(asked, asked)
    if state not in tracking.STATES:
        raise Refused(f"Invalid model status: {asked[:80]}. Expected one of: {', '.join(tracking.STATES)}.")
    _model(ctx, model_id)
    ctx.store.change(lambda session: tracking.change_logged_model(session, model_id, time.time(), state=state))
    return {"model": shapes.logged_model(_model(ctx, model_id))}


def get_one(ctx: Context, ask: Fields) -> Answer:
    return {"model": shapes.logged_model(_model(ctx, _id(ask), deleted=ask.flag("allow_deleted")))}


def delete(ctx: Context, ask: Fields) -> Answer:
    """Delete softly; once more changes nothing."""
    model = _model(ctx, _id(ask), deleted=True)
    if not model.deleted:
        ctx.store.change(lambda session: tracking.change_logged_model(session, model.id, time.time(), deleted=True))
    return {}


def set_tags(ctx: Context, ask: Fields) -> Answer:
    model = _model(ctx, _id(ask))
    tags = {key: tag_value(value) for key, value in ask.tags().items()}
    ctx.store.change(lambda session: tracking.add_to_model(session, model.id, tags=tags))
    return {}


def delete_tag(ctx: Context, ask: Fields) -> Answer:
    model, key = _model(ctx, _id(ask)), ask.text("tag_key", required=True)
    if key not in model.tags:
        raise Refused(f"No tag with key {key!r} found for model with ID {model.id!r}.", MISSING)
    ctx.store.change(lambda session: tracking.untag_model(session, model.id, key))
    return {}


def search(ctx: Context, ask: Fields) -> Answer:
    experiments = [number_of(Fields({"experiment_id": text})) for text in ask.texts("experiment_ids")]
    if not experiments:
        return {}
    wanted, place = page(ask, PAGE, MOST), offset(ask)
    orders = [_order(item) for item in ask.items("order_by")]
    every = ctx.store.read(lambda session: tracking.logged_models(session, experiments))
    found = select_and_order(
        every, SEARCHED, ask.text("filter"), orders, default=("creation_timestamp DESC",), last="model_id ASC"
    )
    part = found[place : place + wanted]
    more = token(place + wanted) if place + wanted < len(found) else None
    return message(models=[shapes.logged_model(model) for model in part], next_page_token=more)


def _order(ask: Fields) -> str:
    name = ask.text("field_name", required=True)
    if "`" not in name and "." in name:
        entity, _, key = name.partition(".")
        name = f"{entity}.`{key}`"
    return f"{name} {'ASC' if ask.flag('ascending', True) else 'DESC'}"


def _params(ask: Fields) -> dict[str, str]:
    return {item.text("key", required=True): param_value(item.text("value")) for item in ask.items("params")}


def _id(ask: Fields) -> str:
    model_id = ask.text("model_id", required=True)
    if not _ID.fullmatch(model_id):
        raise Refused(f"Logged model with ID '{model_id[:80]}' not found.", MISSING)
    return model_id


def _model(ctx: Context, model_id: str, *, deleted: bool = False) -> LoggedModel:
    return ctx.store.read(lambda session: tracking.logged_model(session, model_id, deleted=deleted))


ROUTES: tuple[Route, ...] = (
    post("logged-models", create),
    post("logged-models/search", search, Role.READ),
    post("logged-models/{model_id}/params", log_params),
    get("logged-models/{model_id}", get_one),
    Route("PATCH", "logged-models/{model_id}", finalize, Role.WRITE),
    Route("DELETE", "logged-models/{model_id}", delete, Role.WRITE),
    Route("PATCH", "logged-models/{model_id}/tags", set_tags, Role.WRITE),
    Route("DELETE", "logged-models/{model_id}/tags/{tag_key}", delete_tag, Role.WRITE),
)
