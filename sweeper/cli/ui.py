"""``sweeper ui``: the pages for one person on this machine, opened in their browser."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

import click

from sweeper.cli import browser
from sweeper.cli.session import Session, Whole, command
from sweeper.errors import UsageError

if TYPE_CHECKING:
    import socket

    from sweeper.server.late import LateStore
    from sweeper.server.security.sessions import StartKey
    from sweeper.store.store import SqlStore

PORT, NEXT_ONES = 5000, 50  #: the usual port, and how many after it are tried
QUERY_SECONDS = 30.0  #: for one request's queries
PATIENCE = 2.0  #: seconds for the store to open before the pages do without it


@command("ui")
@click.option("--port", type=Whole(0, 65535), help=f"Port; 0 takes a free one. Default: {PORT}, or the next free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
@click.option("--read-only", is_flag=True, help="Change nothing: look at the store only.")
def ui(session: Session, port: int | None, host: str, no_browser: bool, read_only: bool) -> None:
    """Open pages that show the store: sweeps, trials, ranges, models.

    \b
    Example:
      sweeper ui
      sweeper ui --no-browser --port 0
    """
    from sweeper.server.app import assemble
    from sweeper.server.late import LateStore
    from sweeper.server.listen import serve
    from sweeper.server.security.access import Access
    from sweeper.server.security.hosts import HostPolicy, is_loopback
    from sweeper.server.security.neighbours import OwnUser
    from sweeper.server.security.sessions import StartKey
    from sweeper.server.security.tokens import Tokens, read
    from sweeper.server.shell import Shell
    from sweeper.store.url import locate

    _insist_on_database(session.store_url)
    if not is_loopback(host):
        _beside(session, "warning: other machines reach this address, and what is sent is not encrypted.")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    access, key = Access(Tokens(read(None)), HostPolicy(host), closed=True, read_only=read_only), StartKey()
    opened = LateStore(locate(session.store_url).shown, lambda: _open(session.store_url, read_only))
    try:
        opened.wait(PATIENCE)
        listening = _listen(session, host, port)
        with TemporaryDirectory(prefix="sweeper-ui-") as folder:
            door = _Door(session, listening, key, opened, None if no_browser else Path(folder))
            app = assemble(opened, access, shell=Shell(access, key, store=opened.url))
            serve(app, listening, door.open, http=OwnUser)
    finally:
        opened.close()


def _insist_on_database(store_url: str | None) -> None:
    from sweeper.store.url import server_of

    if server := server_of(store_url):
        raise UsageError(f"{server} is a server with pages of its own: open that address in the browser")


def _open(store_url: str | None, read_only: bool) -> SqlStore:
    from sweeper.store import open_database

    store = open_database(store_url, read_only=read_only)
    store.limit_reads(QUERY_SECONDS)
    return store


def _listen(session: Session, host: str, port: int | None) -> socket.socket:
    """Listen where it was said; where nothing was said, at the usual port or the next free one."""
    from sweeper.server.listen import Taken, listen

    if port is not None:
        return listen(host, port)
    for free in range(PORT, PORT + NEXT_ONES):
        try:
            listening = listen(host, free)
        except Taken:
            continue
        if free != PORT:
            _beside(session, f"Port {PORT} is taken, by another sweeper ui perhaps: this one is at {free}.")
        return listening
    raise UsageError(f"no port from {PORT} to {PORT + NEXT_ONES - 1} is free. To take any: --port 0")


class _Door:
    """What is told once the pages can be reached, and how a browser gets there."""

    def __init__(
        self, session: Session, listening: socket.socket, key: StartKey, opened: LateStore, folder: Path | None
    ) -> None:
        from sweeper.server.listen import address

        self._session, self._key, self._opened = session, key, opened
        self._port = listening.getsockname()[1]
        self._origin = address(listening).replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]")
        self._folder = folder

    def open(self) -> None:
        session, start = self._session, self._start()
        if not self._opened.ready:
            _beside(session, f"warning: the store is not open: {self._opened.why}. The pages say so and try again.")
        if session.as_json:
            session.emit({"url": start, "origin": self._origin, "store": self._opened.url})
            return
        click.echo(start)
        if not browser.can_open():
            _beside(session, f"From another machine: {browser.tunnel(self._port)}, then open this address there.")
        elif self._folder is not None:
            Thread(target=self._show, args=(start, self._folder), daemon=True).start()
        _beside(session, f"{self._opened.url}. The address works once. Enter: a new one. Ctrl-C ends it.")
        if sys.stdin.isatty():
            signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # in the background there is nobody to read from
            Thread(target=self._renew, daemon=True).start()

    def _start(self) -> str:
        return f"{self._origin}/start?key={self._key.renew()}"

    def _show(self, start: str, folder: Path) -> None:
        if not browser.open_privately(start, folder):
            _beside(self._session, "No browser was found: open the address above.")

    def _renew(self) -> None:
        """Print a new address for each Enter. Not by ``sys.stdin``: its lock would be in the way at the end."""
        try:
            while os.read(sys.stdin.fileno(), 4096):
                click.echo(self._start())
        except OSError:
            pass


def _beside(session: Session, text: str) -> None:
    """Say something beside the address, which stays alone on stdout."""
    if not session.quiet:
        click.echo(text, err=True)
