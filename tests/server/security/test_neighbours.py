"""Whose socket is at the other end: read from the kernel's tables, and from real ones."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sweeper.server.security import neighbours
from sweeper.server.security.connections import Guarded
from sweeper.server.security.neighbours import OwnUser, is_foreign

ME, OTHER = 1000, 1001
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these tables")
little = pytest.mark.skipif(sys.byteorder != "little", reason="written as a little-endian machine has them")


def line(local: str, remote: str, state: str, user: int) -> str:
    return (
        f"   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  {user}        0 1 1 0 20 4 30 10 -1\n"
    )


@pytest.fixture
def tables(tmp_path: Path) -> list[Path]:
    """Port 40000 of this machine is mine, 40001 another's, 40002 root's, 40003 was closed; all lead to port 5000."""
    v4 = [("9C40", "01", ME), ("9C41", "01", OTHER), ("9C42", "01", 0), ("9C43", "05", 0), ("9C43", "06", 0)]
    made = [tmp_path / "tcp", tmp_path / "none", tmp_path / "tcp6"]
    text = "".join(line(f"0100007F:{port}", "0100007F:1388", state, user) for port, state, user in v4)
    back = line("0100007F:1388", "0100007F:9C41", "01", ME)  # our own end of it
    made[0].write_text(HEAD + back + text + "broken\n")
    one = "0" * 24 + "01000000"
    made[2].write_text(HEAD + line(f"{one}:9C41", f"{one}:1388", "01", OTHER))
    return made


@little
@pytest.mark.parametrize(
    ("client", "foreign"),
    [
        (("127.0.0.1", 40000), False),
        (("127.0.0.1", 40001), True),
        (("::ffff:127.0.0.1", 40001), True),
        (("127.0.0.1", 40002), False),
        (("127.0.0.1", 40003), True),
        (("127.0.0.1", 40009), False),
        (("192.0.2.1", 40001), False),
    ],
)
def test_another_users_connection_is_foreign(tables: list[Path], client: tuple[str, int], foreign: bool) -> None:
    assert is_foreign(client, ("127.0.0.1", 5000), ME, tables) is foreign
    assert not is_foreign(client, ("127.0.0.1", 5001), ME, tables)
    assert not is_foreign(client, ("127.0.0.1", 5000), 0, tables)


@little
def test_also_by_the_other_protocol(tables: list[Path]) -> None:
    assert is_foreign(("::1", 40001), ("::1", 5000), ME, tables)
    assert not is_foreign(("::1", 40001), ("::1", 5000), OTHER, tables)
    assert not is_foreign(("::1", 40000), ("::1", 5000), ME, tables)


@contextmanager
def connected(family: socket.AddressFamily, host: str) -> Iterator[tuple[Any, Any, int]]:
    """A real connection; the ends of its client, and whose it is: not root's, also where root runs the tests."""
    user = os.getuid() or ME
    with socket.socket(family) as listening:
        listening.bind((host, 0))
        listening.listen()
        os.seteuid(user)  # a socket is its maker's
        client = socket.socket(family)
        os.seteuid(os.getuid())
        client.connect(listening.getsockname()[:2])
        with client, listening.accept()[0]:
            yield client.getsockname()[:2], client.getpeername()[:2], user


@LINUX
@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_real_sockets_are_found(family: socket.AddressFamily, host: str) -> None:
    with connected(family, host) as (client, server, user):
        assert not is_foreign(client, server, user)
        assert is_foreign(client, server, user + 1)


@pytest.mark.parametrize("foreign", [True, False])
def test_a_foreign_connection_is_told_so_and_hears_nothing_else(foreign: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "is_foreign", lambda *ends: foreign)
    began: list[object] = []
    monkeypatch.setattr(Guarded, "connection_made", lambda self, transport: began.append(transport))
    monkeypatch.setattr(Guarded, "__init__", lambda self: setattr(self, "_transport", None))

    async def ask() -> bytes:
        server = await asyncio.get_running_loop().create_server(OwnUser, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await asyncio.wait_for(reader.read(), 0.2 if not foreign else 20)
        except TimeoutError:
            return b"waits"
        finally:
            writer.close()
            server.close()

    said = asyncio.run(ask())
    if foreign:
        assert said.startswith(b"HTTP/1.1 403 ")
        assert b"another user of this machine" in said
    assert bool(began) is not foreign
