"""From an exception to one clean message on stderr and an exit code. Mistakes never show a traceback.

``SWEEPER_DEBUG=1`` in the environment shows it.
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import TextIO

import click
from click.shell_completion import shell_complete

from sweeper.cli.text import inert
from sweeper.errors import ConfigError, SweeperError, suggest

BUG, USAGE, INTERRUPTED = 1, 2, 130
PROGRAM, COMPLETE = "sweeper", "_SWEEPER_COMPLETE"  #: a shell sets the latter to ask for completions
EVERYWHERE = ("--store", "--quiet", "-q", "--json")


def call(command: click.Command, args: Sequence[str]) -> int:
    """Run ``command`` with ``args`` and return the exit code; every error is told on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if COMPLETE in os.environ:
        return shell_complete(command, {}, PROGRAM, COMPLETE, os.environ[COMPLETE])
    debug = bool(os.environ.get("SWEEPER_DEBUG"))
    with warnings.catch_warnings():
        if not debug:
            warnings.showwarning = _show_warning
        try:
            with command.make_context(PROGRAM, list(args)) as context:
                result = command.invoke(context)
            return _flushed(result if isinstance(result, int) else 0)
        except click.exceptions.Exit as done:
            return done.exit_code
        except BrokenPipeError:
            _close_quietly(sys.stdout)
            return 0
        except (KeyboardInterrupt, click.Abort):
            _tell("", "interrupted")
            return INTERRUPTED
        except Exception as error:
            if debug:
                traceback.print_exc()
            return _explain(error)


def _flushed(code: int) -> int:
    """Write what waits to be written; that nobody reads it any more does not change the exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly(sys.stdout)
    return code


def _explain(error: Exception) -> int:
    if isinstance(error, ConfigError):
        problems = [str(problem) for problem in error.problems]
        if len(problems) == 1:
            _tell(f"error: {problems[0]}")
        else:
            _tell(f"error: {len(problems)} problems", *(f"  {line}" for line in problems))
        return error.exit_code
    if isinstance(error, SweeperError):
        _tell(*f"error: {error}".splitlines())
        return error.exit_code
    if isinstance(error, click.ClickException):
        _tell(*_usage_lines(error))
        return USAGE
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        _tell(f"error: {error.strerror}{where}")
        return USAGE
    sentence = (str(error).strip() or "no message").splitlines()[0]
    _tell(
        f"error: something went wrong inside sweeper: {type(error).__name__}: {sentence}",
        "  To see the traceback, run it again with SWEEPER_DEBUG=1 in the environment",
    )
    return BUG


def _usage_lines(error: click.ClickException) -> list[str]:
    message = error.format_message().strip()
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        message = _no_option(error.option_name, ctx)
    elif message and not message.startswith("Error"):
        message = message[0].lower() + message[1:]
    lines = [f"error: {message.rstrip('.')}"]
    if isinstance(ctx, click.Context):
        lines.append(f"  see: {ctx.command_path} --help")
    return lines


def _no_option(name: str, ctx: click.Context | None) -> str:
    if ctx is None:
        return f"no option {name!r}"
    if name in EVERYWHERE and isinstance(ctx.command, click.Group):
        return f"{name} goes behind the command: {ctx.command_path} COMMAND {name}"
    options = [param for param in ctx.command.get_params(ctx) if isinstance(param, click.Option)]
    known = [spelling for option in options for spelling in option.opts]
    return f"no option {name!r}; {suggest(name, sorted(known), limit=20)}"


def _tell(*lines: str) -> None:
    red = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    try:
        for line in lines:
            text = inert(line)
            if red and text.startswith("error:"):
                text = f"\x1b[1;31merror:\x1b[0m{text[6:]}"
            print(text, file=sys.stderr, flush=True)
    except OSError:
        pass


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, UserWarning):
        _tell(f"warning: {' '.join(str(message).split())}")


def _close_quietly(stream: TextIO) -> None:
    """The reader of our output went away: the rest goes nowhere, also the interpreter's last flush."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        pass
