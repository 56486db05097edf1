"""The whole server as one ASGI application: the gate, the table of routes, and one way to answer."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as Mounted

from sweeper.interfaces import ArtifactStore
from sweeper.server.api import stores
from sweeper.server.context import MLFLOW, Context
from sweeper.server.protocol import answers, artifacts, experiments, inputs, logged_models, registry, runs, search
from sweeper.server.protocol.errors import Refused, translate
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, below, get
from sweeper.server.security.access import Access
from sweeper.server.security.audit import note
from sweeper.server.security.gate import App, Gate, Receive, Scope, Send
from sweeper.server.security.tokens import Role
from sweeper.store.store import SqlStore

if TYPE_CHECKING:
    from sweeper.server.shell import Shell

log = logging.getLogger("sweeper.server")

TRACKING = ("/api/2.0/mlflow", "/ajax-api/2.0/mlflow")
FILES = ("/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts")
OWN = ("/api/v1",)
ABOUT = ("/api/3.0/mlflow", "/ajax-api/3.0/mlflow")
DEEPEST = 64  #: lists and messages within one another in a JSON body
THREADS = 40  #: requests that are answered at the same time
Endpoint = Callable[[Request], Awaitable[Response]]
Opened = Callable[[], tuple[SqlStore, ArtifactStore]]
_OPENING, _CLOSING = b"[{", b"]}"
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def about(ctx: Context, ask: Fields) -> dict[str, Any]:
    return {
        "store_type": "SqlStore",
        "workspaces_enabled": False,
        "trace_archival_enabled": False,
        "multipart_uploads_enabled": False,
        "multipart_downloads_enabled": False,
        "presigned_upload_run_id_supported": False,
        "presigned_upload_model_id_supported": False,
    }


def table(*, pages: bool = True) -> list[Route]:
    """Return every route of the server but ``/health`` and ``/version``, which are open to all.

    Without ``pages`` what only pages ask for is left out, and not even imported.
    """
    tracking = (
        *experiments.ROUTES, *runs.ROUTES, *search.ROUTES, *inputs.ROUTES, *logged_models.ROUTES, *artifacts.OF_RUNS,
        *registry.ROUTES,
    )  # fmt: skip
    return [
        *below(TRACKING, tracking),
        *below(FILES, artifacts.ROUTES),
        *below(ABOUT, [get("server-info", about)]),
        *below(("",), artifacts.PAGES),
        *below(OWN, stores.ROUTES),
        *(below(OWN, _of_pages()) if pages else ()),
    ]


def _of_pages() -> tuple[Route, ...]:
    from sweeper.server.api.pages import ROUTES

    return ROUTES


def make_app(
    store: SqlStore, files: ArtifactStore, access: Access, routes: Iterable[Route] = (), shell: Shell | None = None
) -> App:
    """Return the application over an open store. ``routes`` are more of them; ``shell`` has the pages, if wanted."""
    return assemble(lambda: (store, files), access, routes, shell)


def assemble(opened: Opened, access: Access, routes: Iterable[Route] = (), shell: Shell | None = None) -> App:
    """Return the application over a store that is asked for at each request; StoreError says that it is not open."""
    mounted = shell.routes() if shell else []
    mounted += [Mounted(f"/{name}", _plain(text)) for name, text in (("health", "OK"), ("version", MLFLOW))]
    exact: dict[tuple[str, str], Endpoint] = {}
    threads = ThreadPoolExecutor(THREADS, "sweeper-request")
    for route in (*table(pages=shell is not None), *routes):
        endpoint = _endpoint(route, opened, access, threads)
        mounted.append(Mounted(route.path, endpoint, methods=[route.method]))
        if "{" not in route.path:
            exact.setdefault((route.method, route.path), endpoint)
    no_route = _no_route(shell)
    app = Starlette(routes=mounted, exception_handlers={404: no_route, 405: no_route})
    app.router.redirect_slashes = False
    return Gate(_direct(exact, app), access.hosts)


def _direct(exact: Mapping[tuple[str, str], Endpoint], others: App) -> App:
    """Find paths without parameters at once: nearly all requests, and matching hundreds of patterns takes longer."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = exact.get((scope.get("method", ""), scope["path"])) if scope["type"] == "http" else None
        if endpoint is None:
            await others(scope, receive, send)
            return
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)

    return serve


