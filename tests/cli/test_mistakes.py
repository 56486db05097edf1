"""From an exception to one clean message and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import click
import pytest

from sweeper.cli.mistakes import call
from sweeper.errors import ConfigError, LeaseHeld, NotFound, Problem, StoreNewer, SweeperError


def command_that(error: BaseException) -> click.Command:
    @click.command()
    def fails() -> None:
        raise error

    return fails


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (SweeperError("no trial completed"), 1, "error: no trial completed\n"),
        (NotFound("sweep", "digts", ["digits"]), 2, "error: no sweep 'digts'; did you mean 'digits'?\n"),
        (StoreNewer("written by version 9"), 3, "error: written by version 9\n"),
        (LeaseHeld("held by host a"), 4, "error: held by host a\n"),
        (ConfigError([Problem("is missing", "metric", 3, "a.yaml")]), 2, "error: a.yaml:3: metric: is missing\n"),
        (ConfigError([Problem("one"), Problem("two")]), 2, "error: 2 problems\n  one\n  two\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "error: Permission denied: /x\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted\n"),
        (click.Abort(), 130, "\ninterrupted\n"),
    ],
)
def test_each_error_has_its_sentence_and_exit_code(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(command_that(error), []) == code
    captured = capsys.readouterr()
    assert captured.err == told
    assert captured.out == ""


def test_an_unexpected_error_says_how_to_get_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(command_that(ValueError("boom\nmore")), []) == 1
    told = capsys.readouterr().err
    assert "error: something went wrong inside sweeper: ValueError: boom\n" in told
    assert "SWEEPER_DEBUG=1" in told
    assert "Traceback" not in told


def test_with_debug_the_traceback_is_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWEEPER_DEBUG", "1")
    assert call(command_that(NotFound("sweep", "x")), []) == 2
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert told.endswith("error: no sweep 'x'\n")


def test_a_message_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    call(command_that(SweeperError("name \x1b[2J\x07")), [])
    assert capsys.readouterr().err == "error: name \\x1b[2J\\x07\n"


def test_a_mistyped_option_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    @click.option("--trials")
    @click.option("--workers")
    def run(trials: str | None, workers: str | None) -> None:
        raise AssertionError

    assert call(run, ["--trails", "3"]) == 2
    assert capsys.readouterr().err.startswith("error: no option '--trails'; did you mean '--trials'?\n  see: sweeper")


def test_a_shared_option_before_the_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    from sweeper.cli.app import app

    assert call(app, ["--json", "ls"]) == 2
    assert "--json goes behind the command: sweeper COMMAND --json" in capsys.readouterr().err


def test_a_missing_argument_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    from sweeper.cli.app import app

    assert call(app, ["show"]) == 2
    assert capsys.readouterr().err == "error: missing argument 'SWEEP|TRIAL'\n  see: sweeper show --help\n"


def test_the_exit_code_is_what_the_command_returns() -> None:
    @click.command()
    def four() -> int:
        return 4

    assert call(four, []) == 4


def test_warnings_are_one_line_without_a_place_in_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def warns() -> None:
        warnings.warn("entry point 'x' is skipped:\nit is broken", stacklevel=1)
        warnings.warn("inner matter", ResourceWarning, stacklevel=1)

    assert call(warns, []) == 0
    assert capsys.readouterr().err == "warning: entry point 'x' is skipped: it is broken\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = (
        "import click, sys\nfrom sweeper.cli.mistakes import call\n"
        "@click.command()\ndef many():\n    [click.echo('x' * 100) for _ in range(100_000)]\n"
        "sys.exit(call(many, []))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


def test_module_and_script_are_the_same_command(tmp_path: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1"}
    command = [sys.executable, "-m", "sweeper", "nowhere"]
    root = str(Path(__file__).parents[2])
    result = subprocess.run(
        command, capture_output=True, text=True, env={**environment, "PYTHONPATH": root}, cwd=tmp_path
    )
    assert result.returncode == 2
    assert result.stderr.startswith("error: no command 'nowhere'; ")
    assert list(tmp_path.iterdir()) == []
