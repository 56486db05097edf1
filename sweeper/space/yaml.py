"""YAML as this package reads and writes it: plain values only, and nothing that surprises.

Read: PyYAML's safe loader, with these differences: ``1e-5`` is a number; dates and ``1:30`` stay text; a key that
stands twice, an alias, more than 1 MB and more than 50 levels are refused. Written: in order, and floats that read
back exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sweeper.errors import ConfigError, Problem

LARGEST = 1_000_000  #: bytes of a file
DEEPEST = 50  #: levels of nesting

FLOAT = re.compile(
    r"""[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+]?[0-9]+)?
      |[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?
      |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
      |[-+]?\.(?:inf|Inf|INF)
      |\.(?:nan|NaN|NAN)""",
    re.VERBOSE,
)
INT = re.compile(r"[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)")


@dataclass(frozen=True)
class Document:
    """A file that was read: its ``value``, and the 1-based line of each dotted place (``parameters.lr.min``)."""

    value: Any
    lines: dict[str, int]

    def line(self, place: str) -> int | None:
        """Return the line of a dotted place, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place)


class _Loader(yaml.SafeLoader):
    """The safe loader with our resolvers, built below."""


class _Dumper(yaml.SafeDumper):
    """The safe dumper with our resolvers, so that text that reads as a number is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _own_resolvers(kind: Any) -> None:
    ours = ("tag:yaml.org,2002:float", "tag:yaml.org,2002:int", "tag:yaml.org,2002:timestamp")
    kind.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in ours]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    kind.add_implicit_resolver("tag:yaml.org,2002:float", _whole(FLOAT), list("-+0123456789."))
    kind.add_implicit_resolver("tag:yaml.org,2002:int", _whole(INT), list("-+0123456789"))


def _whole(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"^(?:{pattern.pattern})$", re.VERBOSE)


_own_resolvers(_Loader)
_own_resolvers(_Dumper)


def load(text: str | bytes, *, file: str = "") -> Any:
    """Return the plain value that ``text`` holds. Raises ConfigError with the line of the first problem."""
    return read(text, file=file).value


def read(text: str | bytes, *, file: str = "") -> Document:
    """Return the value and the lines of its keys. Raises ConfigError with the line of the first problem."""
    try:
        return _read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        raise ConfigError([Problem(f"not YAML: {message}", line=mark.line + 1 if mark else None, file=file)]) from None
    except _Refused as error:
        raise ConfigError([Problem(str(error), line=error.line, file=file)]) from None


def dump(value: Any) -> str:
    """Return plain values as YAML: block style, short lists inline, keys in order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110,
                     default_flow_style=None)


class _Refused(Exception):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def _read(text: str | bytes) -> Document:
    size = len(text.encode(errors="replace") if isinstance(text, str) else text)
    if size > LARGEST:
        raise _Refused(f"the file has {size:,} bytes; the limit is {LARGEST:,}")
    if isinstance(text, bytes):
        text = _decode(text)
    loader = _Loader(text)
    try:
        _check_events(text)
        node = loader.get_single_node()
        lines: dict[str, int] = {}
        if node is None:
            return Document(None, lines)
        _note_lines(node, "", lines)
        return Document(loader.construct_document(node), lines)
    except (ValueError, OverflowError, ConstructorError) as error:
        if isinstance(error, ConstructorError):
            raise
        raise _Refused(str(error)) from None
    finally:
        loader.dispose()


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused("the file is not UTF-8 text", data[: error.start].count(b"\n") + 1) from None


def _line(node: Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


def _check_events(text: str) -> None:
    """Refuse aliases and depth before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(f"aliases (*{event.anchor}) are not read; write the value out", line)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > DEEPEST:
                raise _Refused(f"nested deeper than {DEEPEST} levels", line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _note_lines(node: Node, place: str, lines: dict[str, int]) -> None:
    lines.setdefault(place, _line(node))
    if isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            _note_lines(item, f"{place}.{number}" if place else str(number), lines)
    elif isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, item in node.value:
            line = _line(key)
            if not isinstance(key, ScalarNode):
                raise _Refused("a key must be one word", line)
            if key.value in seen:
                raise _Refused(f"the key {key.value!r} is there twice, first in line {seen[key.value]}", line)
            seen[key.value] = line
            below = f"{place}.{key.value}" if place else key.value
            lines[below] = line
            _note_lines(item, below, lines)


def _construct_int(loader: _Loader, node: ScalarNode) -> int:
    text = str(loader.construct_scalar(node)).replace("_", "")
    digits = text.lstrip("+-")
    base = 2 if digits.startswith("0b") else 16 if digits.startswith("0x") else 8 if digits[:1] == "0" else 10
    if base == 8 and set(digits) == {"0"}:
        return 0
    return int(digits.removeprefix("0o") if base == 8 else digits, base) * (-1 if text[0] == "-" else 1)


_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
