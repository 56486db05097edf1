"""Other users of this machine: Linux tells whose socket is at the other end of a connection from it.

A cookie may get into the wrong hands, since cookies know of no ports; what the kernel says of a socket does not.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from asyncio import BaseTransport, Transport
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from sweeper.server.security.connections import Guarded

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
ESTABLISHED = "01"
ROOT = 0
WORDS = b"These pages belong to another user of this machine. For several users: sweeper server.\n"
REFUSAL = (
    b"HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
    b"connection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(WORDS), WORDS)
)


class OwnUser(Guarded):
    """A connection that only the user of this process may open, or root, or another machine."""

    def connection_made(self, transport: BaseTransport) -> None:
        peer, here = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if peer and here and is_foreign((peer[0], peer[1]), (here[0], here[1]), os.getuid()):
            cast(Transport, transport).write(REFUSAL)
            transport.close()
            return
        super().connection_made(transport)


def is_foreign(client: tuple[str, int], server: tuple[str, int], user: int, tables: Iterable[Path] = TABLES) -> bool:
    """Return whether a connection comes from another user's program on this machine than ``user``'s or root's.

    What cannot be known is not foreign: another machine, another system. Root serves whoever sits there (sudo). A
    socket that was closed already has no user any more, so it is foreign.
    """
    if user == ROOT:
        return False
    for state, owner in _sockets(_address(client), _address(server), tables):
        return state != ESTABLISHED or owner not in (user, ROOT)
    return False


def _sockets(local: str, remote: str, tables: Iterable[Path]) -> Iterator[tuple[str, int]]:
    """Give (state, user) of each socket with these two ends."""
    for table in tables:
        try:
            lines = table.read_text("utf-8").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if len(fields) > 7 and fields[1] == local and fields[2] == remote:
                yield fields[3], int(fields[7])


def _address(end: tuple[str, int]) -> str:
    """Return an address and a port as the kernel's tables have them: words of 32 bits in the machine's order."""
    found = ipaddress.ip_address(end[0].partition("%")[0])
    packed = (getattr(found, "ipv4_mapped", None) or found).packed
    words = (int.from_bytes(packed[at : at + 4], sys.byteorder) for at in range(0, len(packed), 4))
    return "".join(f"{word:08X}" for word in words) + f":{end[1]:04X}"
