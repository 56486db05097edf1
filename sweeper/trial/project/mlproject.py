"""The file ``MLproject``: entry points with typed parameters, and what environment they want."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any, Literal, get_args

from sweeper.config.files import read_text
from sweeper.config.places import Places, read_yaml
from sweeper.config.wording import near, nearest, shown
from sweeper.errors import ConfigError, ObjectiveError, Problem, suggest
from sweeper.trial.values import text

Kind = Literal["string", "float", "path", "uri"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FILE = "MLproject"
KEYS = ("name", "python_env", "conda_env", "docker_env", "entry_points", "databricks_spark_job")
REFUSED = {
    "docker_env": "containers are not started here; use python_env, or the sweep file's command: [docker, run, ...]",
    "databricks_spark_job": "jobs of Databricks are not started here",
}
SCRIPTS = {".py": "python", ".sh": "${SHELL:-bash}"}  #: files that are entry points by themselves
_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.-]*)\}")


@dataclass(frozen=True, slots=True)
class ProjectParameter:
    """A parameter of an entry point; ``default`` is its text, None: it must be given."""

    name: str
    kind: Kind = "string"
    default: str | None = None


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A command of a project, with ``{name}`` where a parameter goes.

    ``open``: it is a file by itself, and takes any parameters as ``--name value``.
    """

    name: str
    command: str
    parameters: Mapping[str, ProjectParameter] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with an ``MLproject``, or without one. ``environment`` is the file that describes it, or None."""

    folder: Path
    name: str
    entry_points: Mapping[str, EntryPoint]
    environment: Path | None = None

    def entry_point(self, name: str) -> EntryPoint:
        """Return an entry point: one that is declared, or a script in the folder. Raises ObjectiveError."""
        if name in self.entry_points:
            return self.entry_points[name]
        script = self.folder / name
        if script.suffix in SCRIPTS and script.is_file() and script.resolve().is_relative_to(self.folder.resolve()):
            return EntryPoint(name, f"{SCRIPTS[script.suffix]} {name}", open=True)
        scripts = sorted(path.name for path in self.folder.iterdir() if path.suffix in SCRIPTS)
        raise ObjectiveError(
            f"project {self.name} has no entry point {name!r}; {suggest(name, [*self.entry_points, *scripts])}"
        )


def read_project(folder: Path) -> Project:
    """Read the ``MLproject`` of a folder, if it has one. Raises ConfigError with every problem, each at its line."""
    file = next((path for path in sorted(folder.iterdir()) if path.name.lower() == FILE.lower()), None)
    if file is None:
        return Project(folder, folder.name, {}, _environment(folder, {}, Places(), []))
    data, places, problems = read_yaml(read_text(file, str(file)), str(file))
    if not isinstance(data, dict):
        raise ConfigError([Problem("must be a mapping with entry_points", file=str(file))])
    for key in data:
        if key in REFUSED:
            problems.append(places.problem(key, REFUSED[key]))
        elif key not in KEYS and near(key, KEYS, cutoff=0.75):
            problems.append(places.problem(key, f"is not a key of an MLproject; {nearest(key, KEYS)}"))
    points = data.get("entry_points") or {}
    if not isinstance(points, dict):
        problems.append(places.problem("entry_points", f"must be a mapping of names, got {shown(points)}"))
        points = {}
    found = {name: _entry_point(name, block, places, problems) for name, block in points.items()}
    environment = _environment(folder, data, places, problems)
    if problems:
        raise ConfigError(problems)
    return Project(folder, str(data.get("name") or folder.name), found, environment)


def fields(command: str, known: Mapping[str, object]) -> list[str]:
    """Return the names that ``{name}`` of a command asks for and nobody declares."""
    return [found[1] for found in _PLACE.finditer(command) if found[1] and found[1] not in known]


def fill(command: str, values: Mapping[str, str]) -> str:
    """Return the command with values in their places, as ``str.format`` does: ``{{`` and ``}}`` are braces.

    Where braces hold something else than names of parameters, as a shell's and awk's do, all others stay as they are.
    """
    try:
        formatted = all(name is None or name in values for _, name, _, _ in Formatter().parse(command))
    except ValueError:
        formatted = False

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0] if formatted else found[0]
        return values.get(found[1], found[0])

    return _PLACE.sub(put, command)


def _entry_point(name: str, block: Any, places: Places, problems: list[Problem]) -> EntryPoint:
    here = f"entry_points.{name}"
    if not isinstance(block, dict) or not isinstance(block.get("command"), str):
        problems.append(places.problem(here, "needs a command, such as command: python train.py --lr {lr}"))
        return EntryPoint(name, "")
    for key in block:
        if key not in ("command", "parameters"):
            known = nearest(key, ("command", "parameters"))
            problems.append(places.problem(f"{here}.{key}", f"is not a key of an entry point; {known}"))
    given = block.get("parameters") or {}
    if not isinstance(given, dict):
        problems.append(places.problem(f"{here}.parameters", f"must be a mapping of names, got {shown(given)}"))
        given = {}
    parameters = {
        key: _parameter(key, item, f"{here}.parameters.{key}", places, problems) for key, item in given.items()
    }
    for unknown in fields(block["command"], parameters):
        hint = nearest(unknown, parameters)
        problems.append(
            places.problem(f"{here}.command", f"uses {{{unknown}}}, which parameters does not declare; {hint}")
        )
    return EntryPoint(name, block["command"], parameters)


def _parameter(name: str, block: Any, here: str, places: Places, problems: list[Problem]) -> ProjectParameter:
    written = block if isinstance(block, dict) else {"type": block if block is not None else "string"}
    named, default = written.get("type", "string"), written.get("default")
    kind = next((known for known in KINDS if known == named), None)
    if kind is None:
        problems.append(places.problem(here, f"there is no type {shown(named)}; {nearest(str(named), KINDS)}"))
        kind = "string"
    if default is not None and kind == "float" and not is_number(text(default)):
        problems.append(places.problem(here, f"the default {shown(default)} is no number"))
    return ProjectParameter(name, kind, None if default is None else text(default))


def _environment(folder: Path, data: Mapping[str, Any], places: Places, problems: list[Problem]) -> Path | None:
    """Return the file that describes the environment: the one that is named, else one by its usual name."""
    for key in ("python_env", "conda_env"):
        if isinstance(named := data.get(key), str):
            path = folder / named
            if not path.is_file():
                around = sorted(item.name for item in path.parent.glob("*")) if path.parent.is_dir() else []
                problems.append(places.problem(key, f"there is no file {path}; {nearest(path.name, around)}"))
            return path
        if named is not None:
            problems.append(places.problem(key, f"must be the name of a file, got {shown(named)}"))
    usual = ("python_env.yaml", "conda.yaml", "requirements.txt")
    return next((folder / name for name in usual if (folder / name).is_file()), None)


def is_number(written: str) -> bool:
    """Does a text spell a number?"""
    try:
        float(written)
    except ValueError:
        return False
    return True
