"""Parameters of a sweep and of an entry point: do they fit, and the command line with values in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sweeper.errors import ObjectiveError, UsageError, suggest
from sweeper.space import SearchSpace
from sweeper.trial.project.mlproject import EntryPoint, ProjectParameter, fill, is_number
from sweeper.trial.values import text

MOST = 1000  #: values of a parameter that are looked at before a sweep starts
_URI = re.compile(r"[A-Za-z][\w+.-]*:.+")


def check_space(entry: EntryPoint, space: SearchSpace, base: Path) -> None:
    """Raise ObjectiveError unless the space gives an entry point what it declares: names, types, nothing missing."""
    if entry.open:
        return
    problems = list(_names(entry, {name: not parameter.when for name, parameter in space.parameters.items()}))
    for name, parameter in space.parameters.items():
        declared = entry.parameters.get(name)
        if declared is None or declared.kind == "string" or (declared.kind == "float" and parameter.is_numeric):
            continue
        size = parameter.size()
        values = parameter.grid() if size is not None and size <= MOST else [parameter.decode(0.5)]
        problems += list(dict.fromkeys(filter(None, (_misfit(declared, value, base) for value in values))))[:3]
    for declared in entry.parameters.values():
        if declared.name not in space.parameters and declared.default is not None:
            problems += filter(None, [_misfit(declared, declared.default, base)])
    if problems:
        raise ObjectiveError("; ".join(problems))


def command_line(entry: EntryPoint, params: Mapping[str, Any], base: Path) -> str:
    """Return the command for a shell: defaults filled in, every value quoted.

    ``base`` is where paths are looked up. Raises UsageError for values that do not fit.
    """
    if entry.open:
        pairs = (f"--{name} {shlex.quote(text(value))}" for name, value in params.items())
        return " ".join([entry.command, *pairs])
    problems = list(_names(entry, dict.fromkeys(params, True)))
    values = {name: parameter.default for name, parameter in entry.parameters.items()} | dict(params)
    given = [(entry.parameters[name], value) for name, value in values.items() if name in entry.parameters]
    problems += filter(None, (_misfit(parameter, value, base) for parameter, value in given if value is not None))
    if problems:
        raise UsageError("; ".join(problems))
    return fill(entry.command, {p.name: shlex.quote(_written(p, value, base)) for p, value in given})


def _names(entry: EntryPoint, given: Mapping[str, bool]) -> Iterator[str]:
    """Names that do not fit. ``given`` tells of each parameter whether it is always there."""
    for name in given:
        if name not in entry.parameters:
            yield f"entry point {entry.name} declares no parameter {name!r}; {suggest(name, entry.parameters)}"
    for parameter in entry.parameters.values():
        if parameter.default is None and not given.get(parameter.name):
            under = ": the space leaves it out under a condition" if parameter.name in given else ""
            wanted = "needs a default for" if under else "needs a value for"
            yield f"entry point {entry.name} {wanted} {parameter.name!r}{under}"


def _misfit(parameter: ProjectParameter, value: Any, base: Path) -> str:
    """Return what is wrong with a value of a parameter, or ""."""
    written = text(value)
    if parameter.kind == "float" and (isinstance(value, bool) or not is_number(written)):
        return f"{parameter.name} must be a number (type float), got {written!r}"
    if parameter.kind == "uri" and not _URI.fullmatch(written):
        return f"{parameter.name} must be a URI such as s3://bucket/file, got {written!r}"
    if parameter.kind == "path":
        if "://" in written:
            return f"{parameter.name} must be a path of this host, got {written!r}; for an address use the type uri"
        if not (base / written).exists():
            return f"{parameter.name}: there is no file or folder {base / written}"
    return ""


def _written(parameter: ProjectParameter, value: Any, base: Path) -> str:
    return str((base / text(value)).resolve()) if parameter.kind == "path" else text(value)
