"""Statements of any size, and reading back the frozen file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.store.dialects import SQLITE
from sweeper.store.sql import Session, Statement, read_frozen, write_frozen

STATEMENTS = {
    "put": Statement("INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT DO NOTHING", ("a", "b")),
    "among": Statement("SELECT a, b FROM t WHERE b > ? AND a IN (?) ORDER BY a", ("b", "a_in")),
    "all": Statement("SELECT a FROM t ORDER BY a", ()),
}


@pytest.fixture
def session() -> Iterator[Session]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    yield Session(connection, STATEMENTS, SQLITE)
    connection.close()


@pytest.mark.parametrize("count", [0, 1, 2, 7, 9, 63, 64, 65, 200, 1023])
def test_any_number_of_rows_and_values(session: Session, count: int) -> None:
    flat: list[object] = [value for n in range(count) for value in (n, str(n % 10))]
    session.insert("put", flat)
    session.insert("put", flat)
    assert [row[0] for row in session.rows("all")] == [*range(count)]
    wanted = [*range(0, count + 50, 2)]
    assert session.rows_in("among", wanted, "5") == [(n, str(n % 10)) for n in wanted if n < count and n % 10 > 5]


def test_a_frozen_file_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "some.sql"
    file.write_text(write_frozen(["CREATE TABLE t (\n\ta INTEGER\n)"], STATEMENTS))
    schema, statements = read_frozen(file)
    assert schema == ["CREATE TABLE t (\n\ta INTEGER\n)"]
    assert {name: (made.text, made.parameters) for name, made in statements.items()} == {
        name: (made.text, made.parameters) for name, made in STATEMENTS.items()
    }
