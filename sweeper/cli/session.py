"""What every command shares: the options ``--store --quiet --json``, where text goes, and the store."""

from __future__ import annotations

import functools
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

import click

from sweeper.web.plain import to_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from sweeper.interfaces import Store

WIDE = 10_000  #: columns when nobody looks: a pipe or a file gets whole lines


class Whole(click.IntRange):
    """A whole number within bounds, called so in messages."""

    name = "whole number"


def command(name: str, **settings: Any) -> Callable[[Callable[..., int | None]], click.Command]:
    """``click.command`` with the options each command has; the function gets a :class:`Session` first.

    The function returns its exit code (None: 0).
    """

    def decorate(function: Callable[..., int | None]) -> click.Command:
        @functools.wraps(function)
        def call(store_url: str | None, quiet: bool, as_json: bool, **options: Any) -> int | None:
            source = click.get_current_context().get_parameter_source("store_url")
            typed = source is click.core.ParameterSource.COMMANDLINE
            return function(Session(store_url, quiet, as_json, remind=typed), **options)

        made: click.Command = click.command(name, cls=click.Command, **settings)(call)
        made.params.extend(_shared_options())
        return made

    return decorate


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--store", "store_url"],
            envvar="SWEEPER_STORE",
            metavar="URL",
            help="The database of runs (or SWEEPER_STORE). Default: sqlite:///sweeper.db",
        ),
        click.Option(["--quiet", "-q"], is_flag=True, help="Nothing but what was asked for."),
        click.Option(["--json", "as_json"], is_flag=True, help="JSON on stdout, one compact object a line."),
    ]


@dataclass(frozen=True)
class Session:
    """One call of one command.

    ``remind``: commands to type next must name the store. ``unheard``: a reader of the output who goes away is no
    reason to end (``sweeper run FILE | head``).
    """

    store_url: str | None = None
    quiet: bool = False
    as_json: bool = False
    remind: bool = False
    unheard: bool = False

    @property
    def stream(self) -> TextIO:
        """Where text for people goes: stdout, or stderr when stdout is for JSON."""
        return sys.stderr if self.as_json else sys.stdout

    @cached_property
    def console(self) -> Console:
        """A console on :attr:`stream` that takes no text for markup, and cuts nothing when nobody looks."""
        from sweeper.cli.console import PlainConsole

        return PlainConsole(self.stream, width=None if self.stream.isatty() else WIDE)

    @contextmanager
    def store(self, *, read_only: bool = True, artifacts: str | None = None) -> Iterator[Store]:
        """The store of ``--store``, or the default one; closed at the end."""
        from sweeper.store import open_store

        store = open_store(self.store_url, read_only=read_only, artifacts=artifacts)
        try:
            yield store
        finally:
            store.close()

    def emit(self, value: Any) -> None:
        """One line of JSON on stdout."""
        with self._speaking():
            click.echo(to_json(value))

    def show(self, *parts: RenderableType) -> None:
        """What was asked for, in words: not printed with ``--json``."""
        if not self.as_json:
            self._print(parts)

    def say(self, *parts: RenderableType) -> None:
        """Something beside what was asked for: not printed with ``--quiet``."""
        if not self.quiet:
            self._print(parts)

    def hint(self, text: str) -> None:
        """A dim line: what was left out, what one may do. Not with ``--quiet`` or ``--json``."""
        if not self.quiet and not self.as_json:
            with self._speaking():
                self.console.print(text, style="dim", soft_wrap=True)

    def next(self, *commands: str) -> None:
        """Dim lines with commands to type next."""
        for i, command in enumerate(commands):
            self.hint(("      " if i else "next: ") + self.complete(command))

    def complete(self, command: str) -> str:
        """A command as it must be typed to find the same store."""
        if not (self.remind and self.store_url):
            return command
        from sweeper.config.secrets import mask_urls

        return f"{command} --store {shlex.quote(mask_urls(self.store_url))}"

    def _print(self, parts: Sequence[RenderableType]) -> None:
        with self._speaking():
            for part in parts:
                if self.console.is_terminal or isinstance(part, str):
                    self.console.print(part, soft_wrap=isinstance(part, str))
                    continue
                with self.console.capture() as captured:
                    self.console.print(part)
                for line in captured.get().splitlines():
                    self.stream.write(line.rstrip() + "\n")

    def _speaking(self) -> AbstractContextManager[None]:
        return suppress(OSError) if self.unheard else nullcontext()
