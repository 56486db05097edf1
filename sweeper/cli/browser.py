"""A browser on this machine: whether there is one, and how it gets an address that others must not see."""

from __future__ import annotations

import getpass
import html
import os
import socket
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path

SNAPS = Path("/snap/bin")  #: browsers from there see no file of ours
PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>sweeper</title><p><a href="{url}">Open the pages of sweeper</a></p>
"""


def can_open(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return whether a browser would open where the person is: not at the other end of ssh, not without a screen."""
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    if platform == "darwin" or environment.get("BROWSER"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def tunnel(port: int, environment: Mapping[str, str] = os.environ) -> str:
    """Return the command that brings a port of this machine to the one where the person sits."""
    connection = environment.get("SSH_CONNECTION", "").split()
    host = connection[2] if len(connection) == 4 else socket.gethostname()
    return f"ssh -L {port}:127.0.0.1:{port} {_user()}@{host}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number without a name, as in containers
        return "you"


def open_privately(url: str, folder: Path) -> bool:
    """Open a URL by way of a file in ``folder``: what a program is started with can be read by everybody here.

    Returns whether a browser was found.
    """
    try:
        if SNAPS.is_dir():
            return webbrowser.open(url)
        page = folder / "start.html"
        with open(os.open(page, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(PAGE.format(url=html.escape(url)))
        return webbrowser.open(page.as_uri())
    except (OSError, webbrowser.Error):
        return False
