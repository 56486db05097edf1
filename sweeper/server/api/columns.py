"""The trials of a sweep as one block of typed columns: whole, or what changed since a revision."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sweeper.server.api.words import told
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route
from sweeper.server.security.hosts import is_loopback
from sweeper.web.live import live_of


async def columns(ctx: Context, request: Request) -> Response:
    """Answer with bytes, zipped for clients on other machines; 304 for a client that has this revision."""
    values: dict[str, Any] = {name: request.query_params.getlist(name) for name in request.query_params}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    zipped = _takes_gzip(request) and not is_loopback(request.client.host if request.client else "")

    def answer(ctx: Context, ask: Fields) -> Response:
        live = live_of(ctx.store)
        since = live.read(ask.text("since"))
        with live.shown(live.find(ask.text("ref", required=True))) as shown:
            revision = live.written(shown.count)
            tag = f'"{revision}"'
            headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "accept-encoding"}
            if tag in known:
                return Response(status_code=304, headers=headers)
            body = shown.block(revision, since, zipped=zipped)
        if zipped:
            headers["content-encoding"] = "gzip"
        return Response(body, headers=headers, media_type="application/octet-stream")

    return await asyncio.to_thread(told(answer), ctx, Fields({**values, **request.path_params}))


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "").lower()


ROUTES = (Route("GET", "sweeps/{ref}/columns", columns, body="bytes"),)
