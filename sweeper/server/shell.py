"""The pages' HTML: one shell for all of them, which scripts fill, and the few plain pages that need no script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sweeper.server.security.access import Access, from_own_page
from sweeper.server.security.audit import note
from sweeper.server.security.gate import OWN_SITES
from sweeper.server.security.sessions import StartKey, cookie
from sweeper.server.security.tokens import Caller, Role
from sweeper.server.security.tries import SECONDS, Tries
from sweeper.server.static import Static
from sweeper.version import __version__
from sweeper.web.sweep import shown_url

LONGEST_FORM = 4096  #: bytes of the form with a token
FORM = "application/x-www-form-urlencoded"
POLICY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",  # with no-referrer, browsers call the origin of our own forms "null"
}
PLACES = (
    ("/", "Sweeps", ("home", "sweep", "run")),
    ("/compare", "Compare", ("compare",)),
    ("/ranges", "Ranges", ("ranges",)),
    ("/models", "Models", ("models", "model")),
    ("/runs", "Runs", ("runs",)),
    ("/experiments", "Experiments", ("experiments",)),
)


@dataclass(frozen=True, slots=True)
class Page:
    """An address, and what scripts find there. ``title`` takes the names of the path."""

    path: str
    name: str
    title: str


PAGES = (
    Page("/", "home", "Sweeps"),
    Page("/s/{ref:path}", "sweep", "Sweep {ref}"),
    Page("/t/{ref}", "run", "Run {ref}"),
    Page("/compare", "compare", "Compare sweeps"),
    Page("/ranges", "ranges", "Ranges"),
    Page("/models", "models", "Models"),
    Page("/models/{ref}", "model", "Model {ref}"),
    Page("/models/{ref}/{version}", "model", "Model {ref}, version {version}"),
    Page("/runs", "runs", "Runs"),
    Page("/experiments", "experiments", "Experiments"),
)
NOBODY = "nobody"  #: who shows a key or a token that is not known, in the audit log
NO_SESSION, OVER = "This browser is not signed in", "The session of this browser is over"
TOKEN_WANTED = "A token lets you in: whoever runs this server makes one with sweeper token add."
START_AGAIN = (
    "Sign in with the address that sweeper ui prints in its terminal. It works once: press Enter there for a new one, "
    "or start sweeper ui again.",
    "Sessions end with the process: when sweeper ui was started again, only what it printed then lets you in.",
)


class Shell:
    """Every page of one application, and how browsers sign in: with a token, or once with the key of an address.

    ``store`` is its address, told in the commands that pages give.
    """

    def __init__(
        self, access: Access, key: StartKey | None = None, static: Static | None = None, store: str = ""
    ) -> None:
        self._access, self._key, self._sessions = access, key, access.sessions
        self._store = shown_url(store)
        self._static = static or Static()
        self._tries = Tries()
        self._templates = Environment(
            loader=PackageLoader("sweeper.web"), autoescape=True, undefined=StrictUndefined, auto_reload=False
        )

    def routes(self) -> list[Route]:
        pages = [Route(page.path, self._page(page), methods=["GET", "POST"]) for page in PAGES]
        return [
            *pages,
            Route("/static/{digest}/{name:path}", self._static.send, methods=["GET"]),
            Route("/start", self._start, methods=["GET"]),
            Route("/signout", self._sign_out, methods=["POST"]),
        ]

    def missing(self, request: Request) -> Response | None:
        """Return a page that says that there is none, for those who read pages."""
        if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
            return None
        return self._plain("gone", "No such page", ["Nothing here has this address."], status=404, forward="/")

    # -- pages --------------------------------------------------------------------------------------------------------

    def _page(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            if request.method == "POST":
                return await self._sign_in(request)
            caller = self._access.caller(request.headers)
            return self._stranger(request) if caller is None else self._shell(page, request, caller)

        return serve

    def _shell(self, page: Page, request: Request, caller: Caller) -> Response:
        names = {key: str(value) for key, value in request.path_params.items()}
        text = self._templates.get_template("shell.html").render(
            page=page.name,
            ref=names.get("ref", ""),
            version=names.get("version", ""),
            title=page.title.format_map(names),
            static=self._static.url,
            modules=self._static.modules("app.js", f"pages/{page.name}.js"),
            places=PLACES,
            release=__version__,
            store=self._store,
            writable=caller.role >= Role.WRITE,
            session=self._sessions.caller(request.headers) is not None,
        )
        return HTMLResponse(text, headers=POLICY)

    def _plain(self, page: str, title: str, sentences: Sequence[str], status: int = 200, **more: Any) -> Response:
        given = {"asks": False, "trouble": "", "forward": "", "at_once": False, **more}
        text = self._templates.get_template("plain.html").render(
            page=page, title=title, sentences=sentences, static=self._static.url, **given
        )
        return HTMLResponse(text, status, headers=POLICY)

    # -- signing in and out -------------------------------------------------------------------------------------------

    def _stranger(self, request: Request, trouble: str = "", status: int = 401) -> Response:
        """Return the page for somebody who is not known: it says what lets them in, at the address they wanted."""
        asks = bool(self._access.tokens)
        sentences = [*(START_AGAIN if self._key else ()), *([TOKEN_WANTED] if asks else [])]
        title = OVER if self._sessions.shown(request.headers) else NO_SESSION
        return self._plain("sign-in", title, sentences, status, asks=asks, trouble=trouble)

    async def _sign_in(self, request: Request) -> Response:
        """Exchange a token for a session, and go on to the page that was asked for."""
        client = request.client.host if request.client else ""
        if not self._tries.allowed(client):
            note(request, NOBODY, 429)
            response = self._stranger(request, f"Too many tries. Wait {SECONDS:g} seconds, then try again.", 429)
            response.headers["retry-after"] = f"{SECONDS:g}"
            return response
        caller = self._access.tokens.caller(await _token(request))
        if caller is None:
            self._tries.failed(client)
            note(request, NOBODY, 401)
            return self._stranger(request, "This token is not known here.", 401)
        place = quote(request.scope["path"]) + (f"?{request.url.query}" if request.url.query else "")
        return self._begin(request, caller, RedirectResponse(place, 303))

    async def _start(self, request: Request) -> Response:
        """Exchange the key of the start address for a session."""
        shown = request.query_params.get("key", "")
        if request.method == "GET" and self._key is not None and self._key.take(shown):
            response = self._begin(request, Caller("browser", Role.WRITE), self._go_on(request))
        elif self._access.caller(request.headers) is not None:
            response = self._go_on(request)
        else:
            note(request, NOBODY, 403)
            response = self._plain("sign-in", "This start address lets nobody in (any more)", START_AGAIN, 403)
        response.headers["referrer-policy"] = "no-referrer"  # the key is in the address
        return response

    def _go_on(self, request: Request) -> Response:
        """Lead to the first page.

        Where another page or a file led here, browsers send no strict cookie with what they are redirected to: then
        a page of our own leads on.
        """
        if request.headers.get("sec-fetch-site", "none") in OWN_SITES:
            return RedirectResponse("/", 303)
        return self._plain("start", "Signed in", [], forward="/", at_once=True)

    def _begin(self, request: Request, caller: Caller, response: Response) -> Response:
        note(request, caller.name, response.status_code)
        self._sessions.end(request.headers)
        secure = "https" in (request.url.scheme, request.headers.get("origin", "").partition(":")[0])
        response.headers["set-cookie"] = cookie(request.headers, self._sessions.begin(caller), secure=secure)
        return response

    async def _sign_out(self, request: Request) -> Response:
        if not from_own_page(request.headers):
            return PlainTextResponse("Only a page of this server signs out", 403)
        caller = self._sessions.caller(request.headers)
        note(request, caller.name if caller else NOBODY, 303)
        self._sessions.end(request.headers)
        response = RedirectResponse("/", 303)
        response.headers["set-cookie"] = cookie(request.headers, "", secure=False)
        return response


async def _token(request: Request) -> str:
    """Return the token of a form; "" for what is no form, or too long to be one."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_FORM:
            return ""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return ""
    return parse_qs(body.decode("latin-1")).get("token", [""])[-1].strip()
