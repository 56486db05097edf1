"""What a sweep file runs: ``objective``, ``command`` with ``program``, or ``mlproject``."""

from __future__ import annotations

import ast
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from sweeper.config.lookup import Lookup
from sweeper.config.sweep import WANDB_COMMAND, ObjectiveSpec
from sweeper.config.wording import nearest

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
_INTERPRETER = re.compile(r"python[\d.]*|(ba|da|z|k)?sh|Rscript|julia|perl|ruby|node|lua")
_SCRIPT = re.compile(r"[^-$\s][^$\s]*\.(py|sh|R|r|jl|pl|rb|js|lua)")
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
    path = str(Path(path).resolve()) if lookup.folders else path
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
    problems: list[tuple[str, str]] = []
    notices: list[str] = []
    path = None
    if command is None:
        command = list(WANDB_COMMAND)
    if not isinstance(command, list) or not all(isinstance(word, str) for word in command) or not command:
        words = shlex.split(command) if isinstance(command, str) else ["python", "train.py", "${args}"]
        example = "[" + ", ".join(words) + "]"
        return Found(problems=[("command", f"must be a list of words such as {example}, got {command!r}")])
    for number, word in enumerate(command):
        problems += [(f"command.{number}", problem) for problem in _macro_problems(word)]
        notices += _unset_variables(word)
    if isinstance(program, str) and "${program}" in command:
        path = lookup.find(program)
        if path is None:
            problems.append(("program", lookup.missing(program)))
    elif "${program}" in command:
        problems.append(("command", "uses ${program}, but the key program is missing: write program: train.py"))
    elif isinstance(program, str):
        notices.append(f"program {program} is not used: command has no ${{program}}")
    if (script := _script(command)) is not None and lookup.find(command[script]) is None:
        problems.append((f"command.{script}", lookup.missing(command[script])))
    found = tuple(_beside(word, lookup) for word in command)
    return Found(ObjectiveSpec("command", found, program=path, base=lookup.base), problems, notices)


def _macro_problems(word: str) -> Iterator[str]:
    """A macro is a word of its own; only ``${envvar:NAME}`` may stand inside one, and what is a shell's own."""
    if re.fullmatch(r"\$\{\w+\}", word) and word not in MACROS:
        yield f"{word} is not a macro; {nearest(word, MACROS)}"
    for macro in MACROS:
        if macro in word and word != macro:
            yield f"{macro} must be a word of its own, got {word!r}"


def _unset_variables(word: str) -> Iterator[str]:
    for name in re.findall(r"\$\{envvar:([^}]*)\}", word):
        if name not in os.environ:
            yield f"command: the environment has no variable {name}; ${{envvar:{name}}} stands for {name}, as in W&B"


def _script(words: list[str]) -> int | None:
    """Return the place of the script that an interpreter is given; None when there is none to be seen."""
    for place in range(1, len(words)):
        before = PurePath(words[place - 1]).name
        if before == "${interpreter}" or _INTERPRETER.fullmatch(before):
            return place if _SCRIPT.fullmatch(words[place]) else None
    return None


def _beside(word: str, lookup: Lookup) -> str:
    """Return the absolute path for a word that is the path of a file beside the sweep file, else the word."""
    if not lookup.folders or not re.search(r"[./]", word) or word.startswith(("-", "$")):
        return word
    found = lookup.find(word)
    return found if found is not None and Path(found).is_file() else word
