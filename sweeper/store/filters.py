"""MLflow's search grammar, read into a small tree: ``metrics.accuracy > 0.9 and params.kind = 'a'``.

Ours adds OR, parentheses, IN for every kind of text, IS NULL for everything, and numbers for params
(``params.lr < 0.01`` compares as numbers, ``params.lr = '0.01'`` as text). Keys with odd characters stand in
backticks or double quotes. A comparison with something a run does not have is false, also with ``!=``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sweeper.errors import UsageError, suggest

Entity = Literal["metric", "param", "tag", "attribute", "dataset"]
Value = float | str | tuple[str, ...] | tuple[float, ...] | None

ENTITIES: dict[str, Entity] = {
    "metric": "metric", "metrics": "metric",
    "param": "param", "params": "param", "parameter": "param", "parameters": "param",
    "tag": "tag", "tags": "tag",
    "attribute": "attribute", "attributes": "attribute", "attr": "attribute", "run": "attribute",
    "dataset": "dataset", "datasets": "dataset",
}  # fmt: skip
DATASETS = ("name", "digest", "context")
NUMBERS = ("start_time", "end_time", "created", "number", "duration", "attempts")
TEXTS = ("run_id", "run_name", "status", "state", "user_id", "artifact_uri", "kind", "parent_id", "experiment_id")
_ALIASES = {"run name": "run_name", "name": "run_name", "id": "run_id", "user": "user_id", "start": "start_time"}
ORDERINGS = ("=", "!=", ">", ">=", "<", "<=")
DEEPEST = 50  #: parentheses within parentheses
LONGEST = 20_000  #: characters of a filter

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<key>[A-Za-z_]\w*\s*\.\s*(?:`[^`]*`|"[^"]*"))
    | (?P<string>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<quoted>`[^`]*`)
    | (?P<operator><=|>=|!=|<>|==|=|<|>)
    | (?P<mark>[(),])
    | (?P<word>[^\s()'"`=<>!,]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a filter may name: of runs, of registered models, of their versions. ``also`` are other names of a key."""

    noun: str
    entities: Mapping[str, Entity]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    also: Mapping[str, str]


