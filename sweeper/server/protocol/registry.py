"""The model registry over the protocol: models, versions, aliases, stages."""

from __future__ import annotations

from sweeper.errors import NotFound
from sweeper.records import ModelVersion, RegisteredModel, new_id
from sweeper.registry.registry import Registry
from sweeper.server.context import Context
from sweeper.server.protocol.answers import Answer, message, milliseconds, pairs
from sweeper.server.protocol.errors import INVALID, MISSING, Refused
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.limits import page
from sweeper.server.protocol.paging import offset, token
from sweeper.server.protocol.sources import as_seen, location_of
from sweeper.server.routing import Route, get, post
from sweeper.server.security.tokens import Role

MODELS_PAGE, VERSIONS_PAGE = 1000, 200_000


def create_model(ctx: Context, ask: Fields) -> Answer:
    name = ask.text("name", required=True)
    made = _registry(ctx).create(name, ask.text("description"), ask.tags())
    return {"registered_model": _model(ctx, made)}


def get_model(ctx: Context, ask: Fields) -> Answer:
    return {"registered_model": _model(ctx, _found(ctx, ask.text("name", required=True)))}


def update_model(ctx: Context, ask: Fields) -> Answer:
    name = _found(ctx, ask.text("name", required=True)).name
    if "description" in ask:
        _registry(ctx).describe(name, ask.text("description"))
    return {"registered_model": _model(ctx, _found(ctx, name))}


def rename_model(ctx: Context, ask: Fields) -> Answer:
    name = _found(ctx, ask.text("name", required=True)).name
    return {"registered_model": _model(ctx, _registry(ctx).rename(name, ask.text("new_name", required=True)))}


def delete_model(ctx: Context, ask: Fields) -> Answer:
    _registry(ctx).delete(_found(ctx, ask.text("name", required=True)).name)
    return {}


def search_models(ctx: Context, ask: Fields) -> Answer:
    wanted, place = page(ask, 100, MODELS_PAGE), offset(ask)
    found = _registry(ctx).search(
        ask.text("filter") or None, order_by=ask.texts("order_by"), limit=wanted + 1, offset=place
    )
    return message(
        registered_models=[_model(ctx, model) for model in found[:wanted]],
        next_page_token=token(place + wanted) if len(found) > wanted else None,
    )


def latest_versions(ctx: Context, ask: Fields) -> Answer:
    name = _found(ctx, ask.text("name", required=True)).name
    found = _registry(ctx).latest(name, ask.texts("stages"))
    return message(model_versions=[_version(ctx, version) for version in sorted(found, key=lambda v: v.number)])


def tag_model(ctx: Context, ask: Fields) -> Answer:
    name = _found(ctx, ask.text("name", required=True)).name
    _registry(ctx).tag(name, {ask.text("key", required=True): ask.text("value")})
    return {}


def untag_model(ctx: Context, ask: Fields) -> Answer:
    name = _found(ctx, ask.text("name", required=True)).name
    _registry(ctx).tag(name, {ask.text("key", required=True): None})
    return {}


def set_alias(ctx: Context, ask: Fields) -> Answer:
    found = _version_of(ctx, ask)
    _registry(ctx).set_alias(found.name, ask.text("alias", required=True), found.number)
    return {}


def delete_alias(ctx: Context, ask: Fields) -> Answer:
    name, alias = _found(ctx, ask.text("name", required=True)).name, ask.text("alias", required=True)
    try:
        _registry(ctx).delete_alias(name, alias)
    except NotFound:
        pass  # MLflow says nothing about an alias that is not there
    return {}


def by_alias(ctx: Context, ask: Fields) -> Answer:
    name, alias = _found(ctx, ask.text("name", required=True)).name, ask.text("alias", required=True)
    try:
        return {"model_version": _version(ctx, _registry(ctx).by_alias(name, alias))}
    except NotFound:
        raise Refused(f"Registered model alias {alias} not found.", INVALID) from None


def create_version(ctx: Context, ask: Fields) -> Answer:
    name, source = ask.text("name", required=True), ask.text("source", required=True)
    _found(ctx, name)
    run_id = ask.text("run_id") or None
    place = location_of(ctx, source, run_id)
    version = ModelVersion(
        new_id(),
        name,
        source=source,
        location=place.location,
        run_id=run_id or place.run_id,
        run_link=ask.text("run_link"),
        description=ask.text("description"),
        tags=ask.tags(),
        facts={"model_id": ask.text("model_id")} if ask.text("model_id") else {},
    )
    return {"model_version": _version(ctx, _registry(ctx).register(version, new_model=False))}


def get_version(ctx: Context, ask: Fields) -> Answer:
    return {"model_version": _version(ctx, _version_of(ctx, ask))}


def update_version(ctx: Context, ask: Fields) -> Answer:
    found = _version_of(ctx, ask)
    if "description" in ask:
        _registry(ctx).describe(found.name, ask.text("description"), found.number)
    return {"model_version": _version(ctx, _version_of(ctx, ask))}


