"""Sweeps side by side."""

from __future__ import annotations

from typing import Any

from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get
from sweeper.web.compared import compare_page


def compare(ctx: Context, ask: Fields) -> dict[str, Any]:
    refs = [ref for text in ask.texts("s") for ref in text.split(",") if ref]
    return compare_page(ctx.store, refs, ask.text("metric") or None)


ROUTES: tuple[Route, ...] = (get("compare", compare),)
