"""The documents are right: their Python runs, their YAML is valid, their commands work, their links lead somewhere.

In a document all ``python`` blocks together are one script. A ``yaml`` block is a sweep file; one that has only some
of its keys is completed. The lines ``$ sweeper ...`` of ``console`` blocks run one after another in one folder. Those
of ``sh`` blocks need what is not there, or never end: their command, arguments and options are read, and nothing runs.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from sweeper import plugins
from sweeper.cli.app import COMMANDS, app
from sweeper.cli.lazy import LazyGroup
from sweeper.cli.mistakes import call
from sweeper.config import json_schema, load_config
from sweeper.space.grammar import KEYS as PARAMETER_KEYS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
WHOLE = {
    "objective": "train.py:train",
    "metric": {"name": "accuracy"},
    "parameters": {"n_estimators": {"min": 20, "max": 400}},
}


def blocks(name: str, language: str) -> list[str]:
    return [match[2] for match in FENCE.finditer((ROOT / name).read_text("utf-8")) if match[1] == language]


def having(language: str) -> list[str]:
    return [name for name in NAMES if blocks(name, language)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=170)


@pytest.mark.parametrize("name", having("python"))
def test_python_blocks_run(folder: Path, name: str) -> None:
    script = folder / "script.py"
    script.write_text("\n\n".join(blocks(name, "python")), encoding="utf-8")
    done = run(folder, sys.executable, str(script))
    assert done.returncode == 0, done.stderr


def yaml_blocks() -> Iterator[tuple[str, int, str]]:
    for name in having("yaml"):
        for number, text in enumerate(blocks(name, "yaml")):
            yield name, number, text


@pytest.mark.parametrize(("name", "number", "text"), list(yaml_blocks()))
def test_yaml_blocks_are_sweep_files(folder: Path, name: str, number: int, text: str) -> None:
    written = yaml.safe_load(text)
    both = {"metric": "metrics", "parameters": "search_space"}
    missing = {key: value for key, value in WHOLE.items() if key not in written and both.get(key) not in written}
    if {"command", "program", "mlproject"} & set(written):
        missing.pop("objective")
    (folder / "sweep.yaml").write_text(text + "\n" + yaml.safe_dump(missing) if missing else text, encoding="utf-8")
    (folder / "train.py").write_text("def train(**params):\n    return 0.0\n")
    methods = ["auto", *plugins.names("sampler")]
    config = load_config("sweep.yaml", methods=methods, executors=plugins.names("executor"))
    assert config.space.parameters


@pytest.mark.parametrize("name", having("console"))
def test_commands_work(folder: Path, name: str) -> None:
    lines = [line for block in blocks(name, "console") for line in block.splitlines()]
    commands = [shlex.split(line[2:]) for line in lines if line.startswith("$ ")]
    assert commands
    for command in commands:
        assert command[0] == "sweeper"
        assert call(app, command[1:]) == 0, shlex.join(command)


@pytest.mark.parametrize("name", having("sh"))
def test_commands_that_are_not_run_can_be_read(name: str) -> None:
    lines = [line for block in blocks(name, "sh") for line in block.splitlines() if line.startswith("$ sweeper ")]
    for line in lines:
        command: click.Command = app
        words = shlex.split(line)[2:]
        while isinstance(command, LazyGroup):
            assert words[0] in command.table, line
            command = command.table[words.pop(0)].load()
        command.make_context(line, words)


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_a_file_and_a_heading(name: str) -> None:
    for link in LINK.findall((ROOT / name).read_text("utf-8")):
        if "://" in link:
            continue
        file, _, heading = link.partition("#")
        target = (ROOT / name).parent / file if file else ROOT / name
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles], link


def commands_of(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    assert isinstance(group, LazyGroup)
    for name, entry in group.table.items():
        command = entry.load()
        if isinstance(command, LazyGroup):
            yield from commands_of(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


ALL_COMMANDS = dict(commands_of(app))


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_every_command_and_option_has_its_place_in_the_reference(command: str) -> None:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    section = re.search(rf"^### {command.split()[0]}\n(.*?)(?=^##)", text + "\n##", re.MULTILINE | re.DOTALL)
    assert section, f"docs/cli.md has no section {command}"
    assert f"$ sweeper {command}" in section[1]
    shared = {"--store", "--quiet", "-q", "--json", "--help", "-h"}
    for param in ALL_COMMANDS[command].params:
        for spelling in (*param.opts, *param.secondary_opts):
            if spelling.startswith("-") and spelling not in shared:
                assert f"`{spelling}" in section[1] or f" {spelling}" in section[1], f"{command}: {spelling}"


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text[text.index("## Commands") : text.index("## Where to go next")]
    assert not [name for name in COMMANDS if not re.search(rf"\b{name}\b", table)]


def test_the_page_of_the_sweep_file_names_every_key() -> None:
    text = (ROOT / "docs" / "sweep-file.md").read_text("utf-8")
    assert not [key for key in json_schema()["properties"] if f"`{key}" not in text]


def test_the_page_of_samplers_names_every_method() -> None:
    text = (ROOT / "docs" / "samplers.md").read_text("utf-8")
    assert not [name for name in ("auto", *plugins.names("sampler")) if f"| `{name}` |" not in text]


def test_the_page_of_the_sweep_file_names_every_way_to_stop_early() -> None:
    text = (ROOT / "docs" / "sweep-file.md").read_text("utf-8")
    assert not [name for name in plugins.names("pruner") if f"`{name}`" not in text]


def test_the_page_of_spaces_names_every_key_and_distribution() -> None:
    from sweeper.space.distributions import DISTRIBUTIONS

    text = (ROOT / "docs" / "search-space.md").read_text("utf-8")
    assert not [word for word in (*PARAMETER_KEYS, *DISTRIBUTIONS) if not re.search(rf"\b{word}\b", text)]


def test_nobody_is_told_to_install_what_belongs_to_somebody_else() -> None:
    for name in NAMES:
        assert not re.search(r"pip install (-\S+ )*['\"]?sweeper\b(?!-)", (ROOT / name).read_text("utf-8")), name
