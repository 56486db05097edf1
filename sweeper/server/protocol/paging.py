"""Page tokens: where the next page begins, opaque to clients."""

from __future__ import annotations

import base64
import binascii
import json

from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.fields import Fields

FURTHEST = 2**31 - 1


def offset(ask: Fields) -> int:
    """Return how many results come before the wanted page."""
    token = ask.text("page_token")
    if not token:
        return 0
    try:
        found = json.loads(base64.urlsafe_b64decode(token.encode("ascii")))["offset"]
        if type(found) is int and 0 <= found <= FURTHEST:
            return found
    except (binascii.Error, KeyError, TypeError, ValueError):
        pass
    raise Refused(f"Invalid page token {token[:80]!r}: it is none that this server gave.")


def token(place: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"offset": place}).encode()).decode("ascii")
