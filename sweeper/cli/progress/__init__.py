"""Live views of a running sweep: hooks that the controller tells what happens.

``summary`` computes the words once; ``live`` (a terminal), ``plain`` (a pipe or a file) and ``notebook`` show
them.
"""

from __future__ import annotations

import os
import sys
from typing import Literal, TextIO

from sweeper.cli.progress.view import View

Kind = Literal["auto", "live", "plain", "notebook", "quiet"]

__all__ = ["Kind", "View", "choose"]


def choose(kind: Kind = "auto", stream: TextIO | None = None) -> View:
    """Return the view for where we are: a notebook, a terminal, anything else; "quiet" shows nothing.

    ``stream`` is where text goes, stdout by default. Close the view when the sweep is over, however it ended.
    """
    stream = stream or sys.stdout
    if kind == "auto":
        kind = "notebook" if in_notebook() else "live" if _is_terminal(stream) else "plain"
    if kind == "notebook":
        from sweeper.cli.progress.notebook import NotebookView

        return NotebookView(stream)
    if kind == "live":
        from sweeper.cli.progress.live import LiveView

        return LiveView(stream)
    if kind == "plain":
        from sweeper.cli.progress.plain import PlainView

        return PlainView(stream)
    return View()


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
