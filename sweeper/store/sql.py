"""Statements as text, and a thin session that runs them on any DB-API connection.

Lists and rows are sent many at a time: one step of the driver is one hand-over of the interpreter lock, and a
busy controller would win each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sweeper.store.dialects import Dialect

_ROW = re.compile(r"VALUES (\(.*?\))(?= ON |$)")
_LIST = re.compile(r"IN \(([^()]+)\)")
_SIZES = (64, 32, 16, 12, 8, 7, 6, 5, 4, 3, 2, 1)  #: rows in one INSERT: few different texts, so they stay prepared
_LONGEST = 512  #: values in one IN list
_CHUNK = 2000  #: rows fetched at a time


class Statement:
    """SQL text with positional parameters. Names ending in ``_in`` stand for lists."""

    __slots__ = ("_sized", "columns", "parameters", "text")

    def __init__(self, text: str, parameters: tuple[str, ...]) -> None:
        self.text, self.parameters = text, parameters
        self.columns = len(parameters)
        self._sized: dict[int, str] = {}

    def rows(self, count: int) -> str:
        """Return the text of an INSERT for ``count`` rows."""
        if count not in self._sized:
            found = _ROW.search(self.text)
            assert found is not None, self.text
            many = ", ".join([found[1]] * count)
            self._sized[count] = self.text[: found.start(1)] + many + self.text[found.end(1) :]
        return self._sized[count]

    def listing(self, count: int) -> str:
        """Return the text with ``count`` values in its IN list."""
        if count not in self._sized:
            found = _LIST.search(self.text)
            assert found is not None, self.text
            many = ", ".join([found[1]] * count)
            self._sized[count] = self.text[: found.start(1)] + many + self.text[found.end(1) :]
        return self._sized[count]


class Session:
    """Runs statements by name on one connection. Used by one thread at a time."""

    def __init__(self, connection: Any, statements: Mapping[str, Statement], dialect: Dialect) -> None:
        self.connection = connection
        self.began = 0.0  #: when it was last lent out, on the monotonic clock
        self.dialect = dialect
        self.statements = statements
        self._cursor = connection.cursor()

    def rows(self, name: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        self._cursor.execute(self.statements[name].text, values)
        found: list[Any] = self._cursor.fetchall()
        return found

    def chunks(self, name: str, *values: Any) -> Iterator[list[Any]]:
        """Yield the rows of a query some thousands at a time; nothing else may run on the session meanwhile."""
        self._cursor.execute(self.statements[name].text, values)
        while found := self._cursor.fetchmany(_CHUNK):
            yield found

    def rows_in(self, name: str, listed: Sequence[Any], *before: Any) -> list[Any]:
        """Return the rows of a query whose last parameter is a list of any length."""
        found: list[Any] = []
        for start in range(0, len(listed), _LONGEST):
            part = listed[start : start + _LONGEST]
            size = 1 << (len(part) - 1).bit_length()
            padded = (*before, *part, *[part[-1]] * (size - len(part)))
            self._cursor.execute(self.statements[name].listing(size), padded)
            found += self._cursor.fetchall()
        return found

    def text(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run SQL that has no name and return its rows."""
        self._cursor.execute(text, values)
        found: list[Any] = self._cursor.fetchall() if self._cursor.description else []
        return found

    def run(self, name: str, *values: Any) -> int:
        """Run one change and return how many rows it met."""
        self._cursor.execute(self.statements[name].text, values)
        count: int = self._cursor.rowcount
        return count

    def run_many(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one change for each row of parameters."""
        if rows:
            self._cursor.executemany(self.statements[name].text, rows)

    def insert(self, name: str, flat: list[Any]) -> None:
        """Insert rows given one after the other in a flat list."""
        if not flat:
            return
        statement = self.statements[name]
        width = statement.columns
        start, left = 0, len(flat) // width
        for size in _SIZES:
            while left >= size:
                self._cursor.execute(statement.rows(size), flat[start : start + size * width])
                start, left = start + size * width, left - size

    def close(self) -> None:
        self._cursor.close()
        self.connection.close()


def write_frozen(schema: Sequence[str], statements: Mapping[str, Statement]) -> str:
    """Return the text of a file that :func:`read_frozen` understands."""
    parts = [f"-- schema\n{text}\n" for text in schema]
    parts += [
        f"-- {name}: {', '.join(statement.parameters)}\n{statement.text}\n"
        for name, statement in statements.items()
    ]
    return "".join(parts)


def read_frozen(path: Path) -> tuple[list[str], dict[str, Statement]]:
    """Return the schema and the statements of a frozen file."""
    schema: list[str] = []
    statements: dict[str, Statement] = {}
    for part in path.read_text("utf-8").split("-- ")[1:]:
        title, _, text = part.partition("\n")
        name, _, parameters = title.partition(":")
        if name == "schema":
            schema.append(text.strip())
        else:
            statements[name] = Statement(text.strip(), tuple(parameters.replace(",", " ").split()))
    return schema, statements
