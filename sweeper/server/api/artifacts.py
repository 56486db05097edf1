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
from sweeper.server.protocol.artifacts import send
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get
from sweeper.server.security.tokens import Role
from sweeper.web.files import FIRST, listed, preview, raster, root_of
from sweeper.web.finding import find_run


def listing(ctx: Context, ask: Fields) -> list[dict[str, Any]]:
    run = find_run(ctx.store, ask.text("run_id"))
    return listed(ctx.files, root_of(ctx.store, ctx.files, run), ask.text("path"))


async def artifact(ctx: Context, request: Request) -> Response:
    ask = Fields({**dict(request.query_params), **request.path_params})
    path = ask.text("path", required=True)
    split(path)
    place = await run_in_threadpool(_place, ctx, ask.text("run_id"), path)
    response = await send(ctx, place, request)
    response.headers["cache-control"] = "private, no-cache"
    if ask.flag("inline") and (kind := await run_in_threadpool(_image, ctx, place)):
        response.headers["content-disposition"] = "inline"
        response.headers["content-type"] = kind
    return response


def _place(ctx: Context, run_id: str, path: str) -> str:
    return f"{root_of(ctx.store, ctx.files, find_run(ctx.store, run_id))}/{path}"


def _image(ctx: Context, place: str) -> str | None:
    """The type of a raster image that is small enough to be shown."""
    with ctx.files.open(place) as file:
        kind = raster(file.read(FIRST))
        return kind if kind and preview("image.png", False, file.seek(0, 2)) == "image" else None


ROUTES: tuple[Route, ...] = (
    get("trials/{run_id}/artifacts", listing),
    Route("GET", "trials/{run_id}/artifact", artifact, Role.READ, "bytes"),
)
