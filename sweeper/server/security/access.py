"""Who is let in, and as whom: by a token, by the session of a browser, or everybody where nothing is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sweeper.server.security.hosts import HostPolicy
from sweeper.server.security.sessions import Sessions
from sweeper.server.security.tokens import Caller, Role, Tokens, presented

READING = ("GET", "HEAD", "OPTIONS")
ANYBODY = Caller("anybody", Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in. Where there is neither a token nor ``closed``, the server is for this machine alone: everybody.

    ``sessions``: those of browsers. ``closed``: only who has a token or a session, although there may be no token.
    ``read_only``: nobody changes anything, whatever their role.
    """

    tokens: Tokens
    hosts: HostPolicy
    sessions: Sessions = field(default_factory=Sessions)
    closed: bool = False
    read_only: bool = False

    def caller(self, headers: Mapping[str, str], method: str = "GET") -> Caller | None:
        """Return who sent a request; None when they have to say first who they are."""
        known = self._known(headers, method) if self.tokens or self.closed else ANYBODY
        if known is None or not self.read_only:
            return known
        return replace(known, role=min(known.role, Role.READ))

    def why_not(self, caller: Caller) -> str:
        """Return in words why a caller's role is not enough."""
        if self.read_only:
            return "Nothing can be changed here: this server was started with --read-only."
        return f"The token of {caller.name!r} does not allow this."

    def who_first(self, headers: Mapping[str, str]) -> str:
        """Return in words what somebody has to do who is not known."""
        if self.sessions.caller(headers) is not None:
            return "A request that changes something has to name the page that it comes from (Origin)."
        if self.sessions.shown(headers):
            return "The session of this browser is over. Reload the page: it says how to sign in again."
        return "A token is needed (MLFLOW_TRACKING_TOKEN or SWEEPER_TOKEN)."

    def _known(self, headers: Mapping[str, str], method: str) -> Caller | None:
        if "authorization" in headers:
            return self.tokens.caller(presented(headers))
        if method in READING or from_own_page(headers):
            return self.sessions.caller(headers)
        return None


def from_own_page(headers: Mapping[str, str]) -> bool:
    """Return whether a browser says that a page of this server sent a request.

    The gate has refused what names another origin or site by then; this asks that one is named at all, since a
    browser sends a cookie along whoever made it ask.
    """
    return "origin" in headers or headers.get("sec-fetch-site") == "same-origin"
