"""The console of every command: text is never markup, and a reader that goes away is told to the caller."""

from __future__ import annotations

from typing import NoReturn, TextIO

from rich.console import Console


class PlainConsole(Console):
    """Prints what it is given as it is. Raises BrokenPipeError, where rich would end the process."""

    def __init__(self, stream: TextIO, *, width: int | None = None) -> None:
        super().__init__(file=stream, width=width, markup=False, highlight=False, emoji=False)

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError
