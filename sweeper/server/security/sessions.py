"""Sessions of browsers: a random id in a cookie that no script sees, its caller kept here until the process ends.

A session is made anew at each sign-in and never taken from a client. Cookies know of no ports, so the name of ours has
the port in it: pages of two servers on one machine do not sign one another out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from sweeper.server.security.hosts import split_host
from sweeper.server.security.tokens import Caller

NAME = "sweeper"
MOST = 1000  #: sessions at the same time; the oldest ends first
LONGEST = 30 * 24 * 3600.0  #: seconds that one lasts


class Sessions:
    """Who has signed in with which browser. Safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[bytes, tuple[Caller, float]] = {}
        self._lock = Lock()

    def begin(self, caller: Caller) -> str:
        """Return the id of a new session."""
        made = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._open) >= MOST:
                del self._open[next(iter(self._open))]
            self._open[_kept(made)] = (caller, self._clock() + LONGEST)
        return made

    def caller(self, headers: Mapping[str, str]) -> Caller | None:
        """Return whose session the cookies of a request name."""
        for shown in self.shown(headers):
            caller, until = self._open.get(_kept(shown), (None, 0.0))
            if caller is not None and self._clock() < until:
                return caller
        return None

    def end(self, headers: Mapping[str, str]) -> None:
        """End the session that the cookies of a request name."""
        with self._lock:
            for shown in self.shown(headers):
                self._open.pop(_kept(shown), None)

    def shown(self, headers: Mapping[str, str]) -> list[str]:
        """Return the ids in the cookies of a request: several, when somebody else put one there, too."""
        wanted = cookie_name(headers)
        return [value for name, value in _cookies(headers.get("cookie", "")) if name == wanted]


class StartKey:
    """What is exchanged for a session, once: 256 random bits in the address that the owner of a terminal reads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.renew()

    def renew(self) -> str:
        """Return a new key; the one before lets nobody in any more."""
        with self._lock:
            self._value, self._used = secrets.token_urlsafe(32), False
            return self._value

    def take(self, shown: str) -> bool:
        """Return whether ``shown`` is the key and comes for the first time."""
        with self._lock:
            if not hmac.compare_digest(_kept(shown), _kept(self._value)) or self._used:
                return False
            self._used = True
            return True


def cookie_name(headers: Mapping[str, str]) -> str:
    """Return how the cookie of a session is called: by the port that the browser knows, also through a tunnel."""
    _, port = split_host(headers.get("host", "")) or ("", "")
    return f"{NAME}_{port}" if port else NAME


def cookie(headers: Mapping[str, str], value: str, *, secure: bool) -> str:
    """Return the header that gives a browser its session; with the value "" the one that takes it away."""
    parts = [f"{cookie_name(headers)}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    return "; ".join(parts + ["Secure"] * secure + ["Max-Age=0"] * (not value))


def _cookies(header: str) -> Iterator[tuple[str, str]]:
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        yield name, value


def _kept(shown: str) -> bytes:
    """Return how an id is kept and found: hashed, so the time of a search tells nothing of those that exist."""
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).digest()
