"""Which names a request may be addressed to: against pages that point a name of theirs at this machine.

(DNS rebinding.) The Host is taken apart and compared, never matched by pattern: ``10.evil.example`` is not ``10.*``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-_]+)(?::(?P<port>\d{1,5}))?")
LOCAL = "localhost"


def split_host(value: str) -> tuple[str, str] | None:
    """Return (name, port) of a Host header or of the part of a URL that is like one; None when it is neither."""
    found = _HOST.fullmatch(value)
    if found is None:
        return None
    return found["name"].strip("[]").lower().removesuffix("."), found["port"] or ""


def is_loopback(name: str) -> bool:
    """Return whether a name or address can only mean this machine."""
    if name == LOCAL:
        return True
    address = _address(name)
    return address is not None and address.is_loopback


class HostPolicy:
    """The names by which a server bound to ``bound`` may be called, besides those in ``allowed``.

    A name is ``name`` or ``name:port``. Literal addresses are safe: a page cannot point an address elsewhere. So a
    server bound to every address takes any literal one, and one bound to a single address takes that one.
    """

    def __init__(self, bound: str, allowed: Iterable[str] = ()) -> None:
        self._bound = _address(bound)
        self._allowed = {bound.lower(), LOCAL, *(name.lower() for name in allowed)}

    def allows(self, value: str) -> bool:
        parts = split_host(value)
        if parts is None:
            return False
        name, port = parts
        if name in self._allowed or f"{name}:{port}" in self._allowed:
            return True
        address = _address(name)
        if address is None or self._bound is None:
            return False
        if self._bound.is_unspecified:
            return True
        return address == self._bound or (self._bound.is_loopback and address.is_loopback)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
