"""The ranges of parameters over past sweeps."""

from __future__ import annotations

from typing import Any

from sweeper.analysis.ranges.gathering import MERGEABLE
from sweeper.analysis.ranges.past import Wanted
from sweeper.errors import UsageError, suggest
from sweeper.server.api.drafts import MOST, accepted
from sweeper.server.api.heavy import few
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get, post
from sweeper.server.security.tokens import Role
from sweeper.web.draft import draft_recommended
from sweeper.web.ranged import ranges_page


def ranges(ctx: Context, ask: Fields) -> dict[str, Any]:
    merge = _listed(ask, "merge")
    for aspect in merge:
        if aspect not in MERGEABLE:
            raise UsageError(f"merge {aspect!r}: {suggest(aspect, MERGEABLE)}")
    refs = tuple(dict.fromkeys(_listed(ask, "sweeps")))
    if len(refs) > MOST:
        raise UsageError(f"'sweeps' names {len(refs):,} sweeps; at most {MOST} are looked at together")
    wanted = Wanted(
        refs,
        ask.text("objective") or None,
        ask.text("name") or None,
        ask.text("experiment") or None,
        ask.text("metric") or None,
        _tags(ask),
    )
    return ranges_page(ctx.store, wanted, merge, _listed(ask, "p"))


def draft(ctx: Context, ask: Fields) -> dict[str, Any]:
    """The next sweep that these sweeps recommend, without the parameters that ``accept`` says no to."""
    refs = list(dict.fromkeys(_listed(ask, "sweeps")))
    if not 1 <= len(refs) <= MOST:
        raise UsageError(f"'sweeps' names {len(refs)} sweeps; a draft is made from 1 to {MOST}")
    return draft_recommended(ctx.store, refs, accepted(ask.raw("accept")), ask.text("metric") or None)


def _listed(ask: Fields, name: str) -> list[str]:
    """Return the values of a repeated field, each of which may hold several with commas between them."""
    return [part for text in ask.texts(name) for part in text.split(",") if part]


def _tags(ask: Fields) -> dict[str, str]:
    found = {}
    for text in ask.texts("tag"):
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UsageError(f"tag {text!r}: write KEY=VALUE")
        found[key] = value
    return found


ROUTES: tuple[Route, ...] = (get("ranges", ranges), post("ranges/draft", few(draft), Role.READ))
