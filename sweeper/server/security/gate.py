"""The gate that every request passes first: addressed to us, not sent by a foreign page, well formed.

Plain ASGI, before anything is read. What it refuses, it refuses on every path alike.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect

from sweeper.server.security.access import READING
from sweeper.server.security.hosts import HostPolicy, split_host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_SITES = ("same-origin", "none")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Gate:
    """Lets through what is addressed to this server and, when it changes something, does not come from another site."""

    def __init__(self, app: App, hosts: HostPolicy) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope) if scope["type"] == "http" else "Only HTTP is spoken here"
        if refusal:
            await _refuse(send, refusal)
            return
        with contextlib.suppress(ClientDisconnect):  # nobody is there to be told
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> str:
        hosts = _values(scope, b"host")
        if len(hosts) != 1 or not self._hosts.allows(hosts[0]):
            return "Invalid Host header: this server is not called by that name (see --allow-host)"
        if not scope.get("raw_path", b"/").startswith(b"/"):
            return "Only a path can be asked for"
        if scope["method"] in READING:
            return ""
        for origin in _values(scope, b"origin"):
            scheme, _, place = origin.partition("://")
            if scheme not in ("http", "https") or split_host(place) != split_host(hosts[0]):
                return "Cross-origin request blocked"
        if any(site not in OWN_SITES for site in _values(scope, b"sec-fetch-site")):
            return "Cross-origin request blocked"
        return ""


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *((name, value) for name, value in HEADERS if name not in given)]
        await send(message)

    return sending


async def _refuse(send: Send, why: str) -> None:
    body = why.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
