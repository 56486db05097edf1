"""A sweep to take along: its page as one file."""

from __future__ import annotations

from starlette.responses import Response

from sweeper.server.api.heavy import few
from sweeper.server.context import Context
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import get
from sweeper.web.names import stem_of
from sweeper.web.sweep import found


def report(ctx: Context, ask: Fields) -> Response:
    from sweeper.report.write import report_page

    sweep = found(ctx.store, ask.text("ref"))
    headers = {
        "content-disposition": f'attachment; filename="{stem_of(sweep)}.html"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return Response(report_page(ctx.store, sweep).encode("utf-8", "replace"), media_type="text/html", headers=headers)


ROUTES = (get("sweeps/{ref}/report.html", few(report)),)
