"""Drafts of the next sweep: they are made for whoever may read, and written nowhere."""

from __future__ import annotations

from typing import Any

from sweeper.errors import UsageError
from sweeper.server.api.heavy import few
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import post
from sweeper.server.security.tokens import Role
from sweeper.web.draft import alike, draft_of_selection, draft_recommended
from sweeper.web.picked import Wish
from sweeper.web.sweep import found

MOST = 200  #: sweeps that a draft learns from


def draft(ctx: Context, ask: Fields) -> dict[str, Any]:
    sweep = found(ctx.store, ask.text("ref"))
    if ask.flag("recommended"):
        named = ask.texts("sweeps")
        if len(named) > MOST:
            raise UsageError(f"'sweeps' names {len(named):,} sweeps; a draft is made from at most {MOST}")
        refs = list(dict.fromkeys([sweep.id, *named])) if named else alike(ctx.store, sweep)
        return draft_recommended(ctx.store, refs, accepted(ask.raw("accept")), ask.text("metric") or None)
    wish = Wish(
        text=ask.text("f"),
        numbers=[_number(text) for text in ask.texts("numbers")],
        top=ask.number("top"),
        margin=ask.number("margin") or 0.0,
        goal=ask.whole("goal") or 0,
    )
    return draft_of_selection(ctx.store, sweep, wish)


def accepted(value: Any) -> dict[str, bool]:
    """Return which parameters' new ranges are taken."""
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(taken, bool) for taken in value.values()):
        raise UsageError("'accept' has to be an object with true or false for each parameter")
    return value


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise UsageError(f"'numbers' holds {text[:40]!r}; it has to be a list of trial numbers")
    return int(text)


ROUTES = (post("sweeps/{ref}/draft", few(draft), Role.READ),)
