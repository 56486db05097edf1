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
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from sweeper.errors import ConfigError, Problem

LARGEST = 1_000_000  #: bytes of a file
DEEPEST = 50  #: levels of nesting

WIDTH, INDENT = 110, 16  #: characters of a line that is written; what names and indentation may take of it

FLOAT = re.compile(
    r"""^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
        |[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?
        |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
        |[-+]?\.(?:inf|Inf|INF)
        |\.(?:nan|NaN|NAN))$""",
    re.VERBOSE,
)
INT = re.compile(r"^[-+]?(?:0b[01][01_]*|0x[0-9a-fA-F][0-9a-fA-F_]*|0o?[0-7][0-7_]*|0|[1-9][0-9_]*)$")
ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")  #: characters that survive only as escapes
TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "seq", "map", "merge"))


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


def load(text: str | bytes, *, file: str = "") -> Any:
    """Return the plain value that ``text`` holds. Raises ConfigError with the line of the first problem."""
    return read(text, file=file).value


def read(text: str | bytes, *, file: str = "") -> Document:
    """Return the value and the lines of its keys. Raises ConfigError with the line of the first problem."""
    try:
        return _read(text)
    except _Refused as error:
        problem = Problem(str(error), line=error.line, file=file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        problem = Problem(f"not YAML: {message}", line=mark.line + 1 if mark else None, file=file)
    except (ValueError, OverflowError) as error:
        problem = Problem(f"not YAML: {error}", file=file)
    raise ConfigError([problem])


def dump(value: Any) -> str:
    """Return plain values as YAML, keys in order: short lists and mappings on one line, all else in blocks."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


class _Refused(yaml.YAMLError):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]  # either is one
    """The safe loader with our resolvers, added below. libyaml reads a large file 10 times as fast."""


class _Dumper(yaml.SafeDumper):
    """The safe dumper with our resolvers, so that text that reads as a number is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent(self, data: Any) -> None:
        """Write a document; its outermost level is always a block."""
        node = self.represent_data(data)
        if isinstance(node, CollectionNode) and node.value:
            node.flow_style = False
        self.serialize(node)

    def represent_data(self, data: Any) -> Node:
        """Put what fits on one line there, except mappings that hold nothing but mappings."""
        node = super().represent_data(data)
        if isinstance(node, CollectionNode):
            node.flow_style = not _holds_blocks(node) and _width(node) <= WIDTH - INDENT
        return node


def _represent_text(dumper: _Dumper, text: str) -> ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if ODD_BREAKS.search(text) else None)


def _holds_blocks(node: CollectionNode) -> bool:
    items = [item for pair in node.value for item in pair] if isinstance(node, MappingNode) else node.value
    if any(isinstance(item, CollectionNode) and not item.flow_style for item in items):
        return True
    return isinstance(node, MappingNode) and bool(node.value) and all(
        isinstance(value, MappingNode) for _, value in node.value
    )


def _width(node: Node) -> int:
    """About how many characters the node takes on one line."""
    if isinstance(node, MappingNode):
        return 2 + sum(_width(key) + _width(value) + 4 for key, value in node.value)
    if isinstance(node, SequenceNode):
        return 2 + sum(_width(item) + 2 for item in node.value)
    return len(str(node.value)) + 2


def _add_resolvers(kind: Any, *, replace: bool) -> None:
    """Resolve numbers our way. The dumper keeps the others too: what another reader takes for a date gets quotes."""
    theirs = yaml.SafeLoader.yaml_implicit_resolvers
    changed = [f"tag:yaml.org,2002:{kind}" for kind in ("float", "int", "timestamp")] if replace else []
    kind.yaml_implicit_resolvers = {}
    for name, pattern, first in (("float", FLOAT, "-+0123456789."), ("int", INT, "-+0123456789")):
        kind.add_implicit_resolver(f"tag:yaml.org,2002:{name}", pattern, list(first))
    for letter, resolvers in theirs.items():
        kept = [(tag, pattern) for tag, pattern in resolvers if tag not in changed]
        kind.yaml_implicit_resolvers.setdefault(letter, []).extend(kept)


def _construct_int(loader: _Loader, node: ScalarNode) -> int:
    text = str(loader.construct_scalar(node)).replace("_", "")
    digits = text.lstrip("+-")
    base = {"0b": 2, "0x": 16}.get(digits[:2], 8 if digits.startswith("0") and digits != "0" else 10)
    return int(digits.removeprefix("0o"), base) * (-1 if text.startswith("-") else 1)


_add_resolvers(_Loader, replace=True)
_add_resolvers(_Dumper, replace=False)
_Dumper.add_representer(str, _represent_text)
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)


def _read(text: str | bytes) -> Document:
    size = len(text.encode(errors="replace") if isinstance(text, str) else text)
    if size > LARGEST:
        raise _Refused(f"the file has {size:,} bytes; the limit is {LARGEST:,}")
    loader = _Loader(_decode(text) if isinstance(text, bytes) else text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(None, {})
        walk = _Walk()
        walk.visit(node, "", 1)
        return Document(loader.construct_document(node), walk.lines)
    except RecursionError:
        raise _Refused(f"nested deeper than {DEEPEST} levels") from None
    finally:
        loader.dispose()


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused("the file is not UTF-8 text", data[: error.start].count(b"\n") + 1) from None


class _Walk:
    """Goes over the nodes before anything is built from them: notes their lines, refuses what is not plain."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.met: set[int] = set()

    def visit(self, node: Node, place: str, depth: int) -> None:
        self.lines.setdefault(place, _line(node))
        if id(node) in self.met:
            raise _Refused("this is used again by an alias (*); aliases are not read, write it out", _line(node))
        self.met.add(id(node))
        if node.tag not in TAGS:
            raise _Refused(f"the tag {node.tag} is not read; only plain values are", _line(node))
        if isinstance(node, CollectionNode) and depth > DEEPEST:
            raise _Refused(f"nested deeper than {DEEPEST} levels", _line(node))
        if isinstance(node, SequenceNode):
            for number, item in enumerate(node.value):
                self.visit(item, f"{place}.{number}" if place else str(number), depth + 1)
        elif isinstance(node, MappingNode):
            self._mapping(node, place, depth)

    def _mapping(self, node: MappingNode, place: str, depth: int) -> None:
        seen: dict[str, int] = {}
        for key, item in node.value:
            line = _line(key)
            if not isinstance(key, ScalarNode):
                raise _Refused("a key must be one word", line)
            if key.value in seen:
                raise _Refused(f"the key {key.value!r} is there twice, first in line {seen[key.value]}", line)
            seen[key.value] = line
            below = f"{place}.{key.value}" if place else key.value
            self.lines[below] = line
            self.visit(item, below, depth + 1)


def _line(node: Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1
