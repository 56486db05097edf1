"""Wishes to a sweep: pause, resume, stop, cancel. Its controller follows them, wherever it runs."""

from __future__ import annotations

from typing import Any

from sweeper.controller.provenance import user
from sweeper.errors import UsageError, suggest
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import post
from sweeper.web.front import front
from sweeper.web.shapes import sweep_shape
from sweeper.web.sweep import found

ANYBODY = "anybody"  #: the caller where nobody needs a token


def control(ctx: Context, fields: Fields) -> dict[str, Any]:
    """Hand on a wish and answer with the sweep as it then stands; a controller gets five seconds to follow."""
    from sweeper.controller.wishes import FOLLOWED, ask  # it brings all that a controller needs

    sweep, wanted = found(ctx.store, fields.text("ref")), fields.text("wanted", required=True)
    if wanted not in FOLLOWED:
        raise UsageError(f"nobody can wish {wanted[:40]!r}; {suggest(wanted, FOLLOWED)}")
    by = ctx.caller.name if ctx.caller.name != ANYBODY else user() or "somebody"
    followed = ask(ctx.store, sweep, wanted, by)
    return sweep_shape(followed, front(ctx.store, followed))


ROUTES = (post("sweeps/{ref}/control", control),)
