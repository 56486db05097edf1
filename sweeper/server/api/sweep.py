"""One sweep: what its page shows around the trials, why trials failed, curves."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import Response

from sweeper.errors import UsageError
from sweeper.server.api.answers import said
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import get
from sweeper.web import curves as curve_data
from sweeper.web import failures as failure_data
from sweeper.web.judging import judging_of
from sweeper.web.live import live_of
from sweeper.web.sweep import found, sweep_page

POINTS, MOST_POINTS = 300, 5000


def sweep(ctx: Context, ask: Fields) -> dict[str, Any]:
    return sweep_page(ctx.store, found(ctx.store, ask.text("ref")), time.time())


def failures(ctx: Context, ask: Fields) -> list[dict[str, Any]]:
    return failure_data.failures(ctx.store, found(ctx.store, ask.text("ref")))


def curves(ctx: Context, ask: Fields) -> dict[str, Any]:
    record = found(ctx.store, ask.text("ref"))
    points = min(max(ask.whole("points") or POINTS, 4), MOST_POINTS)
    return curve_data.curves(ctx.store, record, numbers_of(ask.text("numbers")), ask.text("metric"), points)


def importance(ctx: Context, ask: Fields) -> Response:
    record, goal = found(ctx.store, ask.text("ref")), ask.whole("goal") or 0
    if not 0 <= goal < len(record.goals):
        raise UsageError(f"goal {goal}: the sweep has {len(record.goals)}, counted from 0")
    answer, current = judging_of(ctx.store).ask(record, goal, rev=live_of(ctx.store).revision())
    return said(answer) if current else said({"state": "computing", "last": answer}, 202)


def numbers_of(text: str) -> list[int]:
    """Return trial numbers that are written with commas between them."""
    parts = [part for part in text.split(",") if part]
    if not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise UsageError(f"{text[:80]!r} has to be trial numbers with commas between them, such as 1,2,30")
    return [int(part) for part in parts]


ROUTES = (
    get("sweeps/{ref}", sweep),
    get("sweeps/{ref}/failures", failures),
    get("sweeps/{ref}/curves", curves),
    get("sweeps/{ref}/importance", importance),
)