def delete_version(ctx: Context, ask: Fields) -> Answer:
    found = _version_of(ctx, ask)
    _registry(ctx).delete_version(found.name, found.number)
    return {}


def download_uri(ctx: Context, ask: Fields) -> Answer:
    return {"artifact_uri": as_seen(ctx, _version_of(ctx, ask).location)}


def search_versions(ctx: Context, ask: Fields) -> Answer:
    wanted, place = page(ask, 10_000, VERSIONS_PAGE), offset(ask)
    found = _registry(ctx).search_versions(
        ask.text("filter") or None, order_by=ask.texts("order_by"), limit=wanted + 1, offset=place
    )
    return message(
        model_versions=[_version(ctx, version) for version in found[:wanted]],
        next_page_token=token(place + wanted) if len(found) > wanted else None,
    )


def transition(ctx: Context, ask: Fields) -> Answer:
    found = _version_of(ctx, ask)
    archive = ask.flag("archive_existing_versions")
    moved = _registry(ctx).transition(
        found.name, found.number, ask.text("stage", required=True), archive_existing=archive
    )
    return {"model_version": _version(ctx, moved)}


def tag_version(ctx: Context, ask: Fields) -> Answer:
    found = _version_of(ctx, ask)
    _registry(ctx).tag(found.name, {ask.text("key", required=True): ask.text("value")}, found.number)
    return {}


def untag_version(ctx: Context, ask: Fields) -> Answer:
    found = _version_of(ctx, ask)
    _registry(ctx).tag(found.name, {ask.text("key", required=True): None}, found.number)
    return {}


def _registry(ctx: Context) -> Registry:
    return Registry(ctx.store, user=ctx.caller.name)


def _found(ctx: Context, name: str) -> RegisteredModel:
    try:
        return _registry(ctx).get(name)
    except NotFound:
        raise Refused(f"Registered Model with name={name} not found", MISSING) from None


def _version_of(ctx: Context, ask: Fields) -> ModelVersion:
    name, number = ask.text("name", required=True), ask.text("version", required=True)
    if not number.isdecimal() or len(number) > 9:
        raise Refused(f"Parameter 'version' must be an integer, got '{number[:80]}'.")
    try:
        return _registry(ctx).version(name, int(number))
    except NotFound:
        raise Refused(f"Model Version (name={name}, version={number}) not found", MISSING) from None


def _model(ctx: Context, record: RegisteredModel) -> Answer:
    return message(
        name=record.name,
        creation_timestamp=milliseconds(record.created),
        last_updated_timestamp=milliseconds(record.updated),
        description=record.description or None,
        latest_versions=[_version(ctx, version) for version in _registry(ctx).latest(record.name)],
        tags=pairs(record.tags),
        aliases=[{"alias": alias, "version": str(number)} for alias, number in record.aliases.items()],
    )


def _version(ctx: Context, record: ModelVersion) -> Answer:
    return message(
        name=record.name,
        version=str(record.number),
        creation_timestamp=milliseconds(record.created),
        last_updated_timestamp=milliseconds(record.updated),
        user_id=record.user or None,
        current_stage=record.stage,
        description=record.description or None,
        source=as_seen(ctx, record.source),
        run_id=record.run_id,
        run_link=record.run_link or None,
        status=record.state,
        status_message=record.message or None,
        tags=pairs(record.tags),
        aliases=list(record.aliases),
        model_id=record.facts.get("model_id"),
    )


ROUTES: tuple[Route, ...] = (
    post("registered-models/create", create_model),
    get("registered-models/get", get_model),
    Route("PATCH", "registered-models/update", update_model, Role.WRITE),
    post("registered-models/rename", rename_model),
    Route("DELETE", "registered-models/delete", delete_model, Role.ADMIN),
    get("registered-models/search", search_models),
    post("registered-models/get-latest-versions", latest_versions, Role.READ),
    get("registered-models/get-latest-versions", latest_versions),
    post("registered-models/set-tag", tag_model),
    Route("DELETE", "registered-models/delete-tag", untag_model, Role.WRITE),
    post("registered-models/alias", set_alias),
    Route("DELETE", "registered-models/alias", delete_alias, Role.WRITE),
    get("registered-models/alias", by_alias),
    post("model-versions/create", create_version),
    get("model-versions/get", get_version),
    Route("PATCH", "model-versions/update", update_version, Role.WRITE),
    Route("DELETE", "model-versions/delete", delete_version, Role.ADMIN),
    get("model-versions/get-download-uri", download_uri),
    get("model-versions/search", search_versions),
    post("model-versions/transition-stage", transition),
    post("model-versions/set-tag", tag_version),
    Route("DELETE", "model-versions/delete-tag", untag_version, Role.WRITE),
)
