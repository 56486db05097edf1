"""Where each key of a YAML file stands: its line by dotted path, and what YAML alone would let pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.reader import ReaderError

from sweeper.errors import ConfigError, Problem
from sweeper.space.yaml import FLOAT, INT

MAX_KEYS = 100_000  #: a file with more is an accident, or aliases that multiply one another

_MERGE, _TEXT = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"


class Loader(yaml.SafeLoader):
    """The safe loader with numbers as the search space reads them: 1e-5 is one, and a date is text."""


_NUMBERS = {"tag:yaml.org,2002:float": FLOAT, "tag:yaml.org,2002:int": INT}
Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in _NUMBERS and "timestamp" not in tag]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern in _NUMBERS.items():
    Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern.pattern})$", re.VERBOSE), list("-+.0123456789"))


@dataclass(frozen=True)
class Place:
    """Where something was written: a file or ``--set``, and a 1-based line when there is one."""

    file: str = ""
    line: int | None = None


@dataclass
class Places:
    """Finds the place of a dotted path, or of the nearest thing around it."""

    file: str = ""
    known: dict[str, Place] = field(default_factory=dict)

    def of(self, path: str) -> Place:
        while path:
            if path in self.known:
                return self.known[path]
            path = path.rpartition(".")[0]
        return self.known.get("", Place(self.file))

    def problem(self, path: str, message: str) -> Problem:
        place = self.of(path)
        return Problem(message, path, place.line, place.file)

    def below(self, other: Places, replaced: Sequence[str], shifted: tuple[str, int]) -> None:
        """Add the places of ``other``, except under ``replaced``; the list ``shifted`` begins that much later."""
        name, offset = shifted
        for path, place in other.known.items():
            key, _, number = path.partition(".")
            if key == name and number.isdecimal():
                path = f"{key}.{int(number) + offset}"
            if not any(path == gone or path.startswith(f"{gone}.") for gone in replaced):
                self.known.setdefault(path, place)

    def moved(self, path: str, place: Place) -> None:
        """From here on ``path``, all below it, and what it is an inner part of, stands at ``place``."""
        for key in [key for key in self.known if key.startswith(f"{path}.")]:
            del self.known[key]
        self.known[path] = place
        around = path.rpartition(".")[0]
        if "." in around:
            self.known[around] = place


def read_yaml(text: str, file: str) -> tuple[Any, Places, list[Problem]]:
    """Return the content, its places, and the duplicate keys found. Raises ConfigError for broken YAML."""
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        places, problems = _placed(node, file)
        return None if node is None else loader.construct_document(node), places, problems
    except RecursionError:
        raise ConfigError([Problem("nested too deeply, or an alias inside itself", file=file)]) from None
    except yaml.YAMLError as error:
        raise ConfigError([_syntax_problem(error, file)]) from None
    except (ValueError, OverflowError) as error:
        raise ConfigError([Problem(f"not valid YAML: {error}", file=file)]) from None


def _placed(node: yaml.Node | None, file: str) -> tuple[Places, list[Problem]]:
    places, problems = Places(file), list[Problem]()
    for path, line, message in _walk(node, "", file) if node else ():
        if message:
            problems.append(Problem(message, path, line, file))
        else:
            places.known.setdefault(path, Place(file, line))
        if len(places.known) > MAX_KEYS:
            raise ConfigError([Problem(f"more than {MAX_KEYS:,} keys", "", line, file)])
    return places, problems


def _walk(node: yaml.Node, path: str, file: str) -> Iterator[tuple[str, int, str]]:
    """Yield (path, line, complaint or "") for everything below ``node``."""
    inside = f"{path}." if path else ""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield f"{inside}{index}", item.start_mark.line + 1, ""
            yield from _walk(item, f"{inside}{index}", file)
    elif isinstance(node, yaml.MappingNode):
        first: dict[str, yaml.Node] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if key.tag == _MERGE:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                continue
            line = key.start_mark.line + 1
            if key.tag != _TEXT:
                raise ConfigError([_odd_key(key, file)])
            name = f"{inside}{key.value}"
            if (earlier := first.setdefault(key.value, key)) is not key:
                yield name, line, f"this key was already given on line {earlier.start_mark.line + 1}; keep one of them"
            yield name, line, ""
            yield from _walk(value, name, file)
        for value in merged:
            yield from _walk(value, path, file)


def _odd_key(key: yaml.Node, file: str) -> Problem:
    what = repr(key.value) if isinstance(key, yaml.ScalarNode) else "that is a list or a mapping"
    hint = "; put it in quotes" if isinstance(key, yaml.ScalarNode) else ""
    kind = " (YAML's word for true or false)" if key.tag.endswith(":bool") else ""
    return Problem(f"the key {what}{kind} is not text{hint}", "", key.start_mark.line + 1, file)


def _syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    if isinstance(error, ReaderError):
        return Problem(f"holds the character {chr(error.character)!r}, which YAML does not allow", file=file)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    if "'\\t'" in what:
        return Problem("a tab cannot indent YAML; use spaces", "", line, file)
    if "found another document" in what:
        return Problem("a second document begins here (---); a sweep file holds one", "", line, file)
    context, context_mark = getattr(error, "context", None), getattr(error, "context_mark", None)
    if context and context_mark:
        what = f"{what} {context} that began on line {context_mark.line + 1}"
    hint = "; quote text that contains ': '" if "mapping values are not allowed" in what else ""
    return Problem(f"not valid YAML: {what}{hint}", "", line, file)
