"""Files of runs through the server: paths are decoded once, checked, and opened below the one configured root."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import AsyncIterator
from typing import IO, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from sweeper.artifacts.paths import split
from sweeper.errors import NotFound, UsageError
from sweeper.server.context import Context
from sweeper.server.protocol import shapes
from sweeper.server.protocol.answers import Answer, message
from sweeper.server.protocol.errors import MISSING, Refused
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.runs import run_id_of
from sweeper.server.routing import Route, get
from sweeper.server.security.tokens import Role

PIECE = 1 << 20
LARGEST = 1 << 40
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_HARMLESS = re.compile(
    r"(image/(png|jpeg|gif|webp|bmp|tiff)|audio/.+|video/.+|text/(plain|csv|markdown|tab-separated-values)"
    r"|application/(json|zip|gzip|pdf|x-tar))"
)
_READABLE = re.compile(r"text/|.*(html|xml|script|yaml)")  #: types of texts that a page may run or apply
SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "accept-ranges": "bytes",
}


def listing(ctx: Context, ask: Fields) -> Answer:
    """What lies directly below a path, by base name. Nothing there, or a file: an empty answer, as clients expect."""
    found = _below(ctx, ask.text("path"))
    files = [
        message(path=path.rpartition("/")[2], is_dir=is_folder, file_size=None if is_folder else size)
        for path, is_folder, size in found
    ]
    return message(files=files)


def listing_of_run(ctx: Context, ask: Fields) -> Answer:
    """The same for one run, with paths below its root: for R, Java and pages."""
    run = ctx.store.run(run_id_of(ask))
    uri = shapes.artifact_uri(run, ctx.store.artifacts)
    if not uri.startswith(shapes.SCHEME):
        raise Refused(f"The files of run {run.id} lie outside of this server, at {uri}.")
    root = uri.removeprefix(shapes.SCHEME)
    path = ask.text("path").strip("/")
    found = _below(ctx, f"{root}/{path}" if path else root)
    files = [
        message(path=place.removeprefix(f"{root}/"), is_dir=is_folder, file_size=None if is_folder else size)
        for place, is_folder, size in found
    ]
    return message(root_uri=uri, files=files)


async def download(ctx: Context, request: Request) -> Response:
    return await send(ctx, path_of(request), request)


async def download_of_run(ctx: Context, request: Request) -> Response:
    ask = Fields(dict(request.query_params))
    run_id, path = run_id_of(ask), ask.text("path", required=True)
    run = await run_in_threadpool(ctx.store.run, run_id)
    uri = shapes.artifact_uri(run, ctx.store.artifacts)
    if not uri.startswith(shapes.SCHEME):
        raise Refused(f"The files of run {run.id} lie outside of this server.")
    return await send(ctx, f"{uri.removeprefix(shapes.SCHEME)}/{path}", request)


async def send(ctx: Context, path: str, request: Request) -> Response:
    """Answer with a file or a range of it, as something to save and never to show."""
    file = await run_in_threadpool(open_file, ctx, path)
    try:
        size = await run_in_threadpool(file.seek, 0, 2)
        first, last = _range(request.headers.get("range", ""), size)
        await run_in_threadpool(file.seek, first)
    except BaseException:
        file.close()
        raise
    partly = (first, last) != (0, size - 1)
    name = path.rpartition("/")[2]
    headers = {
        **SAFE,
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "content-length": str(last - first + 1),
    }
    if partly:
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    kind, status = _harmless(mimetypes.guess_type(name)[0] or "application/octet-stream"), 206 if partly else 200
    if request.method == "HEAD":
        file.close()
        return Response(None, status, headers, kind)
    return StreamingResponse(_pieces(file, last - first + 1), status, headers, kind)


async def upload(ctx: Context, request: Request) -> Response:
    path = path_of(request)
    manager = ctx.files.new_file(path)
    file = await run_in_threadpool(manager.__enter__)
    try:
        received = 0
        async for piece in request.stream():
            received += len(piece)
            if received > LARGEST:
                raise Refused(f"An artifact has at most {LARGEST} bytes.")
            await run_in_threadpool(file.write, piece)
    except BaseException as error:
        await run_in_threadpool(manager.__exit__, type(error), error, error.__traceback__)
        raise
    await run_in_threadpool(manager.__exit__, None, None, None)
    return Response(status_code=200)


async def delete(ctx: Context, request: Request) -> Response:
    path = path_of(request)
    if "/" not in path:
        raise Refused("A whole run's folder is not deleted by its path.")
    await run_in_threadpool(ctx.files.delete, path)
    return JSONResponse({})


def unsupported(ctx: Context, ask: Fields) -> Answer:
    """Clients fall back to one plain PUT or GET when they read this."""
    raise Refused(
        "Multipart upload is not supported for the current artifact repository", "NOT_IMPLEMENTED"
    )


def path_of(request: Request) -> str:
    """Return the path that a URL names: decoded once, by the server; it is opened name by name as it then reads."""
    path: str = request.path_params["path"]
    split(path)
    return path


def open_file(ctx: Context, path: str) -> IO[bytes]:
    try:
        return ctx.files.open(path)
    except NotFound:
        raise Refused(f"No such artifact: '{path.partition('/')[2] or path}'", MISSING) from None


def _below(ctx: Context, path: str) -> list[tuple[str, bool, int]]:
    path = path.strip("/")
    split(path, empty=True)
    try:
        return ctx.files.list(path)
    except UsageError:  # a file, or something below one
        return []


def _harmless(kind: str) -> str:
    """Return a type that no browser runs or applies, should the other headers be lost on the way: one of a few."""
    if _HARMLESS.fullmatch(kind):
        return kind
    return "text/plain" if _READABLE.match(kind) else "application/octet-stream"


def _range(header: str, size: int) -> tuple[int, int]:
    """Return the first and the last byte wanted; the whole file for what is no single satisfiable range."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or size == 0 or not (found[1] or found[2]):
        return 0, size - 1
    if not found[1]:
        return max(0, size - int(found[2])), size - 1
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if first >= size or last < first:
        return 0, size - 1
    return first, min(last, size - 1)


async def _pieces(file: IO[bytes], left: int) -> AsyncIterator[bytes]:
    try:
        while left > 0 and (piece := await run_in_threadpool(file.read, min(PIECE, left))):
            left -= len(piece)
            yield piece
    finally:
        file.close()


def _bytes(method: Any, path: str, handler: Any, role: Role) -> Route:
    return Route(method, path, handler, role, "bytes", LARGEST)


ROUTES: tuple[Route, ...] = (
    get("artifacts", listing),
    _bytes("GET", "artifacts/{path:path}", download, Role.READ),
    _bytes("PUT", "artifacts/{path:path}", upload, Role.WRITE),
    _bytes("DELETE", "artifacts/{path:path}", delete, Role.WRITE),
    Route("POST", "mpu/create/{path:path}", unsupported, Role.WRITE),
    Route("POST", "mpu/complete/{path:path}", unsupported, Role.WRITE),
    Route("POST", "mpu/abort/{path:path}", unsupported, Role.WRITE),
    get("presigned/{path:path}", unsupported),
)
OF_RUNS: tuple[Route, ...] = (get("artifacts/list", listing_of_run),)
PAGES: tuple[Route, ...] = (_bytes("GET", "get-artifact", download_of_run, Role.READ),)
