"""Sweeps side by side."""

from __future__ import annotations

from typing import Any

from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get


def compare(ctx: Context, ask: Fields) -> dict[str, Any]:
    from sweeper.analysis.compare import compare as compared
    from sweeper.web.compared import compare_page

    refs = [ref for text in ask.texts("s") for ref in text.split(",") if ref]
    found = compared(ctx.store, [ctx.store.find_sweep(ref) for ref in refs], ask.text("metric") or None)
    return compare_page(found)


ROUTES: tuple[Route, ...] = (get("compare", compare),)