RUNS = Words("a run", ENTITIES, NUMBERS, TEXTS, _ALIASES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``entity.key operator value``; operators are those of SQL in capitals. IN and NOT IN have a tuple."""

    entity: Entity
    key: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Every:
    """True when all parts are."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """True when one part is."""

    parts: tuple[Node, ...]


Node = Comparison | Every | Either


@dataclass(frozen=True, slots=True)
class Order:
    """``entity.key [ASC|DESC]``: what to sort by. What a run does not have comes last either way."""

    entity: Entity
    key: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    place: int


def parse(text: str, words: Words = RUNS) -> Node | None:
    """Return the tree of a filter; None for an empty one. Raises UsageError that shows the place."""
    if len(text) > LONGEST:
        raise UsageError(f"the filter has {len(text)} characters, at most {LONGEST} are allowed")
    reader = _Reader(text, words)
    if reader.done():
        return None
    node = reader.either(0)
    if not reader.done():
        raise reader.wrong("AND, OR or the end")
    return node


def parse_order(items: Sequence[str], words: Words = RUNS) -> list[Order]:
    """Return what to sort by. Raises UsageError."""
    found: list[Order] = []
    for item in items:
        reader = _Reader(item, words)
        entity, key = reader.identifier()
        if entity == "dataset":
            raise UsageError(f"order {item!r}: a run has many datasets, so they give no order")
        direction = "ASC" if reader.done() else reader.take().text.upper()
        if direction not in ("ASC", "DESC") or not reader.done():
            raise UsageError(f"order {item!r}: write a name and ASC or DESC, like 'metrics.accuracy DESC'")
        if any((entity, key) == (known.entity, known.key) for known in found):
            raise UsageError(f"order {item!r}: {key!r} is named twice")
        found.append(Order(entity, key, direction == "DESC"))
    return found


class _Reader:
    """Reads tokens from left to right (recursive descent)."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._words = words
        self._tokens = _tokens(text)
        self._at = 0

    def done(self) -> bool:
        return self._at >= len(self._tokens)

    def take(self) -> Token:
        if self.done():
            raise self.wrong("more")
        self._at += 1
        return self._tokens[self._at - 1]

    def wrong(self, wanted: str) -> UsageError:
        if self.done():
            return UsageError(f"filter {self._text!r}: ends too early, {wanted} is expected")
        token = self._tokens[self._at]
        return UsageError(
            f"filter {self._text!r}: {wanted} is expected at position {token.place + 1}, not {token.text!r}"
        )

    def either(self, depth: int) -> Node:
        parts = [self._every(depth)]
        while self._accept("OR"):
            parts.append(self._every(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self, depth: int) -> Node:
        parts = [self._factor(depth)]
        while self._accept("AND"):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _factor(self, depth: int) -> Node:
        if not self._accept("("):
            return self._comparison()
        if depth >= DEEPEST:
            raise UsageError(f"the filter has more than {DEEPEST} parentheses within one another")
        node = self.either(depth + 1)
        if not self._accept(")"):
            raise self.wrong("')'")
        return node

    def identifier(self) -> tuple[Entity, str]:
        token = self.take()
        if token.kind == "key":
            entity, _, key = token.text.partition(".")
            return self._known(entity.strip(), key.strip()[1:-1])
        if token.kind == "quoted" or (token.kind == "string" and token.text[0] == '"'):
            return self._known("attribute", token.text[1:-1])
        if token.kind == "word":
            entity, dot, key = token.text.partition(".")
            return self._known(entity, key) if dot else self._known("attribute", entity)
        self._at -= 1
        raise self.wrong("a name like metrics.accuracy")

    def _known(self, word: str, key: str) -> tuple[Entity, str]:
        words = self._words
        entity = words.entities.get(word.lower())
        if entity is None:
            places = dict.fromkeys(f"{known}s.NAME" for known in words.entities.values())
            raise UsageError(
                f"filter {self._text!r}: {word!r} is nothing {words.noun} has; write {' or '.join(places)}"
            )
        if not key:
            raise UsageError(f"filter {self._text!r}: a name is missing after {word!r}")
        if entity == "attribute":
            key = words.also.get(key.lower(), key.lower())
            known = words.numbers + words.texts
            if key not in known:
                raise UsageError(f"filter {self._text!r}: no attribute {key!r}; {suggest(key, known, 20)}")
        if entity == "dataset" and key not in DATASETS:
            raise UsageError(f"filter {self._text!r}: a dataset has no {key!r}; {suggest(key, DATASETS)}")
        return entity, key

    def _comparison(self) -> Comparison:
        entity, key = self.identifier()
        operator = self._operator()
        if operator in ("IS NULL", "IS NOT NULL"):
            return Comparison(entity, key, operator, None)
        numbers = entity == "metric" or (entity == "attribute" and key in self._words.numbers)
        value: Value = self._list(numbers) if operator in ("IN", "NOT IN") else self._value(entity, key, numbers)
        if operator in ("LIKE", "ILIKE") and (numbers or not isinstance(value, str)):
            raise UsageError(f"filter {self._text!r}: {operator} compares text, and {key!r} is compared as a number")
        if isinstance(value, str) and operator in ORDERINGS[2:]:
            raise UsageError(
                f"filter {self._text!r}: {operator} compares numbers; {key!r} as text knows "
                "= != LIKE ILIKE IN, NOT IN, IS NULL and IS NOT NULL"
            )
        return Comparison(entity, key, operator, value)

    def _operator(self) -> str:
        if self._accept("IS"):
            negated = self._accept("NOT")
            if not self._accept("NULL"):
                raise self.wrong("NULL")
            return "IS NOT NULL" if negated else "IS NULL"
        if self._accept("NOT"):
            if not self._accept("IN"):
                raise self.wrong("IN")
            return "NOT IN"
        for word in ("LIKE", "ILIKE", "IN"):
            if self._accept(word):
                return word
        if not self.done() and self._tokens[self._at].kind == "operator":
            return {"<>": "!=", "==": "="}.get(text := self.take().text, text)
        raise self.wrong("one of = != > >= < <= LIKE ILIKE IN NOT IN IS NULL")

    def _value(self, entity: Entity, key: str, numbers: bool) -> float | str:
        token = self.take()
        if token.kind == "string" and not numbers:
            return _unquote(token.text)
        number = _number(token)
        if number is not None and (numbers or entity == "param"):
            return number
        self._at -= 1
        raise self.wrong(f"a number for {key!r}" if numbers else f"text in quotes for {key!r}")

    def _list(self, numbers: bool) -> tuple[str, ...] | tuple[float, ...]:
        if not self._accept("("):
            raise self.wrong("a list like ('a', 'b')")
        found: list[Token] = []
        while True:
            token = self.take()
            if token.kind != "string" if not numbers else _number(token) is None:
                self._at -= 1
                raise self.wrong("a number" if numbers else "text in quotes")
            found.append(token)
            if self._accept(")"):
                break
            if not self._accept(","):
                raise self.wrong("',' or ')'")
        if numbers:
            return tuple(number for token in found if (number := _number(token)) is not None)
        return tuple(_unquote(token.text) for token in found)

    def _accept(self, word: str) -> bool:
        if not self.done():
            token = self._tokens[self._at]
            if token.kind in ("word", "mark") and token.text.upper() == word:
                self._at += 1
                return True
        return False


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise UsageError(f"filter {text!r}: position {place + 1} cannot be read (a quote that is not closed?)")
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind)))
        place = match.end()
    return found


def _unquote(text: str) -> str:
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)


def _number(token: Token) -> float | None:
    if token.kind != "word" or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", token.text):
        return None
    return float(token.text)
