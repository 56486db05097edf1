"""Runs outside sweeps, experiments, and the search over everything."""

from __future__ import annotations

from typing import Any

from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import get
from sweeper.web import loose, search
from sweeper.web.typed import words_of

MOST_ROWS = 1000
LONGEST = 200  #: characters of what is searched for


def runs(ctx: Context, ask: Fields) -> dict[str, Any]:
    asked = loose.AskedRuns(
        words=words_of(ask.text("q")),
        experiment=ask.text("experiment"),
        limit=min(max(ask.whole("limit") or 200, 1), MOST_ROWS),
        cursor=ask.text("cursor"),
    )
    return loose.loose_runs(ctx.store, asked)


def experiments(ctx: Context, ask: Fields) -> list[dict[str, Any]]:
    return loose.experiments(ctx.store)


def found(ctx: Context, ask: Fields) -> dict[str, list[Any]]:
    return search.search(ctx.store, ask.text("q")[:LONGEST])


ROUTES = (get("runs", runs), get("experiments", experiments), get("search", found))
