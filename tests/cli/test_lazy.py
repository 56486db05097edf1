"""The group that imports a command when it is called."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from sweeper.cli.app import COMMANDS, app
from sweeper.cli.lazy import Entry, LazyGroup


@click.command("hello")
def hello() -> None:
    """Say hello."""
    click.echo("hello")


GROUP = LazyGroup(
    "group",
    table={
        "hello": Entry(f"{__name__}:hello", "Say hello.", "Words"),
        "broken": Entry("sweeper.cli.nowhere:broken", "Is never imported.", "Words"),
    },
)


def test_help_lists_sections_without_importing_a_command() -> None:
    result = CliRunner().invoke(GROUP, ["--help"])
    assert result.exit_code == 0
    assert "Words:\n  hello   Say hello.\n  broken  Is never imported." in result.output


def test_no_arguments_give_the_help() -> None:
    assert CliRunner().invoke(GROUP, []).output == CliRunner().invoke(GROUP, ["--help"]).output


def test_a_command_is_imported_and_run_when_called() -> None:
    assert CliRunner().invoke(GROUP, ["hello"]).output == "hello\n"


def test_a_mistyped_command_gets_the_nearest() -> None:
    result = CliRunner().invoke(GROUP, ["helo"])
    assert result.exit_code == 2
    assert "no command 'helo'; did you mean 'hello'?" in result.output


def test_a_far_off_command_gets_the_choices() -> None:
    assert "choose from: hello, broken" in CliRunner().invoke(GROUP, ["xyz"]).output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_says_the_same(name: str) -> None:
    command = COMMANDS[name].load()
    assert command.name == name
    assert isinstance(command, LazyGroup) or {"--store", "--quiet", "--json"} <= {
        spelling for param in command.params for spelling in param.opts
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert "Example:\n    sweeper " in result.output


def test_the_help_of_sweeper_imports_no_command() -> None:
    code = (
        "import sys\nfrom sweeper.cli.app import app\n"
        "app.main(['--help'], standalone_mode=False)\n"
        "print('\\n'.join(name for name in sys.modules if name.startswith('sweeper.')))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {line for line in result.stdout.splitlines() if line.startswith("sweeper.")}
    assert "sweeper.cli.lazy" in loaded
    assert not loaded & {entry.target.partition(":")[0] for entry in COMMANDS.values()}
