"""The gate that every request passes first: addressed to us, not sent by a foreign page, well formed.

Plain ASGI, before anything is read. What it refuses, it refuses on every path alike.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect

from sweeper.server.security.hosts import HostPolicy, split_host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS = 60.0  #: within which a body has to be there ...
SLOWEST = 1024  #: ... or else bytes a second that it has to make on the whole
READING = ("GET", "HEAD", "OPTIONS")
OWN_SITES = ("same-origin", "none")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
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
        sending = _with_headers(send)
        try:
            await self._app(scope, _in_time(receive), sending)
        except ClientDisconnect:
            pass
        except _TooSlow:
            await _refuse(sending, "The body of this request does not arrive", 408)

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


class _TooSlow(BaseException):
    """Passes through whatever handles errors of requests."""


def _in_time(receive: Receive) -> Receive:
    """Wait for a body, but not for ever; a long one may take longer than a short one."""
    began, size, whole = time.monotonic(), 0, False

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal size, whole
        if whole:
            return await receive()  # for the end of the connection
        left = began + max(BODY_SECONDS, size / SLOWEST) - time.monotonic()
        try:
            async with asyncio.timeout(left):
                message = await receive()
        except TimeoutError:
            raise _TooSlow from None
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return message

    return receiving


async def _refuse(send: Send, why: str, status: int = 403) -> None:
    body = why.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *HEADERS,
        *([(b"connection", b"close")] if status == 408 else ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
