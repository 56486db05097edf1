"""The registry for the pages: models, versions, and what moves an alias or a stage."""

from __future__ import annotations

from typing import Any

from sweeper.records import Run
from sweeper.registry.registering import Wishes
from sweeper.registry.registering import register as make
from sweeper.registry.registry import Registry
from sweeper.registry.targets import Target, of_sweep, of_trial
from sweeper.server.context import Context
from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get, post
from sweeper.web.files import recorded_root
from sweeper.web.finding import find_run
from sweeper.web.models import model_page, models_page, version_page


def models(ctx: Context, ask: Fields) -> Any:
    return models_page(_registry(ctx))


def model(ctx: Context, ask: Fields) -> Any:
    return model_page(_registry(ctx), ask.text("name"))


def version(ctx: Context, ask: Fields) -> Any:
    return version_page(_registry(ctx), ask.text("name"), ask.text("version"), ctx.store.artifacts)


def alias(ctx: Context, ask: Fields) -> Any:
    name, called, number = ask.text("name"), ask.text("alias", required=True), ask.whole("version")
    registry = _registry(ctx)
    expected = ask.whole("expect")
    if number is None:
        registry.delete_alias(name, called, expected=expected)
    else:
        registry.set_alias(name, called, number, expected=expected)
    return model_page(registry, name)


def stage(ctx: Context, ask: Fields) -> Any:
    name, number = ask.text("name"), ask.whole("version")
    if number is None:
        raise Refused("Missing value for required parameter 'version'.")
    registry = _registry(ctx)
    wanted, expected = ask.text("stage", required=True), ask.text("expect") or None
    registry.transition(name, number, wanted, archive_existing=ask.flag("archive"), expected=expected)
    return model_page(registry, name)


def register(ctx: Context, ask: Fields) -> Any:
    target = _target(ctx, find_run(ctx.store, ask.text("run_id", required=True)))
    for run in (target.run, *([ctx.store.run(target.sweep.id)] if target.sweep else [])):
        recorded_root(ctx.store, run)  # before anything of it is read
    wishes = Wishes.checked(ask.text("alias") or None, ask.text("stage") or None, ask.flag("archive"))
    name, artifact = ask.text("model", required=True), ask.text("artifact") or None
    made = make(_registry(ctx), target, name, wishes, artifact=artifact)
    found = made.version
    return {"model": found.name, "version": found.number, "known": made.known, "notes": list(made.notes)}


def _target(ctx: Context, run: Run) -> Target:
    if run.kind == "trial":
        return of_trial(ctx.store, ctx.store.find_trial(run.id))
    return of_sweep(ctx.store, ctx.store.find_sweep(run.id)) if run.kind == "sweep" else Target(run)


def _registry(ctx: Context) -> Registry:
    return Registry(ctx.store, user=ctx.caller.name)


ROUTES: tuple[Route, ...] = (
    get("models", models),
    get("models/{name}", model),
    get("models/{name}/{version}", version),
    post("models/{name}/alias", alias),
    post("models/{name}/stage", stage),
    post("register", register),
)
