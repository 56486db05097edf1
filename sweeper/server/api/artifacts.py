"""The files of a run: what there is, and the bytes, which are never run as part of a page.

What a run logged may be anything. It is sent as something to save; only a raster image, told by its first bytes, is
shown where a page asks for that.
"""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sweeper.artifacts.paths import split
from sweeper.server.context import Context
from sweeper.server.protocol.artifacts import open_file, send
from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get
from sweeper.server.security.tokens import Role
from sweeper.web.files import FIRST, MOST_PIXELS, listed, pixels, preview, raster, root_of
from sweeper.web.finding import find_run


def listing(ctx: Context, ask: Fields) -> list[dict[str, Any]]:
    run = find_run(ctx.store, ask.text("run_id"))
    return listed(ctx.files, root_of(ctx.store, ctx.files, run), ask.text("path"))


async def artifact(ctx: Context, request: Request) -> Response:
    ask = Fields({**dict(request.query_params), **request.path_params})
    path = ask.text("path", required=True)
    split(path)
    place = await run_in_threadpool(_place, ctx, ask.text("run_id"), path)
    kind = await run_in_threadpool(_image, ctx, place) if ask.flag("inline") else None
    response = await send(ctx, place, request)
    response.headers["cache-control"] = "private, no-cache"
    if kind:
        response.headers["content-disposition"] = "inline"
        response.headers["content-type"] = kind
    return response


def _place(ctx: Context, run_id: str, path: str) -> str:
    return f"{root_of(ctx.store, ctx.files, find_run(ctx.store, run_id))}/{path}"


def _image(ctx: Context, place: str) -> str | None:
    """The type of a raster image that is small enough to be shown."""
    with open_file(ctx, place) as file:
        first = file.read(FIRST)
        if (count := pixels(first)) > MOST_PIXELS:
            raise Refused(f"The image has {count:,} pixels, too many to show here; it can be downloaded.")
        kind = raster(first)
        return kind if kind and preview("image.png", False, file.seek(0, 2)) == "image" else None


ROUTES: tuple[Route, ...] = (
    get("trials/{run_id}/artifacts", listing),
    Route("GET", "trials/{run_id}/artifact", artifact, Role.READ, "bytes"),
)
