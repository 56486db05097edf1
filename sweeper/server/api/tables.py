"""The trials of a sweep, as rows for a table and as files."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.responses import Response, StreamingResponse

from sweeper.analysis import from_records
from sweeper.server.api.heavy import few
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import get
from sweeper.web import exports
from sweeper.web.names import stem_of
from sweeper.web.sweep import found
from sweeper.web.trials import chosen, records, trials_page

ROWS, MOST_ROWS = 100, 2000
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "parquet": "application/vnd.apache.parquet"}

STREAMED = ("csv", "json")  #: in pieces


def trials(ctx: Context, ask: Fields) -> dict[str, Any]:
    sweep, limit = found(ctx.store, ask.text("ref")), ask.whole("limit")
    return trials_page(
        ctx.store,
        sweep,
        ask.text("f"),
        ask.text("sort"),
        limit=ROWS if limit is None else min(max(limit, 0), MOST_ROWS),
        offset=max(ask.whole("offset") or 0, 0),
    )


def download(kind: str, ctx: Context, ask: Fields) -> Response:
    """Answer with a file; what it holds is decided before its first byte goes out."""
    sweep = found(ctx.store, ask.text("ref"))
    asked = chosen(ctx.store, sweep, ask.text("f"), ask.text("sort"))
    headers = {
        "content-disposition": f'attachment; filename="{stem_of(sweep)}-trials.{kind}"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    if kind == "parquet":
        data = exports.parquet(from_records(sweep, records(ctx.store, sweep, asked.numbers)))
        return Response(data, media_type=TYPES[kind], headers=headers)
    pieces = exports.csv_pieces if kind == "csv" else exports.json_pieces
    return StreamingResponse(pieces(ctx.store, sweep, asked), media_type=TYPES[kind], headers=headers)


ROUTES = (
    get("sweeps/{ref}/trials", trials),
    *(get(f"sweeps/{{ref}}/trials.{kind}", partial(download, kind)) for kind in STREAMED),
    get("sweeps/{ref}/trials.parquet", few(partial(download, "parquet"))),
)
