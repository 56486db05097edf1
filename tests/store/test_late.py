"""A query that takes too long is broken off, and its store goes on: on every database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.errors import UsageError
from sweeper.store import open_database
from sweeper.store.store import SqlStore

from .servers import MariaDB, PostgreSQL

LONG = {
    "sqlite": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1e9) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(20)",
    "mysql": f"SELECT count(*) FROM {', '.join(f'information_schema.collations c{n}' for n in range(5))}",
}


@pytest.fixture(params=[None, PostgreSQL, MariaDB], ids=["SQLite", "PostgreSQL", "MariaDB"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    if request.param and (why := request.param.missing()) and not os.environ.get("CI"):
        pytest.skip(why)
    server = request.param() if request.param else None
    made = open_database(server.url if server else tmp_path / "runs.db", artifacts=str(tmp_path / "files"))
    yield made
    made.close()
    if server:
        server.close()


def test_a_long_query_is_broken_off(store: SqlStore) -> None:
    # given a store whose readers have a fifth of a second
    assert store.read(lambda session: session.text("SELECT 1"))
    store.limit_reads(0.2)
    # when one of them takes longer
    with pytest.raises(UsageError, match=r"longer than 0\.2 s"):
        store.read(lambda session: session.text(LONG[session.dialect.name]))
    # then the next one is answered, and what is written is, too
    assert store.read(lambda session: session.text("SELECT 1"))
    assert store.experiment("new")
