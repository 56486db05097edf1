"""Answers that take much time and memory: a few at the same time, so that readers cannot bring the server down."""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from sweeper.server.context import Context
from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.fields import Fields

AT_ONCE = 4  #: of all kinds together, and of all clients
room = BoundedSemaphore(AT_ONCE)


def few(handler: Callable[[Context, Fields], Any]) -> Callable[[Context, Fields], Any]:
    """Return a handler that is refused with a sentence while as many of its kind are at work."""

    def handle(ctx: Context, ask: Fields) -> Any:
        if not room.acquire(blocking=False):
            raise Refused(f"{AT_ONCE} large answers are being made. Try again in a moment.", "TEMPORARILY_UNAVAILABLE")
        try:
            return handler(ctx, ask)
        finally:
            room.release()

    return handle