def _plain(text: str) -> Endpoint:
    async def serve(request: Request) -> Response:
        return PlainTextResponse(text)

    return serve


def _no_route(shell: Shell | None) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What is not there is told in plain text: MLflow's clients then take another way. Browsers get a page."""

    async def answer(request: Request, error: Exception) -> Response:
        return (shell and shell.missing(request)) or PlainTextResponse("Not Found", 404)

    return answer


def _endpoint(route: Route, opened: Opened, access: Access, threads: ThreadPoolExecutor) -> Endpoint:
    async def serve(request: Request) -> Response:
        caller = access.caller(request.headers, request.method)
        if caller is None:
            return _unknown_caller(access, request)
        ask: Fields | None = None
        try:
            if caller.role < route.role:
                raise Refused(access.why_not(caller), "PERMISSION_DENIED")
            ctx = Context(*opened(), caller)
            request.scope["still_known"] = lambda: access.caller(request.headers, request.method) is not None
            if route.body == "bytes":
                answer: Response = await route.handler(ctx, request)
            else:
                ask = await _fields(route, request)
                said = await asyncio.get_running_loop().run_in_executor(threads, route.handler, ctx, ask)
                answer = said if isinstance(said, Response) else _json(200, said)
        except ClientDisconnect:
            raise
        except RecursionError:
            answer = _json(400, {"error_code": "BAD_REQUEST", "message": "This has too many parts for one request."})
        except Exception as error:
            refused = translate(error)
            if refused.status >= 500 and refused.code != "NOT_IMPLEMENTED":
                log.error("%s %r failed", request.method, request.scope["path"], exc_info=error)
            answer = _json(refused.status, {"error_code": refused.code, "message": str(refused)})
        if route.role > Role.READ:
            note(request, caller.name, answer.status_code, ask.raw if ask else None)
        return answer

    return serve


async def _fields(route: Route, request: Request) -> Fields:
    if route.body == "query":
        values: dict[str, Any] = {name: request.query_params.getlist(name) for name in request.query_params}
        return Fields({**values, **request.path_params})
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _body(request, route.limit)
    if kind != "application/json" and (body or route.method != "DELETE"):
        raise Refused("Bad Request. Content-Type must be 'application/json'.")
    return Fields({**_parsed(body), **request.path_params})


async def _body(request: Request, limit: int) -> bytes:
    """Read a body piece by piece, and no further than it may be long."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise Refused(f"The body of this request has more than {limit} bytes.", "BAD_REQUEST")
        pieces.append(piece)
    return b"".join(pieces)


def _parsed(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(body) > DEEPEST:
        raise Refused(f"Malformed request body: nested deeper than {DEEPEST}.", "BAD_REQUEST")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("Malformed request body. Request body must be valid JSON.", "BAD_REQUEST") from None
    if not isinstance(found, dict):
        raise Refused("Malformed request body. Request body must be a JSON object.", "BAD_REQUEST")
    return found


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for character in _QUOTED.sub(b"", body):
        if character in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSING:
            depth -= 1
    return deepest


def _json(status: int, answer: dict[str, Any]) -> Response:
    return Response(answers.body(answer), status, media_type="application/json")


def _unknown_caller(access: Access, request: Request) -> Response:
    answer = _json(401, {"error_code": "UNAUTHENTICATED", "message": access.who_first(request.headers)})
    if "sec-fetch-site" not in request.headers:  # a browser would ask for a name and a password in a box of its own
        answer.headers["www-authenticate"] = 'Basic realm="sweeper"'
    return answer
