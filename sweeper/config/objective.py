"""What a sweep file runs: ``objective``, ``command`` with ``program``, or ``mlproject``."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sweeper.config.lookup import Lookup
from sweeper.config.sweep import ObjectiveSpec
from sweeper.config.wording import near, nearest

WANDB_COMMAND = ("${env}", "${interpreter}", "${program}", "${args}")
MACROS = (
    "${env}",
    "${interpreter}",
    "${program}",
    "${args}",
    "${args_no_hyphens}",
    "${args_no_boolean_flags}",
    "${args_no_equals}",
    "${args_append_hydra}",
    "${args_override_hydra}",
    "${args_json}",
    "${args_json_file}",
)

_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_REMOTE = re.compile(r"\w[\w+.-]*://|[\w.-]+@[\w.-]+:")
_FORMS = "must be file.py:function or package.module:function"


class Found(NamedTuple):
    """An objective; problems as (path, sentence); notices."""

    spec: ObjectiveSpec | None = None
    problems: list[tuple[str, str]] = []
    notices: list[str] = []


def read_objective(data: Mapping[str, Any], lookup: Lookup) -> Found:
    """Return what the file runs, with every problem about it. Values of the wrong type are left to the models."""
    match data:
        case {"objective": str(target)}:
            return _function(target, lookup)
        case {"mlproject": {"uri": str(uri), **others}}:
            return _project(uri, others.get("entry_point"), lookup)
        case {"command": _} | {"program": _}:
            return _command(data.get("command"), data.get("program"), lookup)
    return Found()


def _function(target: str, lookup: Lookup) -> Found:
    place, _, function = target.rpartition(":")
    if target.endswith(".py"):
        place, function = target, ""
    in_file = place.endswith(".py")
    if not in_file and not (_DOTTED.fullmatch(place) and _DOTTED.fullmatch(function)):
        return Found(problems=[("objective", f"{_FORMS}, got {target!r}")])
    if not in_file:
        return Found(ObjectiveSpec("function", target, base=lookup.base))
    if (path := lookup.find(place)) is None:
        return Found(problems=[("objective", lookup.missing(place))])
    if not function and not lookup.folders:
        return Found(problems=[("objective", f"{_FORMS}, got {target!r}")])
    problem = _no_such_function(Path(path), function) if lookup.folders else ""
    if problem:
        return Found(problems=[("objective", problem)])
    return Found(ObjectiveSpec("function", f"{path}:{function}", base=lookup.base))


def _no_such_function(path: Path, function: str) -> str:
    """Return what is wrong with naming ``function`` in ``path``, without running the file; "" when nothing is."""
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError, OSError) as error:
        return f"{path} cannot be read as Python: {error}"
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
    if not function:
        example = functions[0] if functions else "function"
        return f"{_FORMS}; say which function, such as {path.name}:{example}"
    names = set(_bound_names(tree))
    if function.partition(".")[0] in names or "*" in names:
        return ""
    return f"{path.name} has no function {function!r}; {nearest(function, functions)}"


def _bound_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from ((alias.asname or alias.name).partition(".")[0] for alias in aliases)


def _project(uri: str, entry_point: object, lookup: Lookup) -> Found:
    place, hash_mark, rest = uri.partition("#")
    if not _REMOTE.match(uri):
        if (path := lookup.find(place)) is None:
            return Found(problems=[("mlproject.uri", lookup.missing(place))])
        uri = path + hash_mark + rest
    return Found(ObjectiveSpec("project", uri, entry_point=str(entry_point or "main"), base=lookup.base))


def _command(command: object, program: object, lookup: Lookup) -> Found:
    problems, notices, path = [], [], None
    if command is None:
        command = list(WANDB_COMMAND)
    if not isinstance(command, list) or not all(isinstance(word, str) for word in command) or not command:
        words = shlex.split(command) if isinstance(command, str) else ["python", "train.py", "${args}"]
        example = "[" + ", ".join(words) + "]"
        return Found(problems=[("command", f"must be a list of words such as {example}, got {command!r}")])
    for word in command:
        if re.fullmatch(r"\$\{\w+\}", word) and word not in MACROS:
            hint = f"; did you mean {near(word, MACROS)[0]}?" if near(word, MACROS) else ""
            notices.append(f"command: {word} is not a macro and is left out, as W&B does{hint}")
    if isinstance(program, str) and "${program}" in command:
        path = lookup.find(program)
        if path is None:
            problems.append(("program", lookup.missing(program)))
    elif "${program}" in command:
        problems.append(("command", "uses ${program}, but the key program is missing: write program: train.py"))
    return Found(ObjectiveSpec("command", tuple(command), program=path, base=lookup.base), problems, notices)
