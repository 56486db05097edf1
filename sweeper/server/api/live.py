"""Telling pages what changes: one stream for each page that is looked at, or an answer when it asks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sweeper.errors import StoreError, UsageError
from sweeper.server.api.answers import said
from sweeper.server.api.words import told
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get
from sweeper.server.security.gate import Receive, Scope, Send
from sweeper.web.live import Live, live_of
from sweeper.web.plain import to_json

STREAMS = 64  #: at the same time; a page beyond that asks now and then instead
FULL = "TEMPORARILY_UNAVAILABLE"
SILENCE = 15.0  #: seconds after which a stream says that it is there
APART = 1.0  #: seconds between two messages about the whole store at least; of one sweep come up to four a second
RETRY = 2000  #: milliseconds after which a browser opens a stream again


def changes(ctx: Context, ask: Fields) -> dict[str, Any]:
    live, ref = live_of(ctx.store), ask.text("s")
    return live.news(ask.text("since"), live.find(ref) if ref else None)


async def events(ctx: Context, request: Request) -> Response:
    """Open a stream; one that is opened again begins with what changed since the last message it had."""
    live, ref = live_of(ctx.store), request.query_params.get("s")
    since = request.headers.get("last-event-id", "")

    def opened(ctx: Context, ask: Fields) -> Response:
        return Stream(live, live.find(ref) if ref else None, since)

    return await asyncio.to_thread(told(opened), ctx, Fields({}))


class Stream(Response):
    """Server-sent events until the client goes or the server ends. Costs one timer while nothing changes."""

    def __init__(self, live: Live, sweep_id: str | None, since: str) -> None:
        super().__init__(headers={"x-accel-buffering": "no"}, media_type="text/event-stream")
        del self.headers["content-length"]
        self._live, self._sweep, self._since, self._began = live, sweep_id, since, False
        self._woken, self._over = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._live.listening >= STREAMS:  # asked where it is taken, so that however many hurry, no more get in
            refused = {"error_code": FULL, "message": f"{STREAMS} pages listen already; this one has to ask."}
            await said(refused, 503)(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": b""})
            return
        loop, still_known = asyncio.get_running_loop(), scope.get("still_known", lambda: True)
        scope.setdefault("state", {})["end_stream"] = self._end
        gone = asyncio.create_task(self._wait_for_end(receive))
        stop = self._live.listen(lambda: _call(loop, self._woken.set))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await _say(send, f"retry: {RETRY}\n\n")
            await self._tell(send)
            while not self._over.is_set():
                woken = await _within(self._woken, SILENCE)
                if not still_known():  # signed out since
                    break
                if not woken:
                    await _say(send, ":\n\n")
                    continue
                self._woken.clear()
                await self._tell(send)
                if self._sweep is None:
                    await _within(self._over, APART)
            await send({"type": "http.response.body", "body": b""})
        finally:
            stop()
            gone.cancel()

    async def _tell(self, send: Send) -> None:
        """Send what is new, if this page is to know of it; a store that cannot be read now is asked again later."""
        try:
            told = await asyncio.to_thread(self._live.news, self._since, self._sweep)
        except UsageError:  # the store is closed, or the sweep is gone
            self._end()
            return
        except StoreError:
            asyncio.get_running_loop().call_later(APART, self._woken.set)
            return
        wanted = self._sweep in told["sweeps"] if self._sweep else told["rev"] != self._since
        self._since = told["rev"]
        if wanted or not self._began:
            self._began = True
            await _say(send, f"id: {told['rev']}\ndata: {to_json(told)}\n\n")

    async def _wait_for_end(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._end()

    def _end(self) -> None:
        self._over.set()
        self._woken.set()


def _call(loop: asyncio.AbstractEventLoop, function: Callable[[], None]) -> None:
    """Call a function in the thread of a loop, unless that has ended."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(function)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, but no longer than some seconds; return whether it came."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode("ascii"), "more_body": True})


ROUTES = (get("changes", changes), Route("GET", "events", events, body="bytes"))
