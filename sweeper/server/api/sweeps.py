"""Home: what is served, the sweeps, and what is asked for those in sight."""

from __future__ import annotations

import time
from typing import Any

from sweeper.config.secrets import mask_urls
from sweeper.errors import UsageError
from sweeper.server.context import MLFLOW, Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import get
from sweeper.server.security.tokens import Role
from sweeper.version import __version__
from sweeper.web.home import Asked, sweeps_page
from sweeper.web.live import live_of
from sweeper.web.sparks import sparks as sparks_of
from sweeper.web.typed import words_of

MOST_ROWS, MOST_SPARKS = 1000, 100


def meta(ctx: Context, ask: Fields) -> dict[str, Any]:
    writable = not ctx.store.read_only and ctx.caller.role >= Role.WRITE
    return {
        "version": __version__,
        "store": mask_urls(ctx.store.url),
        "writable": writable,
        "role": ctx.caller.role.name.lower(),
        "mlflow": MLFLOW,
    }


def sweeps(ctx: Context, ask: Fields) -> dict[str, Any]:
    asked = Asked(
        words=words_of(ask.text("q")),
        states=frozenset(word for word in ask.text("state").split(",") if word),
        tags=dict(_tag(text) for text in ask.texts("tag")),
        experiment=ask.text("experiment"),
        limit=min(max(ask.whole("limit") or 200, 1), MOST_ROWS),
        cursor=ask.text("cursor"),
    )
    return {"rev": live_of(ctx.store).revision(), **sweeps_page(ctx.store, asked, time.time())}


def sparks(ctx: Context, ask: Fields) -> dict[str, Any]:
    ids = [each for each in ask.text("ids").split(",") if each]
    if len(ids) > MOST_SPARKS:
        raise UsageError(f"'ids' names {len(ids)} sweeps; ask for at most {MOST_SPARKS} at once")
    return sparks_of(ctx.store, ids)


def _tag(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageError(f"the tag {text!r} has to be KEY=VALUE")
    return key, value


ROUTES = (get("meta", meta), get("sweeps", sweeps), get("sparks", sparks))
