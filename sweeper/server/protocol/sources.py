"""Where the files of a model version lie: always below the one root of the server, whatever a client writes.

MLflow's servers were made to read any file of theirs through this field (CVE-2023-1177, CVE-2026-2614 and others).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sweeper.artifacts.paths import split
from sweeper.errors import NotFound, UsageError
from sweeper.registry.places import place_in_run
from sweeper.registry.registry import Registry
from sweeper.server.context import Context
from sweeper.server.protocol.errors import MISSING, Refused
from sweeper.server.protocol.shapes import SCHEME
from sweeper.store import tracking

_RUN = re.compile(r"runs:/{1,3}([a-zA-Z0-9][\w\-]*)/(.+)")
_LOGGED = re.compile(r"models:/{1,3}(m-[0-9a-f]{32})")
_REGISTERED = re.compile(r"models:/{1,3}[^/@]+(?:/|@)[^/]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder below the root of artifacts, and the run that it belongs to when the source says so."""

    location: str
    run_id: str | None = None


def location_of(ctx: Context, source: str, run_id: str | None) -> Place:
    """Return where the files of a source are. Raises Refused for anything outside of the server's root."""
    if any(character in source for character in "?#;\\%") or ".." in source:
        raise _outside(source)
    if found := _LOGGED.fullmatch(source):
        model_id = found[1]
        model = ctx.store.read(lambda session: tracking.logged_model(session, model_id))
        return Place(_below(ctx, source, model.id), run_id or model.run_id)
    if _REGISTERED.fullmatch(source):
        version = Registry(ctx.store).resolve(source)
        return Place(version.location, run_id or version.run_id)
    if found := _RUN.fullmatch(source):
        return Place(_of_run(ctx, found[1], found[2]), found[1])
    if source.startswith(SCHEME):
        return Place(_below(ctx, source, source.removeprefix(SCHEME).strip("/")))
    root = ctx.store.artifacts.rstrip("/") + "/"
    if source.startswith(root):
        return Place(_below(ctx, source, source.removeprefix(root)))
    raise _outside(source)


def as_seen(ctx: Context, location: str) -> str:
    """Return a location as clients reach it: through this server when it is below its root."""
    root = ctx.store.artifacts.rstrip("/") + "/"
    return f"{SCHEME}{location.removeprefix(root)}" if location.startswith(root) else location


def _of_run(ctx: Context, run_id: str, path: str) -> str:
    """Return the folder of a run's model: the path below the run, or the logged model of that name."""
    try:
        run = ctx.store.run(run_id)
    except NotFound:
        raise Refused(f"Run with id={run_id} not found", MISSING) from None
    split(path)
    return place_in_run(ctx.store, run.id, path)


def _below(ctx: Context, source: str, path: str) -> str:
    try:
        split(path)
    except UsageError:
        raise _outside(source) from None
    return f"{ctx.store.artifacts.rstrip('/')}/{path}"


def _outside(source: str) -> Refused:
    return Refused(
        f"Invalid model version source: '{source[:200]}'. It has to be a folder of a run of this server, "
        "like runs:/RUN_ID/model or models:/m-ID"
    )
