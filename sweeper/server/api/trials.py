"""One run: everything about it, its metric histories, its log."""

from __future__ import annotations

from typing import Any

from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get
from sweeper.web.finding import find_run
from sweeper.web.histories import MOST, histories
from sweeper.web.logs import log
from sweeper.web.run import run_page

FURTHEST = 100_000  #: points of one curve
TAIL = -65536


def page(ctx: Context, ask: Fields) -> dict[str, Any]:
    return run_page(ctx.store, ctx.files, ask.text("run_id"))


def metrics(ctx: Context, ask: Fields) -> dict[str, Any]:
    run = find_run(ctx.store, ask.text("run_id"))
    names = [name for text in ask.texts("names") for name in text.split(",") if name]
    points = min(max(ask.whole("points") or MOST, 1), FURTHEST)
    return histories(ctx.store, run, names, points)


def output(ctx: Context, ask: Fields) -> dict[str, Any]:
    run = find_run(ctx.store, ask.text("run_id"))
    first = ask.whole("from", TAIL)
    return log(ctx.store, run, TAIL if first is None else first, ask.whole("to"), attempt=ask.whole("attempt"))


ROUTES: tuple[Route, ...] = (
    get("trials/{run_id}", page),
    get("trials/{run_id}/metrics", metrics),
    get("trials/{run_id}/log", output),
)
