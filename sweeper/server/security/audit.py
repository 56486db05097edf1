"""Who changed what, and who signed in: one line of JSON each, in which no character can begin another line."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from starlette.requests import Request

log = logging.getLogger("sweeper.server.audit")

TELLING = ("wanted", "run_id", "model", "name", "version", "alias", "stage", "artifact", "status")
LONGEST = 200  #: characters of one value


def note(request: Request, by: str, status: int, asked: Callable[[str], object] | None = None) -> None:
    """Keep that ``by`` asked for a change. ``asked`` gives the fields of the request: those that name what it is
    about are kept, and no others; the query of an address is not, a key may stand in it."""
    if not log.isEnabledFor(logging.INFO):
        return
    line = {
        "by": by,
        "from": request.client.host if request.client else "",
        "method": request.method,
        "path": request.scope["path"],
        "status": status,
    }
    told = {name: _short(value) for name in TELLING if asked and (value := asked(name)) is not None}
    log.info(json.dumps({**line, "asked": told} if told else line))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
