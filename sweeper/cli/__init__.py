"""The command line: one file per group of commands, each imported only when one of its commands is called.

``app`` has the table of commands, ``lazy`` the group that imports them, ``session`` what every command
shares, ``mistakes`` the way from an exception to one clean message and an exit code, ``progress`` the live
views.
"""

from __future__ import annotations

import sys


def main() -> None:
    """The command ``sweeper``: run it and end the process with its exit code."""
    from sweeper.cli.app import app
    from sweeper.cli.mistakes import call

    sys.exit(call(app, sys.argv[1:]))
