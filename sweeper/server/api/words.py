"""What the pages are told when something is not there, or the store cannot be read now: enough to show and to go on."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from sweeper.errors import NotFound, StoreError, StoreNewer, StoreUnavailable
from sweeper.server.api.answers import said
from sweeper.server.context import Context
from sweeper.server.protocol.errors import MISSING
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route
from sweeper.store.store import SqlStore

RETRY_AFTER = 3  #: seconds after which a page asks again for what a store did not give
NEAREST = 5
log = logging.getLogger("sweeper.server")


def in_words(route: Route) -> Route:
    """Return the route with answers for pages: any plain data as JSON, errors with what a person can do next."""
    return route if route.body == "bytes" else replace(route, handler=told(route.handler))


def told(handler: Callable[[Context, Fields], Any]) -> Callable[[Context, Fields], Response]:
    """Return a handler that answers with a response, whatever happens to the one that is given."""

    def handle(ctx: Context, ask: Fields) -> Response:
        try:
            answer = handler(ctx, ask)
        except NotFound as error:
            if error.kind != "sweep":
                raise
            near = nearest(ctx.store, error.name)
            return said({"error_code": MISSING, "message": str(error), "nearest": near}, 404)
        except StoreError as error:
            return unavailable(error)
        return answer if isinstance(answer, Response) else said(answer)

    return handle


def nearest(store: SqlStore, name: str) -> list[dict[str, str]]:
    """Return the sweeps whose names or ids are the nearest to one that is not there, the latest of each name."""
    known: dict[str, str] = {}
    for sweep_id, each in store.read(lambda session: session.rows("sweep_names")):
        known.setdefault(each, sweep_id)
    folded = {each.casefold(): each for each in reversed(known)}
    near = difflib.get_close_matches(name.casefold(), folded, n=NEAREST, cutoff=0.5)
    chosen = [folded[each] for each in near] or list(known)[:NEAREST]
    return [{"id": known[each], "name": each} for each in chosen]


def unavailable(error: StoreError) -> Response:
    """Return 503 for a store that cannot be read at the moment: what is wrong, without paths, and when to ask again."""
    log.warning("the store cannot be read: %s", error)
    text = str(error)
    if isinstance(error, StoreNewer):
        message = "The store was written by a newer version of sweeper: upgrade sweeper and start the server again."
    elif "db upgrade" in text:
        message = "The store is being upgraded, or has to be: sweeper db upgrade. The page tries again."
    elif "locked" in text:
        message = "The store is locked by another process. The page tries again."
    elif isinstance(error, StoreUnavailable):
        message = "The store cannot be reached at the moment. The page tries again."
    else:
        message = "The store cannot be read. The server's log says why."
    response = said({"error_code": "TEMPORARILY_UNAVAILABLE", "message": message}, 503)
    response.headers["retry-after"] = str(RETRY_AFTER)
    return response
