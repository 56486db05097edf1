"""Experiments: make, find, rename, delete, restore, tag."""

from __future__ import annotations

import time

from sweeper.errors import NotFound
from sweeper.server.context import Context
from sweeper.server.protocol import shapes
from sweeper.server.protocol.answers import Answer, message
from sweeper.server.protocol.errors import EXISTS, MISSING, Refused
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.limits import EXPERIMENTS_PAGE, page
from sweeper.server.protocol.listing import ListedAs, select_and_order
from sweeper.server.protocol.paging import offset, token
from sweeper.server.routing import Route, get, post
from sweeper.server.security.tokens import Role
from sweeper.store import tracking
from sweeper.store.sql import Session
from sweeper.store.tracking import Experiment

SEARCHED = ListedAs(
    "an experiment",
    texts={"name": lambda e: e.name, "experiment_id": lambda e: str(e.id)},
    numbers={
        "creation_time": lambda e: round(e.created * 1000),
        "last_update_time": lambda e: round(e.updated * 1000),
        "number": lambda e: e.id,
    },
    tags=lambda e: e.tags,
)


def number_of(ask: Fields, name: str = "experiment_id") -> int:
    """Return the number of an experiment; no number means the default one."""
    text = ask.text(name, required=True)
    if not text.isdecimal() or len(text) > 9:
        raise Refused(f"Invalid experiment ID {text[:80]!r}: it must be a whole number as text.")
    return int(text)


def create(ctx: Context, ask: Fields) -> Answer:
    name, tags = ask.text("name", required=True), ask.tags()
    location = ask.text("artifact_location")
    if location and not location.startswith(shapes.SCHEME):
        raise Refused(
            f"Invalid artifact location {location[:200]!r}: where files lie is decided by the server "
            "(its option --artifacts), not by a client. Leave it out."
        )
    known = ctx.store.read(lambda session: tracking.experiment_named(session, name))
    if known is not None:
        where = " in deleted state. Restore it, or choose another name" if known.deleted else ""
        raise Refused(f"Experiment '{name}' already exists{where}.", EXISTS)
    made = ctx.store.change(lambda session: tracking.create_experiment(session, name, tags, time.time()))
    return {"experiment_id": str(made)}


def get_one(ctx: Context, ask: Fields) -> Answer:
    number = number_of(ask)
    return {"experiment": shapes.experiment(ctx.store.read(lambda session: _there(session, number)))}


def get_by_name(ctx: Context, ask: Fields) -> Answer:
    name = ask.text("experiment_name", required=True)
    found = ctx.store.read(lambda session: tracking.experiment_named(session, name))
    if found is None:
        raise Refused(f"Could not find experiment with name '{name}'", MISSING)
    return {"experiment": shapes.experiment(found)}


def search(ctx: Context, ask: Fields) -> Answer:
    view = view_of(ask, "view_type")
    wanted, place = page(ask, 0, EXPERIMENTS_PAGE), offset(ask)
    every = ctx.store.read(tracking.experiments)
    found = select_and_order(
        [e for e in every if view is None or e.deleted == view],
        SEARCHED,
        ask.text("filter"),
        ask.texts("order_by"),
        default=("creation_time DESC", "experiment_id ASC"),
        last="number DESC",
    )
    part = found[place : place + wanted]
    more = token(place + wanted) if place + wanted < len(found) else None
    return message(experiments=[shapes.experiment(e) for e in part], next_page_token=more)


def update(ctx: Context, ask: Fields) -> Answer:
    number, name = number_of(ask), ask.text("new_name", required=True)
    known = ctx.store.read(lambda session: _there(session, number))
    if known.deleted:
        raise Refused(f"Cannot rename experiment in non-active lifecycle stage. Current stage: deleted ({number}).")
    other = ctx.store.read(lambda session: tracking.experiment_named(session, name))
    if other is not None and other.id != number:
        raise Refused(f"Experiment(name={name}) already exists.", "BAD_REQUEST")
    ctx.store.change(lambda session: tracking.change_experiment(session, number, time.time(), name=name))
    return {}


def delete(ctx: Context, ask: Fields) -> Answer:
    return _mark(ctx, number_of(ask), deleted=True)


def restore(ctx: Context, ask: Fields) -> Answer:
    return _mark(ctx, number_of(ask), deleted=False)


def set_tag(ctx: Context, ask: Fields) -> Answer:
    number, key, value = number_of(ask), ask.text("key", required=True), ask.text("value")
    if ctx.store.read(lambda session: _there(session, number)).deleted:
        raise Refused(f"The experiment {number} must be in the 'active' state. Current state is deleted.")
    ctx.store.change(lambda session: tracking.tag_experiment(session, number, key, value))
    return {}


def delete_tag(ctx: Context, ask: Fields) -> Answer:
    number, key = number_of(ask), ask.text("key", required=True)
    ctx.store.change(lambda session: tracking.tag_experiment(session, number, key, None))
    return {}


def view_of(ask: Fields, name: str) -> bool | None:
    """Return whether deleted things are wanted: only they (True), only others (False), or all (None)."""
    views = {"": False, "ACTIVE_ONLY": False, "1": False, "DELETED_ONLY": True, "2": True, "ALL": None, "3": None}
    view = ask.text(name)
    if view not in views:
        raise Refused(f"Invalid value {view[:80]!r} for parameter '{name}': ACTIVE_ONLY, DELETED_ONLY or ALL.")
    return views[view]


def _mark(ctx: Context, number: int, *, deleted: bool) -> Answer:
    known = ctx.store.read(lambda session: _there(session, number))
    if known.deleted == deleted:
        raise Refused(f"No {'active' if deleted else 'deleted'} experiment with id={number}.", MISSING)
    ctx.store.change(lambda session: tracking.change_experiment(session, number, time.time(), deleted=deleted))
    return {}


def _there(session: Session, number: int) -> Experiment:
    try:
        return tracking.experiment(session, number)
    except NotFound:
        raise Refused(f"No Experiment with id={number} exists", MISSING) from None


ROUTES: tuple[Route, ...] = (
    post("experiments/create", create),
    get("experiments/get", get_one),
    get("experiments/get-by-name", get_by_name),
    post("experiments/search", search, Role.READ),
    get("experiments/search", search),
    post("experiments/update", update),
    post("experiments/delete", delete),
    post("experiments/restore", restore),
    post("experiments/set-experiment-tag", set_tag),
    post("experiments/delete-experiment-tag", delete_tag),
)
